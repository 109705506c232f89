import { fromRow, problemsOf, toRow, type DataPointRow } from "./data-point";
import { DataPointLine, type ReportedValue } from "./data-point-line";
import type { SavedDataPoint, Translate } from "../base/red";
import "./data-point-table.css";

/** Values a device reports, by data point. */
export type ReportedValues = Readonly<Record<string, ReportedValue>>;

/**
 * The table of data points: an editableList with one line per data point; rarely needed fields unfold below it. Thirty
 * lines fit into a narrow tray.
 */
export class DataPointTable {
  readonly #list: JQuery;
  readonly #translate: Translate;
  /** The last reported values by data point, also of those without a row. */
  readonly #values = new Map<string, ReportedValue>();
  readonly #listeners: (() => void)[] = [];

  /** @param list an empty `ol` in the form, which becomes the table */
  constructor(list: JQuery, rows: readonly DataPointRow[], translate: Translate) {
    this.#list = list;
    this.#translate = translate;
    // Its types lack `scrollOnAdd`. Learning scrolls by itself.
    const options = {
      header: this.#header(),
      addButton: translate("tuya-device.datapoint.add"),
      sortable: true,
      removable: true,
      scrollOnAdd: false,
      // The button adds an empty object.
      addItem: (container: JQuery, _index: number, row: Partial<DataPointRow>) =>
        this.#addLine(container, row.dp === undefined ? undefined : row),
      removeItem: () => this.#changed(),
    };
    list.css("min-height", "120px").editableList<Partial<DataPointRow>>(options);
    list.editableList("addItems", [...rows]);
    this.#changed();
  }

  /** The value of the property `datapoints`, in the order of the rows; rows into which nothing was typed are left out. */
  value(): SavedDataPoint[] {
    return this.rows()
      .map(fromRow)
      .filter((point) => point !== undefined);
  }

  /** All rows, complete or not. They are live: what is typed changes them. */
  rows(): DataPointRow[] {
    return this.#lines().map(({ row }) => row);
  }

  /** The reported values, also those without a row. A copy. */
  get values(): ReportedValues {
    return Object.fromEntries(this.#values);
  }

  /** Calls `listener` when rows or values change, or something is typed. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Appends rows.
   *
   * @param isNew whether to mark them as rows that were not typed
   */
  add(rows: readonly DataPointRow[], isNew = false): void {
    this.#list.editableList("addItems", [...rows]);
    const lines = this.#lines();
    for (const row of rows) {
      const line = lines.find((candidate) => candidate.row.dp === row.dp);
      if (isNew) line?.markNew();
    }
    this.#changed();
  }

  /**
   * Gives the rows with the same numbers (or names, if they have none) these fields, and appends the rest. Other rows and
   * the order stay. All of `rows` are highlighted.
   */
  fill(rows: readonly DataPointRow[]): void {
    const missing = rows.filter((row) => !this.#lineOf(row));
    for (const row of rows) {
      const line = this.#lineOf(row);
      if (!line) continue;
      Object.assign(line.row, row);
      line.refresh();
    }
    this.add(missing);
    for (const row of rows) this.#lineOf(row)?.light();
  }

  /** Shows reported values beside the rows. Values without a row are kept for a later one. */
  showValues(values: ReportedValues): void {
    for (const [dp, value] of Object.entries(values)) {
      this.#values.set(dp, value);
      this.#line(dp)?.showValue(value);
    }
    this.#list
      .closest(".red-ui-editableList")
      .find(".red-ui-editableList-header > .tuya-dp-details")
      .text(this.#translate("tuya-device.datapoint.value"));
    this.#notify();
  }

  /**
   * Highlights the rows of these data points for a moment.
   *
   * @param isNews whether to scroll to the last one, unless the user is typing in the table
   */
  light(dps: readonly string[], isNews: boolean): void {
    for (const dp of dps) this.#line(dp)?.light();
    const isTyping = this.#list.find(":focus").is("input, select");
    if (isNews && !isTyping) this.#line(dps.at(-1) ?? "")?.scrollIntoView();
  }

  /** Makes the table this high, in pixels, its button included. */
  setHeight(height: number): void {
    this.#list.editableList("height", height);
  }

  #lines(): DataPointLine[] {
    const items = (this.#list.editableList("items") as unknown as JQuery<JQuery>).toArray();
    // An item that is just being added has no line yet.
    return items.flatMap((item) => (item.data("line") as DataPointLine | undefined) ?? []);
  }

  /** The line of a row: by its number, or by its name if it has none. */
  #lineOf({ dp, code }: DataPointRow): DataPointLine | undefined {
    if (dp.trim() !== "") return this.#line(dp);
    return this.#lines().find(({ row }) => row.dp.trim() === "" && row.code.trim() === code.trim());
  }

  #line(dp: string): DataPointLine | undefined {
    return this.#lines().find(({ row }) => row.dp.trim() === dp);
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

  #addLine(container: JQuery, saved: Partial<DataPointRow> | undefined): void {
    const row: DataPointRow = { ...toRow({}), ...saved };
    const line = new DataPointLine(container, row, this.#translate, () => {
      line.showValue(this.#values.get(row.dp.trim()));
      this.#changed();
    });
    container.data("line", line);
    line.showValue(this.#values.get(row.dp));
    if (!saved) setTimeout(() => line.focus(), 0);
  }

  /** Marks what is wrong, in all rows: a number may be there twice. */
  #changed(): void {
    const lines = this.#lines();
    const problems = problemsOf(lines.map(({ row }) => row));
    lines.forEach((line, index) => line.showProblems(problems[index] ?? []));
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
