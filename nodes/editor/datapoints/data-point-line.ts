import { DATA_POINT_ACCESS, DATA_POINT_TYPES } from "../../../src/datapoints/datapoint";
import { readingOf } from "../../../src/datapoints/reading";
import {
  exampleOf,
  fieldsOf,
  flagsOf,
  parseRow,
  summaryOf,
  toRow,
  withType,
  type DataPointRow,
  type FieldProblem,
  type Flag,
  type TextField,
} from "./data-point";
import { divisorFor } from "./divisor-offer";
import type { Translate } from "../base/red";

/** The raw value in the example under a scale, if the device has reported none. */
const EXAMPLE_RAW = 2301;

/** How long a row is highlighted, in milliseconds. */
const LIT_MS = 1_000;

/** A value as a device reports it. */
export type ReportedValue = Parameters<typeof readingOf>[1];

/** One line of the table: the usual fields, and all others behind a button. */
export class DataPointLine {
  /** What is typed is written into it at once. Whoever changes it calls `refresh`. */
  readonly row: DataPointRow;
  readonly #container: JQuery;
  readonly #translate: Translate;
  readonly #dp: JQuery;
  readonly #details: JQuery;
  readonly #more = $('<div class="tuya-dp-more">').hide();
  /** The last reported value; undefined = none. */
  #value: ReportedValue | undefined;
  /** Ends the highlighting. */
  #fading: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param container the empty element of the line, in an item of an editableList
   * @param changed called after each change that the user makes
   */
  constructor(container: JQuery, row: DataPointRow, translate: Translate, changed: () => void) {
    this.row = row;
    this.#container = container.addClass("tuya-dp");
    this.#translate = translate;
    const line = $('<div class="tuya-dp-line">').appendTo(container);
    this.#dp = this.#textField("dp").attr("inputmode", "numeric").appendTo(line);
    this.#textField("code").appendTo(line);
    const type = this.#typeField().appendTo(line);
    this.#details = $('<button type="button" class="tuya-dp-details" aria-expanded="false">')
      .append("<span>", '<i class="fa fa-angle-down" aria-hidden="true">')
      .appendTo(line);
    $('<span class="tuya-dp-event">')
      .attr("title", translate("tuya-device.datapoint.tip.event"))
      .append(this.#flagBox("event"))
      .appendTo(line);
    this.#more.appendTo(container);

    type.on("change", () => {
      Object.assign(row, withType(row, String(type.val() ?? "")));
      this.#build();
      const hasOwnFields = fieldsOf(row.type).length > 0;
      if (row.type !== "" && hasOwnFields && summaryOf({ ...row, label: "" }) === "") this.#unfold(true);
    });
    container.on("input change", () => {
      this.#summarise();
      changed();
    });
    this.#details.on("click", () => this.#unfold(this.#details.attr("aria-expanded") !== "true"));
    this.#build();
  }

  /** Moves the focus to the field for the number. */
  focus(): void {
    this.#dp.trigger("focus");
  }

  /** Shows the row again, after it was changed by something else than typing. */
  refresh(): void {
    for (const field of ["dp", "code", "type"] as const) {
      this.#container.find(`.tuya-dp-line [data-field="${field}"]`).val(this.row[field]);
    }
    this.#container.find('[data-field="event"]').prop("checked", this.row.event);
    this.#build();
  }

  /** Shows the reported value, raw and converted, in place of the details; undefined shows the details. */
  showValue(value: ReportedValue | undefined): void {
    this.#value = value;
    this.#summarise();
  }

  /** Highlights the row for a moment: its value has changed, or a template has filled it. */
  light(): void {
    const item = this.#container.parent().addClass("tuya-dp-lit");
    clearTimeout(this.#fading);
    this.#fading = setTimeout(() => item.removeClass("tuya-dp-lit"), LIT_MS);
  }

  /** Marks the row as one that was not typed; the mark stays. */
  markNew(): void {
    this.#container.addClass("tuya-dp-new").attr("title", this.#translate("tuya-device.datapoint.new"));
  }

  scrollIntoView(): void {
    this.#container.parent().get(0)?.scrollIntoView({ block: "nearest" });
  }

  /** Marks these fields as wrong and says why; unmarks the others. */
  showProblems(problems: readonly FieldProblem[]): void {
    this.#container.find("[data-field].input-error").removeClass("input-error").removeAttr("title");
    for (const { field, problem } of problems) {
      this.#container
        .find(`[data-field="${field}"]`)
        .addClass("input-error")
        .attr("title", this.#translate(`tuya-device.problem.${problem}`));
    }
  }

  /** Shows or hides the fields behind the button. */
  #unfold(open: boolean): void {
    this.#more.toggle(open);
    this.#details.attr("aria-expanded", String(open));
  }

  /** Builds the fields behind the button, which depend on the type. */
  #build(): void {
    const { type } = this.row;
    const block = (name: string): JQuery => $("<div>").addClass(`tuya-dp-${name}`).appendTo(this.#more);
    this.#more.empty();
    block("names").append(this.#captioned("label", this.#textField("label")), this.#accessField());
    const fields = fieldsOf(type);
    const limits = fields.length > 0 ? block("limits") : undefined;
    for (const field of fields) {
      const caption = field === "values" && type === "Bitmap" ? "bits" : field;
      limits?.append(this.#captioned(caption, this.#textField(field)).addClass(`tuya-dp-caption-${field}`));
    }
    if (fields.includes("scale")) this.#buildExample(block("example"));
    const flags = flagsOf(type).length > 0 ? block("flags") : undefined;
    for (const flag of flagsOf(type)) flags?.append(this.#captionedFlag(flag));
    this.#summarise();
  }

  /** Shows the details in one line, or the reported value. */
  #summarise(): void {
    const summary = summaryOf(this.row);
    const cell = this.#details.find("span").empty().removeClass();
    const value = this.#value;
    const example = typeof value === "number" ? value : EXAMPLE_RAW;
    this.#more.find(".tuya-dp-example > span").text(
      this.#translate("tuya-device.datapoint.example", {
        raw: example,
        value: exampleOf(this.row, example),
      }),
    );
    this.#more.find(".tuya-dp-truth").toggle(typeof value === "number");
    const hints = [this.row.label.trim(), summary, this.#accessName(this.row.access)];
    if (value === undefined) {
      const isUnset = summary === "" && fieldsOf(this.row.type).length > 0;
      cell
        .toggleClass("tuya-dp-unset", isUnset)
        .text(isUnset ? this.#translate("tuya-device.datapoint.set") : summary);
    } else {
      const { raw, shown, isConverted, colour, fits } = readingOf(parseRow(this.row), value);
      const text = isConverted
        ? this.#translate("tuya-device.datapoint.example", { raw, value: shown })
        : shown;
      cell.addClass("tuya-dp-value").toggleClass("tuya-dp-odd", !fits);
      if (colour !== undefined)
        $('<b class="tuya-dp-colour">').css("background-color", colour).appendTo(cell);
      cell.append(document.createTextNode(colour === undefined ? text : shown));
      hints.unshift(text, fits ? "" : this.#translate("tuya-device.datapoint.odd"));
    }
    const title = [...new Set(hints)].filter((hint) => hint !== "").join("\n");
    this.#details.attr({ title, "aria-label": this.#translate("tuya-device.datapoint.details") });
  }

  /** Shows the converted example, and for a reported value a field for the true value. */
  #buildExample(block: JQuery): void {
    const word = this.#translate("tuya-device.datapoint.said");
    const use = $('<button type="button" class="red-ui-button red-ui-button-small">').hide();
    const said = $('<input type="text" inputmode="decimal" spellcheck="false" autocomplete="off">')
      .attr("aria-label", word)
      // What is typed here is not a property of the device.
      .on("input change", (event) => {
        event.stopPropagation();
        this.#offerDivisor(String(said.val() ?? ""), use);
      })
      // Otherwise Enter would press Done.
      .on("keydown", (event) => event.key !== "Enter");
    const question = $('<label class="tuya-dp-truth">').append($("<span>").text(word), said);
    block.append($("<span>"), question, use);
  }

  /** Offers the divisor that makes the reported value the one the user said; hides the button if there is none. */
  #offerDivisor(said: string, use: JQuery): void {
    const offer = typeof this.#value === "number" ? divisorFor(this.#value, said) : undefined;
    use.toggle(offer !== undefined).off("click");
    if (!offer) return;
    const change = { scale: "", divisor: "", ...offer };
    const shown = summaryOf({ ...toRow({ dp: "1" }), ...change });
    use.text(this.#translate("tuya-device.datapoint.divide", { divisor: shown })).on("click", () => {
      Object.assign(this.row, change);
      for (const field of ["scale", "divisor"] as const) {
        this.#more.find(`[data-field="${field}"]`).val(this.row[field]).trigger("change");
      }
      use.hide();
    });
  }

  #textField(field: TextField): JQuery {
    return $('<input type="text" spellcheck="false" autocomplete="off">')
      .addClass(`tuya-dp-${field}`)
      .attr("aria-label", this.#translate(`tuya-device.datapoint.${field}`))
      .attr("placeholder", this.#translate(`tuya-device.datapoint.placeholder.${field}`))
      .attr("data-field", field)
      .val(this.row[field])
      .on("input change", (event) => {
        this.row[field] = String($(event.currentTarget).val() ?? "");
      });
  }

  #typeField(): JQuery {
    const { row } = this;
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

  #accessField(): JQuery {
    const { access } = this.row;
    const select = $('<select class="tuya-dp-access" data-field="access">');
    const words: readonly string[] = ["", ...DATA_POINT_ACCESS];
    for (const word of words.includes(access) ? words : [...words, access]) {
      $("<option>")
        .attr("value", word)
        .text(this.#accessName(word) || this.#translate("tuya-device.datapoint.access.unset"))
        .appendTo(select);
    }
    select.val(access).on("change", () => {
      this.row.access = String(select.val() ?? "");
    });
    return this.#captioned("accessLabel", select);
  }

  /** The text of an access; an unknown word as it is, "" for none. */
  #accessName(access: string): string {
    const word = DATA_POINT_ACCESS.find((known) => known === access);
    return word === undefined ? access : this.#translate(`tuya-device.datapoint.access.${word}`);
  }

  #flagBox(flag: Flag): JQuery {
    const box = $('<input type="checkbox">')
      .attr({ "data-field": flag, "aria-label": this.#translate(`tuya-device.datapoint.${flag}`) })
      .prop("checked", this.row[flag])
      .on("change", () => {
        this.row[flag] = box.prop("checked") === true;
      });
    return box;
  }

  #captionedFlag(flag: Flag): JQuery {
    return $("<label>").append(
      this.#flagBox(flag),
      document.createTextNode(this.#translate(`tuya-device.datapoint.${flag}`)),
    );
  }

  #captioned(caption: string, field: JQuery): JQuery {
    return $("<label>").append($("<span>").text(this.#translate(`tuya-device.datapoint.${caption}`)), field);
  }
}
