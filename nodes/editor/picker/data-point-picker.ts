import { isDpNumber } from "../../../src/datapoints/datapoint";
import { hasWords, splitDps } from "../base/checks";
import type { NamedDp } from "./device-codes";
import type { LiveValues } from "./live-values";
import type { Translate } from "../base/red";
import { shownValue } from "./shown-value";
import "./data-point-picker.css";

/** From this number of rows on there is a filter. */
const FILTERED_FROM = 7;

/** The height of seven lines, in pixels. */
const LIST_HEIGHT = 179;

/** A line of the list. The line for none has the data point "". */
interface Pick extends NamedDp {
  /** Its name as it stands in the text field, which may be its number; undefined = it is not chosen. */
  readonly written: string | undefined;
}

/** How many data points can be picked: any number, or one; `none` is the text of the line for none. */
export type PickerMode = { readonly pick: "several" } | { readonly pick: "one"; readonly none: string };

/** The elements of the picker in the form. */
export interface PickerParts {
  /** The whole picker; hidden if the device has no data points. */
  readonly box: JQuery;
  /** The text field for searching; hidden while there are few lines. */
  readonly filter: JQuery;
  /** An empty `ol`. */
  readonly list: JQuery;
  /** The text field with the names, which is what is saved. */
  readonly input: JQuery;
}

/**
 * A list of a device's data points to tick, beside the text field with their names; both are kept equal. Each shows its
 * present value if that is known. If the order matters, the chosen ones come first, are numbered and can be dragged.
 */
export class DataPointPicker {
  readonly #parts: PickerParts;
  readonly #translate: Translate;
  readonly #mode: PickerMode;
  #known: readonly NamedDp[] = [];
  #values: LiveValues = {};
  #isOrdered = false;
  /** The shown lines as JSON; "" = to be drawn in any case. */
  #shown = "";

  constructor(parts: PickerParts, translate: Translate, mode: PickerMode = { pick: "several" }) {
    const { filter, list, input } = parts;
    this.#parts = parts;
    this.#translate = translate;
    this.#mode = mode;
    // Its types lack `scrollOnAdd`: without it each refresh would scroll to the end of the list.
    const options = {
      addButton: false,
      sortable: ".tuya-pick-handle",
      scrollOnAdd: false,
      addItem: (container: JQuery, _index: number, pick: Pick) => this.#addRow(container, pick),
      sortItems: () => this.#takeOrder(),
      filter: (pick: Pick) => this.#isFound(pick),
    };
    // The editableList moves the limit to the element that scrolls.
    list.css("max-height", LIST_HEIGHT).editableList<Pick>(options).css("max-height", "none");
    filter.on("input", () => list.editableList("filter"));
    // Otherwise Enter would press Done.
    filter.on("keydown", (event) => event.key !== "Enter");
    input.on("input change", () => this.#refresh());
  }

  /** Sets the data points, after another device was chosen or its table has changed. */
  setKnown(known: readonly NamedDp[]): void {
    const { box, filter } = this.#parts;
    this.#known = known;
    box.toggle(known.length > 0);
    filter.toggle(known.length >= FILTERED_FROM);
    if (known.length < FILTERED_FROM) filter.val("");
    this.#shown = "";
    this.#refresh();
  }

  /** Sets whether the order of the chosen data points matters. */
  setOrdered(isOrdered: boolean): void {
    this.#isOrdered = isOrdered;
    this.#parts.box.toggleClass("tuya-ordered", isOrdered);
    this.#refresh();
  }

  /** Shows these values in place of those before; none for a data point that is not among them. Lines do not move. */
  setValues(values: LiveValues): void {
    this.#values = values;
    const cells = this.#parts.list.find(".tuya-pick-value");
    cells.each((_index, cell) => {
      this.#fillValue($(cell));
    });
  }

  /** The names in the text field. */
  #chosen(): readonly string[] {
    return splitDps(String(this.#parts.input.val() ?? ""));
  }

  /** Writes these names into the text field. */
  #choose(names: readonly string[]): void {
    this.#parts.input.val(names.join(", ")).trigger("change");
  }

  /** All lines, including typed numbers. Unknown names are marked by the text field instead. */
  #picks(): readonly Pick[] {
    const chosen = this.#chosen();
    const typed = [...new Set(chosen)]
      .filter((name) => isDpNumber(name) && !this.#known.some(({ dp }) => dp === name))
      .map((dp) => ({ dp, token: dp, label: "" }));
    const picks = [...this.#known, ...typed].map((known) => ({
      ...known,
      written: chosen.find((name) => name === known.token || name === known.dp),
    }));
    if (this.#mode.pick === "one" && this.#known.length > 0) {
      const none = { dp: "", token: "", label: this.#mode.none };
      return [{ ...none, written: chosen.length === 0 ? "" : undefined }, ...picks];
    }
    if (!this.#isOrdered) return picks;
    const place = ({ written }: Pick): number =>
      written === undefined ? chosen.length : chosen.indexOf(written);
    return picks.sort((a, b) => place(a) - place(b));
  }

  /** Draws the lines again if they have changed. Focus and scroll position stay. */
  #refresh(): void {
    const { list } = this.#parts;
    const picks = this.#picks();
    const shown = JSON.stringify([this.#isOrdered, picks]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = list.find("input:focus").val();
    const scroller = list.parent();
    const top = scroller.scrollTop() ?? 0;
    list.editableList("empty");
    list.editableList("addItems", [...picks]);
    scroller.scrollTop(top);
    if (typeof focused === "string") {
      list
        .find("input")
        .filter((_index, box) => $(box).val() === focused)
        .trigger("focus");
    }
  }

  #addRow(container: JQuery, pick: Pick): void {
    const { dp, token, label, written, dataPoint } = pick;
    const isChosen = written !== undefined;
    const isNone = dp === "";
    container
      .addClass("tuya-pick")
      .toggleClass("tuya-picked", isChosen)
      .toggleClass("tuya-pick-none", isNone)
      .toggleClass("tuya-pick-reported", this.#mode.pick === "one" && dataPoint?.access === "ro");
    if (this.#mode.pick === "several") {
      $('<i class="tuya-pick-handle fa fa-bars">')
        .attr("title", this.#translate("tuya-in.picker.drag"))
        .appendTo(container);
    }
    const line = $("<label>").appendTo(container);
    this.#box(pick).appendTo(line);
    $('<span class="tuya-pick-name">')
      .text(label || token)
      .appendTo(line);
    if (isNone) return;
    if (label && token !== dp) $('<span class="tuya-pick-code">').text(token).appendTo(line);
    const value = $('<span class="tuya-pick-value">').data("pick", pick).appendTo(line);
    this.#fillValue(value);
    if (label || token !== dp) $('<span class="tuya-pick-dp">').text(dp).appendTo(line);
    if (isChosen && this.#isOrdered) {
      const output = String(this.#chosen().indexOf(written) + 1);
      $('<span class="tuya-pick-output">')
        .text(`→ ${output}`)
        .attr("title", this.#translate("tuya-in.picker.output", { output }))
        .appendTo(container);
    }
  }

  #box({ dp, token, written }: Pick): JQuery {
    const isOne = this.#mode.pick === "one";
    return $("<input>")
      .attr({ type: isOne ? "radio" : "checkbox", ...(isOne && { name: "tuya-pick" }) })
      .val(token)
      .prop("checked", written !== undefined)
      .on("change", () => (isOne ? this.#choose([token]) : this.#toggle(dp, token)));
  }

  /** Shows the present value; while it is not known, the kind of value. */
  #fillValue(cell: JQuery): void {
    const { dp, dataPoint } = cell.data("pick") as Pick;
    const value = shownValue(this.#values[dp], dataPoint?.unit);
    cell.text(value || (dataPoint?.type ?? "")).toggleClass("tuya-pick-live", value !== "");
  }

  #toggle(dp: string, token: string): void {
    const chosen = this.#chosen();
    const others = chosen.filter((name) => name !== token && name !== dp);
    this.#choose(others.length < chosen.length ? others : [...chosen, token]);
  }

  /** Lines were dragged. */
  #takeOrder(): void {
    const items = (this.#parts.list.editableList("items") as unknown as JQuery<JQuery>).toArray();
    const names = items
      .map((item) => (item.data("data") as Pick).written)
      .filter((name) => name !== undefined);
    const others = this.#chosen().filter((name) => !names.includes(name));
    // Redraws: a line that was dragged between lines that are not chosen must go back.
    this.#shown = "";
    this.#choose([...names, ...others]);
  }

  #isFound({ dp, token, label }: Pick): boolean {
    if (dp === "") return true;
    return hasWords(`${label} ${token} ${dp}`, String(this.#parts.filter.val() ?? ""));
  }
}
