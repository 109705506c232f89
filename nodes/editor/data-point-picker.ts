import { isDpNumber } from "../../src/datapoints/datapoint";
import { splitDps } from "./checks";
import type { NamedDp } from "./device-codes";
import type { Translate } from "./red";
import "./data-point-picker.css";

/** Fewer rows than this are found without a filter. */
const FILTERED_FROM = 7;

/** In pixels: seven lines. */
const LIST_HEIGHT = 179;

/** A line of the list. `written` is how the text field names it; undefined = it is not chosen. */
interface Pick extends NamedDp {
  readonly written: string | undefined;
}

/** Where the picker is in the form. */
export interface PickerParts {
  /** Around all of it: hidden where the device has no data points. */
  readonly box: JQuery;
  readonly filter: JQuery;
  /** An `ol`. */
  readonly list: JQuery;
  /** The text field with the names: what stands there counts. */
  readonly input: JQuery;
}

/**
 * The data points of a device as a list to tick, beside the text field with their names: both always say the same. Where
 * their order matters, the chosen ones stand first, are numbered and can be dragged.
 */
export class DataPointPicker {
  readonly #parts: PickerParts;
  readonly #translate: Translate;
  #known: readonly NamedDp[] = [];
  #isOrdered = false;
  #shown = "";

  constructor(parts: PickerParts, translate: Translate) {
    const { filter, list, input } = parts;
    this.#parts = parts;
    this.#translate = translate;
    // Its types do not know `scrollOnAdd`: without it every refresh would show the end of the list.
    const options = {
      addButton: false,
      sortable: ".tuya-pick-handle",
      scrollOnAdd: false,
      addItem: (container: JQuery, _index: number, pick: Pick) => this.#addRow(container, pick),
      sortItems: () => this.#takeOrder(),
      filter: (pick: Pick) => this.#isFound(pick),
    };
    // The list hands its own limit on to what scrolls.
    list.css("max-height", LIST_HEIGHT).editableList<Pick>(options).css("max-height", "none");
    filter.on("input", () => list.editableList("filter"));
    // Enter would press Done.
    filter.on("keydown", (event) => event.key !== "Enter");
    input.on("input change", () => this.#refresh());
  }

  /** Another device is chosen, or it has other data points now. */
  setKnown(known: readonly NamedDp[]): void {
    const { box, filter } = this.#parts;
    this.#known = known;
    box.toggle(known.length > 0);
    filter.toggle(known.length >= FILTERED_FROM);
    if (known.length < FILTERED_FROM) filter.val("");
    this.#shown = "";
    this.#refresh();
  }

  /** Whether the order of the chosen ones means something. */
  setOrdered(isOrdered: boolean): void {
    this.#isOrdered = isOrdered;
    this.#parts.box.toggleClass("tuya-ordered", isOrdered);
    this.#refresh();
  }

  #chosen(): readonly string[] {
    return splitDps(String(this.#parts.input.val() ?? ""));
  }

  #choose(names: readonly string[]): void {
    this.#parts.input.val(names.join(", ")).trigger("change");
  }

  /** All lines. A number somebody typed is one too; a name the device does not have is for the text field to complain of. */
  #picks(): readonly Pick[] {
    const chosen = this.#chosen();
    const typed = [...new Set(chosen)]
      .filter((name) => isDpNumber(name) && !this.#known.some(({ dp }) => dp === name))
      .map((dp) => ({ dp, token: dp, label: "" }));
    const picks = [...this.#known, ...typed].map((known) => ({
      ...known,
      written: chosen.find((name) => name === known.token || name === known.dp),
    }));
    if (!this.#isOrdered) return picks;
    const place = ({ written }: Pick): number =>
      written === undefined ? chosen.length : chosen.indexOf(written);
    return picks.sort((a, b) => place(a) - place(b));
  }

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

  #addRow(container: JQuery, { dp, token, label, written }: Pick): void {
    const isChosen = written !== undefined;
    container.addClass("tuya-pick").toggleClass("tuya-picked", isChosen);
    $('<i class="tuya-pick-handle fa fa-bars">')
      .attr("title", this.#translate("tuya-in.picker.drag"))
      .appendTo(container);
    const line = $("<label>").appendTo(container);
    $('<input type="checkbox">')
      .val(token)
      .prop("checked", isChosen)
      .on("change", () => this.#toggle(dp, token))
      .appendTo(line);
    $('<span class="tuya-pick-name">')
      .text(label || token)
      .appendTo(line);
    if (label && token !== dp) $('<span class="tuya-pick-code">').text(token).appendTo(line);
    if (label || token !== dp) $('<span class="tuya-pick-dp">').text(dp).appendTo(line);
    if (isChosen && this.#isOrdered) {
      const output = String(this.#chosen().indexOf(written) + 1);
      $('<span class="tuya-pick-output">')
        .text(`→ ${output}`)
        .attr("title", this.#translate("tuya-in.picker.output", { output }))
        .appendTo(container);
    }
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
    // A line dragged among those that are not chosen is to go back to its place.
    this.#shown = "";
    this.#choose([...names, ...others]);
  }

  #isFound({ dp, token, label }: Pick): boolean {
    const words = String(this.#parts.filter.val() ?? "")
      .toLowerCase()
      .split(/\s+/);
    const text = `${label} ${token} ${dp}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }
}
