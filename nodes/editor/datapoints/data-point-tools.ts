import { isDpNumber, isMeasured, type DataPointEntry } from "../../../src/datapoints/datapoint";
import { splitDps } from "../base/checks";
import type { DataPointRow } from "./data-point";
import { mergeRows } from "./data-point-merge";
import type { DataPointTable, ReportedValues } from "./data-point-table";
import { FillPanel, type Filling } from "./fill-panel";
import { LearnPanel } from "./learn-panel";
import { ValuePoll } from "../picker/live-values";
import { offerProfile, type ProfileOffer } from "./profile-offer";
import type { Translate } from "../base/red";
import { SavePanel } from "./save-panel";
import { TemplateStore } from "./template-store";
import "./data-point-tools.css";
import type { TestRequest } from "../../contract/test";

/** The parts of the form that the tools need. */
export interface ToolParts {
  /** The element above the table, for buttons, panels and sentences. */
  readonly head: JQuery;
  readonly table: DataPointTable;
  readonly translate: Translate;
  /** The settings of the device in the form, as they are now. */
  settings(): TestRequest;
  /** The comma list of data points to refresh, as it is in the form now. */
  refreshDps(): string;
  /** The field for the refresh interval. */
  readonly refresh: JQuery;
  /** Called when learning starts: other tools that use the device must end. */
  learningStarts(): void;
  /** Called when the space for the table has changed. */
  resized(): void;
}

/** The tools above the table of data points: learning, filling, saving, and the offer of a fitting template. */
export class DataPointTools {
  readonly #parts: ToolParts;
  readonly #store: TemplateStore;
  readonly #learn: LearnPanel;
  readonly #fill: FillPanel;
  readonly #save: SavePanel;
  readonly #offer: JQuery;
  readonly #said: JQuery;
  /** Tells when the space for the table has changed. */
  readonly #observer: ResizeObserver;
  readonly #poll: ValuePoll;
  /** Name and categories of the last source the table was filled from. */
  #source: Pick<Filling, "name" | "categories"> = { name: "", categories: [] };

  constructor(parts: ToolParts) {
    const { head, table, translate } = parts;
    this.#parts = parts;
    this.#store = new TemplateStore(translate);
    this.#offer = head.find(".tuya-dp-offer");
    this.#said = head.find(".tuya-dp-said");
    this.#learn = new LearnPanel({
      button: head.find(".tuya-learn-start"),
      status: head.find(".tuya-learn-status"),
      table,
      translate,
      settings: () => ({ ...parts.settings(), refreshDps: measuredDps(table.rows(), parts.refreshDps()) }),
      started: () => parts.learningStarts(),
    });
    this.#fill = new FillPanel({
      box: head.find(".tuya-fill"),
      translate,
      store: this.#store,
      clues: () => ({ values: table.values }),
      deviceId: () => parts.settings().deviceId,
      fill: (filling) => {
        this.#takeOver(filling);
        this.#show(undefined);
      },
    });
    this.#save = new SavePanel({
      box: head.find(".tuya-save"),
      translate,
      store: this.#store,
      suggestedName: () => this.#source.name || parts.settings().name,
      categories: () => this.#source.categories,
      table: () => table.value(),
    });
    head.find(".tuya-fill-open").on("click", () => this.#show(this.#fill.isOpen ? undefined : this.#fill));
    head.find(".tuya-save-open").on("click", () => this.#show(this.#save.isOpen ? undefined : this.#save));
    // Learned values have priority, and are highlighted.
    this.#poll = new ValuePoll((values) => {
      if (!this.#learn.isRunning) this.showValues(values as ReportedValues);
    }, true);
    table.onChange(() => this.#showOffer());
    this.#observer = new ResizeObserver(() => parts.resized());
    this.#observer.observe(head.get(0) ?? document.body);
  }

  /**
   * From now on shows the present values of the deployed device with this node id, until `close`. Nothing is sent to the
   * device.
   */
  watch(nodeId: string): void {
    this.#poll.watch(nodeId);
  }

  /** Shows values from elsewhere, such as a test. */
  showValues(values: ReportedValues): void {
    if (Object.keys(values).length > 0) this.#parts.table.showValues(values);
  }

  /**
   * Calls `show`, now or when the templates are loaded, if a template fits these values and no data point has a name yet.
   * `caption` is the text of a button for it; `use` fills the table and returns a sentence that says so.
   */
  offerFor(values: ReportedValues, show: (caption: string, use: () => string) => void): void {
    if (Object.keys(values).length === 0) return;
    this.#store.load(() => {
      const offer = this.#offerOf(values);
      if (!offer) return;
      const { name } = offer.template.profile;
      const caption = this.#parts.translate("tuya-device.offer.test", { name, use: this.#useCaption(offer) });
      show(caption, () => this.#use(offer));
    });
  }

  /** Ends learning, if it goes on; learned rows stay. */
  stopLearning(): void {
    this.#learn.stop();
  }

  /** Closes the panels and ends all requests. To be called when the form is closed; may be called again. */
  close(): void {
    this.#learn.stop();
    this.#show(undefined);
    this.#poll.end();
    this.#store.close();
    this.#observer.disconnect();
  }

  /** Shows this panel and closes the other one; undefined closes both. */
  #show(panel: FillPanel | SavePanel | undefined): void {
    const { head } = this.#parts;
    for (const other of [this.#fill, this.#save]) if (other !== panel) other.close();
    if (panel) {
      this.#said.empty();
      panel.open();
    }
    head.find(".tuya-fill-open").attr("aria-expanded", String(panel === this.#fill));
    head.find(".tuya-save-open").attr("aria-expanded", String(panel === this.#save));
  }

  /** Offers the template that fits the reported values, as long as no data point has a name. */
  #showOffer(): void {
    const { table, translate } = this.#parts;
    const values = table.values;
    if (Object.keys(values).length === 0 || isNamed(table.rows())) {
      this.#offer.empty().removeData("id");
      return;
    }
    this.#store.load(() => {
      const offer = this.#offerOf(values);
      if (!offer) {
        this.#offer.empty().removeData("id");
        return;
      }
      const { name } = offer.template.profile;
      const id = `${name} ${offer.entries.length} ${offer.fits} ${offer.reported}`;
      if (this.#offer.data("id") === id) return;
      const says = translate("tuya-device.offer.says", {
        name,
        fits: offer.fits,
        reported: offer.reported,
      });
      const use = $('<button type="button" class="red-ui-button red-ui-button-small">')
        .text(capitalized(this.#useCaption(offer)))
        .on("click", () => this.#use(offer));
      this.#offer.empty().data("id", id).append($("<span>").text(says), use);
    });
  }

  /** The template to offer; undefined if there is none, or the templates are not loaded. */
  #offerOf(values: ReportedValues): ProfileOffer | undefined {
    const { list } = this.#store;
    if (!list || isNamed(this.#parts.table.rows())) return undefined;
    return offerProfile(list.templates, { values });
  }

  #useCaption({ entries }: ProfileOffer): string {
    const { translate } = this.#parts;
    return entries.length === 1
      ? translate("tuya-device.offer.useOne")
      : translate("tuya-device.offer.useMany", { count: entries.length });
  }

  /** Fills the table from the offered template; returns a sentence that says so. */
  #use({ template: { profile }, entries }: ProfileOffer): string {
    const { name, categories, notes = "", refresh } = profile;
    return this.#takeOver({ name, categories, entries, replace: false, remarks: [notes], refresh });
  }

  /** Fills the table and returns a sentence about it. Cancel reverts it, as all changes in a form. */
  #takeOver({ name, categories, entries, unnumbered = [], replace, remarks, refresh }: Filling): string {
    const { table } = this.#parts;
    const { rows, ...counts } = mergeRows(table.rows(), withNumber(entries), replace, unnumbered);
    this.#source = { name, categories };
    table.fill(rows);
    const sentence = this.#outcome(counts);
    const all = [sentence, ...remarks].filter(Boolean).join(" ");
    this.#said.empty().append('<i class="fa fa-check" aria-hidden="true">', $("<span>").text(all));
    if (refresh !== undefined) this.#offerRefresh(refresh, sentence);
    return sentence;
  }

  /** Offers the template's refresh interval, if the field is empty. */
  #offerRefresh(seconds: number, sentence: string): void {
    const { refresh, translate } = this.#parts;
    if (this.#parts.settings().kind === "child" || String(refresh.val() ?? "") !== "") return;
    const text = this.#said.children("span");
    const button = $('<button type="button" class="red-ui-button red-ui-button-small">')
      .text(translate("tuya-device.fill.refresh", { seconds }))
      .on("click", () => {
        refresh.val(String(seconds)).trigger("change");
        text.text([sentence, translate("tuya-device.fill.refreshed", { seconds })].join(" "));
        button.remove();
      });
    this.#said.append(button);
  }

  /** The sentence about what filling has changed. */
  #outcome(counts: Readonly<Record<"added" | "completed" | "kept", number>>): string {
    const { translate } = this.#parts;
    const parts = (["added", "completed", "kept"] as const)
      .filter((what) => counts[what] > 0)
      .map((what) => translate(`tuya-device.fill.${what}`, { count: counts[what] }));
    return translate("tuya-device.fill.done", { what: parts.join(", ") || "–" });
  }
}

/** Whether any row has a name: then the user has begun to edit the table. */
function isNamed(rows: readonly DataPointRow[]): boolean {
  return rows.some(({ code }) => code.trim() !== "");
}

/** The entries with a usable number. */
function withNumber(entries: readonly DataPointEntry[]): readonly DataPointEntry[] {
  return entries.filter(({ dp }) => isDpNumber(dp));
}

/**
 * Numbers of the data points to ask a meter for: those listed in the form or, if none is, the measurements in the table.
 * As the runtime chooses them.
 *
 * @param listed the comma list in the form: numbers and codes
 */
function measuredDps(rows: readonly DataPointRow[], listed: string): number[] {
  const numberOf = (name: string): string =>
    isDpNumber(name) ? name : (rows.find(({ code }) => code.trim() === name)?.dp.trim() ?? "");
  const names = splitDps(listed);
  const measured = rows.filter(({ code }) => isMeasured({ code: code.trim() })).map(({ dp }) => dp.trim());
  return (names.length > 0 ? names.map(numberOf) : measured).filter(isDpNumber).map(Number);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
