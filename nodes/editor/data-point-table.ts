import { DATA_POINT_TYPES } from "../../src/datapoints/datapoint";
import {
  exampleOf,
  fieldsOf,
  fromRow,
  problemsOf,
  summaryOf,
  toRow,
  type DataPoint,
  type DataPointRow,
  type TextField,
} from "./data-point";
import type { Translate } from "./red";
import "./data-point-table.css";

/** The reading the example under a scale starts from. */
const EXAMPLE_RAW = 2301;

/**
 * The table of data points: an editableList with one line a data point; limits, unit and values unfold below it.
 * Thirty of them fit a narrow tray.
 */
export class DataPointTable {
  readonly #list: JQuery;
  readonly #translate: Translate;

  constructor(list: JQuery, rows: readonly DataPointRow[], translate: Translate) {
    this.#list = list;
    this.#translate = translate;
    list.css("min-height", "120px").editableList<Partial<DataPointRow>>({
      header: this.#header(),
      addButton: translate("tuya-device.datapoint.add"),
      sortable: true,
      removable: true,
      // The button adds an empty object.
      addItem: (container, _index, row) => this.#addRow(container, row.dp === undefined ? undefined : row),
      removeItem: () => this.#check(),
    });
    list.editableList("addItems", [...rows]);
    this.#check();
  }

  /** What is to be saved: a `datapoints` property, in the order of the rows. */
  value(): DataPoint[] {
    return this.rows()
      .map(fromRow)
      .filter((point) => point !== undefined);
  }

  /** Appends rows. */
  add(rows: readonly DataPointRow[]): void {
    this.#list.editableList("addItems", [...rows]);
    this.#check();
  }

  /** Makes the table this high, in pixels, its button included. */
  setHeight(height: number): void {
    this.#list.editableList("height", height);
  }

  /** What stands in the table, finished or not. */
  rows(): DataPointRow[] {
    return this.#items().map((item) => item.data("row") as DataPointRow);
  }

  #items(): JQuery[] {
    return (this.#list.editableList("items") as unknown as JQuery<JQuery>).toArray();
  }

  #header(): JQuery {
    const header = $('<div class="tuya-dp-line">');
    for (const column of ["dp", "code", "type", "details", "event"] as const) {
      const cell = $("<span>")
        .addClass(`tuya-dp-${column}`)
        .attr("title", this.#translate(`tuya-device.datapoint.tip.${column}`))
        .appendTo(header);
      if (column === "event") cell.append('<i class="fa fa-bolt">');
      else cell.text(this.#translate(`tuya-device.datapoint.${column}`));
    }
    return header;
  }

  #addRow(container: JQuery, saved: Partial<DataPointRow> | undefined): void {
    const row: DataPointRow = { ...toRow({}), ...saved };
    container.addClass("tuya-dp").data("row", row);

    const line = $('<div class="tuya-dp-line">').appendTo(container);
    const more = $('<div class="tuya-dp-more">').hide();
    const dp = this.#textField(row, "dp").attr("inputmode", "numeric").appendTo(line);
    this.#textField(row, "code").appendTo(line);
    const type = this.#typeField(row).appendTo(line);
    const details = $('<button type="button" class="tuya-dp-details" aria-expanded="false">')
      .append("<span>", '<i class="fa fa-angle-down">')
      .appendTo(line);
    this.#eventField(row).appendTo(line);
    more.appendTo(container);

    const unfold = (open: boolean): void => {
      const hasFields = fieldsOf(row.type).length > 0;
      more.toggle(open && hasFields);
      details.attr("aria-expanded", String(open && hasFields));
    };
    const summarise = (): void => {
      const fields = fieldsOf(row.type);
      const summary = summaryOf(row);
      details.prop("disabled", fields.length === 0).toggleClass("tuya-dp-unset", summary === "");
      details.attr("title", summary);
      details
        .find("span")
        .text(summary || (fields.length === 0 ? "" : this.#translate("tuya-device.datapoint.set")));
      more.find(".tuya-dp-example").text(
        this.#translate("tuya-device.datapoint.example", {
          raw: EXAMPLE_RAW,
          value: exampleOf(row, EXAMPLE_RAW),
        }),
      );
    };
    const build = (): void => {
      more.empty();
      for (const field of fieldsOf(row.type)) this.#captioned(row, field).appendTo(more);
      if (fieldsOf(row.type).includes("scale")) $('<span class="tuya-dp-example">').appendTo(more);
      summarise();
      this.#check();
    };

    container.on("input change", () => {
      summarise();
      this.#check();
    });
    type.on("change", () => {
      row.type = String(type.val() ?? "");
      build();
      unfold(["Integer", "Enum", "Bitmap"].includes(row.type) && summaryOf(row) === "");
    });
    details.on("click", () => unfold(details.attr("aria-expanded") !== "true"));
    build();
    if (!saved) setTimeout(() => dp.trigger("focus"), 0);
  }

  #textField(row: DataPointRow, field: TextField): JQuery {
    return $('<input type="text" spellcheck="false" autocomplete="off">')
      .addClass(`tuya-dp-${field}`)
      .attr("aria-label", this.#translate(`tuya-device.datapoint.${field}`))
      .attr("placeholder", this.#translate(`tuya-device.datapoint.placeholder.${field}`))
      .attr("data-field", field)
      .val(row[field])
      .on("input change", (event) => {
        row[field] = String($(event.currentTarget).val() ?? "");
      });
  }

  #typeField(row: DataPointRow): JQuery {
    const select = $('<select class="tuya-dp-type" data-field="type">').attr(
      "aria-label",
      this.#translate("tuya-device.datapoint.type"),
    );
    $('<option value="">').text(this.#translate("tuya-device.datapoint.anyType")).appendTo(select);
    const isKnown = row.type === "" || (DATA_POINT_TYPES as readonly string[]).includes(row.type);
    for (const type of [...DATA_POINT_TYPES, ...(isKnown ? [] : [row.type])]) {
      $("<option>").attr("value", type).text(type).appendTo(select);
    }
    return select.val(row.type);
  }

  #eventField(row: DataPointRow): JQuery {
    const box = $('<input type="checkbox" data-field="event">')
      .prop("checked", row.event)
      .attr("aria-label", this.#translate("tuya-device.datapoint.event"))
      .on("change", () => {
        row.event = box.prop("checked") === true;
      });
    return $('<span class="tuya-dp-event">')
      .attr("title", this.#translate("tuya-device.datapoint.tip.event"))
      .append(box);
  }

  #captioned(row: DataPointRow, field: TextField): JQuery {
    const caption = field === "values" && row.type === "Bitmap" ? "bits" : field;
    return $("<label>")
      .addClass(`tuya-dp-caption-${field}`)
      .append($("<span>").text(this.#translate(`tuya-device.datapoint.${caption}`)))
      .append(this.#textField(row, field));
  }

  /** Marks the fields that cannot be right and says why. */
  #check(): void {
    const items = this.#items().filter((item) => item.data("row") !== undefined);
    const problems = problemsOf(items.map((item) => item.data("row") as DataPointRow));
    items.forEach((item, index) => {
      item.find("[data-field]").removeClass("input-error").removeAttr("title");
      for (const { field, problem } of problems[index] ?? []) {
        item
          .find(`[data-field="${field}"]`)
          .addClass("input-error")
          .attr("title", this.#translate(`tuya-device.problem.${problem}`));
      }
    });
  }
}
