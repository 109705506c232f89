import type { DataPointEntry } from "../../../src/datapoints/datapoint";
import { entriesOf } from "../../../src/datapoints/profiles";
import type { Unnumbered } from "../../../src/import/entries";
import { readTemplate, type ReadTemplate } from "../../../src/import/template";
import { hasWords } from "../base/checks";
import { rankTemplates, type DeviceClues, type Template } from "./profile-offer";
import type { Translate } from "../base/red";
import { loadYaml } from "../base/yaml";
import type { TemplateStore } from "./template-store";

/** Lines up to here are overlooked without a filter. */
const MANY = 8;

/** A pasted text arrives in pieces, and a typed one by the letter: it is read when no more comes. */
const PASTE_MS = 300;

/** What is to be put into the table. */
export interface Filling {
  /** "" where the source has none. */
  readonly name: string;
  readonly categories: readonly string[];
  readonly entries: readonly DataPointEntry[];
  /** What the source knows but for the number. */
  readonly unnumbered?: readonly Unnumbered[];
  /** Say what the source says, also in rows that say something else. */
  readonly replace: boolean;
  /** Sentences about what could not be read, and what a user should know. */
  readonly remarks: readonly string[];
  /** Seconds between refreshes that such a device needs; undefined = none, or nobody said. */
  readonly refresh?: number | undefined;
}

/** What the panel needs of the form around it. */
export interface FillParts {
  readonly box: JQuery;
  readonly translate: Translate;
  readonly store: TemplateStore;
  /** What is known of the device. */
  clues(): DeviceClues;
  deviceId(): string;
  fill(filling: Filling): void;
}

/** A line of the list. */
interface Choice {
  readonly template: Template;
  readonly entries: readonly DataPointEntry[];
  /** How well it fits; "" where nothing is known of the device. */
  readonly fit: string;
}

/** Where a table can come from: a template, those that fit best first, or a file, dropped, chosen or pasted. */
export class FillPanel {
  readonly #parts: FillParts;
  readonly #filter = $('<input type="text" class="tuya-find-filter" spellcheck="false" autocomplete="off">');
  readonly #list = $('<div class="tuya-templates" role="list">');
  readonly #note = $('<div class="tuya-fill-note" aria-live="polite">');
  readonly #replace = $('<input type="checkbox">');
  readonly #area = $('<textarea rows="3" spellcheck="false">');
  #reading: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: FillParts) {
    const { translate } = parts;
    this.#parts = parts;
    const word = translate("tuya-device.find.filter");
    this.#filter
      .attr({ placeholder: word, "aria-label": word })
      .on("input", () => this.#show())
      // Enter would press Done.
      .on("keydown", (event) => event.key !== "Enter");
    this.#area
      .attr("placeholder", translate("tuya-device.fill.paste"))
      .attr("aria-label", translate("tuya-device.fill.paste"))
      .on("input", () => {
        clearTimeout(this.#reading);
        const text = String(this.#area.val() ?? "");
        if (text.trim() !== "") this.#reading = setTimeout(() => this.#read(text), PASTE_MS);
      });
  }

  get isOpen(): boolean {
    return this.#parts.box.is(":visible");
  }

  open(): void {
    const { box, translate, store } = this.#parts;
    const line = $('<div class="tuya-find-line">').append(
      $("<span>").text(translate("tuya-device.fill.choose")),
      this.#filter,
    );
    const replace = $('<label class="tuya-fill-replace">').append(
      this.#replace.prop("checked", false),
      $("<span>").text(translate("tuya-device.fill.replace")),
    );
    this.#area.val("");
    this.#note.empty();
    box.empty().append(line, this.#list, replace, this.#fileLine(), this.#area, this.#note).show();
    this.#takeDrops(box);
    // Somebody may have put a file there since.
    store.forget();
    store.load(() => this.#show());
    this.#show();
  }

  close(): void {
    clearTimeout(this.#reading);
    // Not `empty`, which would take the listeners from what is shown again.
    this.#parts.box.hide().children().detach();
  }

  #show(): void {
    const { store, translate } = this.#parts;
    const { list } = store;
    const choices = list ? this.#choices(list.templates) : [];
    const filter = String(this.#filter.val() ?? "");
    const found = choices.filter(({ template: { profile } }) =>
      hasWords(`${profile.name} ${profile.categories.join(" ")}`, filter),
    );
    this.#filter.toggle(choices.length > MANY);
    this.#list.empty().append(found.map((choice) => this.#line(choice)));
    if (!list) this.#list.text(store.failure || translate("tuya-device.fill.loading"));
    else if (found.length === 0) this.#list.text(translate("tuya-device.fill.none"));
    const problems = list?.problems ?? [];
    this.#note.text(problems.join(" ")).toggleClass("tuya-danger-text", problems.length > 0);
  }

  /** Those that fit first, then all others: those that were saved, and then by name. */
  #choices(templates: readonly Template[]): Choice[] {
    const { translate } = this.#parts;
    const ranked = rankTemplates(templates, this.#parts.clues()).map(
      ({ template, entries, fits, reported }): Choice => ({
        template,
        entries,
        fit: reported === 0 ? "" : translate("tuya-device.fill.fits", { fits, reported }),
      }),
    );
    const others = templates
      .filter((template) => !ranked.some((choice) => choice.template === template))
      .sort((a, b) => Number(b.isOwn) - Number(a.isOwn) || a.profile.name.localeCompare(b.profile.name))
      .map((template): Choice => ({ template, entries: entriesOf(template.profile), fit: "" }));
    return [...ranked, ...others];
  }

  #line({ template: { profile, isOwn }, entries, fit }: Choice): JQuery {
    const { translate } = this.#parts;
    const count =
      entries.length === 1
        ? translate("tuya-device.fill.one")
        : translate("tuya-device.fill.many", { count: entries.length });
    const button = $('<button type="button" class="tuya-template">')
      .append(
        $("<span>").append(
          $("<b>").text(profile.name),
          $("<small>").text([fit, profile.notes].filter(Boolean).join(". ")),
        ),
        $('<span class="tuya-template-count">').text(count),
        isOwn ? $('<span class="tuya-badge">').text(translate("tuya-device.fill.own")) : "",
      )
      .attr("title", [profile.categories.join(", "), profile.notes ?? ""].filter(Boolean).join("\n"))
      .toggleClass("tuya-template-fits", fit !== "")
      .on("click", () => this.#fill({ ...profile, entries, remarks: [profile.notes ?? ""] }));
    return $('<div role="listitem">').append(button);
  }

  #fileLine(): JQuery {
    const { translate } = this.#parts;
    const chooser = $(
      '<input type="file" accept=".json,.txt,.yaml,.yml,application/json,text/plain,application/yaml">',
    )
      // Not `hidden`, which Node-RED's style overrules.
      .hide()
      .on("change", () => this.#readFile((chooser.get(0) as HTMLInputElement).files));
    const button = $('<button type="button" class="tuya-link">')
      .text(translate("tuya-device.fill.file"))
      .on("click", () => chooser.trigger("click"));
    return $('<div class="tuya-fill-file">').append(
      $("<span>").text(translate("tuya-device.fill.or")),
      " ",
      button,
      chooser,
    );
  }

  #takeDrops(box: JQuery): void {
    const mark = (isOver: boolean) => (event: JQuery.TriggeredEvent) => {
      event.preventDefault();
      // Node-RED takes files that are dropped on its workspace for flows.
      event.stopPropagation();
      this.#area.toggleClass("tuya-fill-over", isOver);
    };
    box
      .off(".tuyaFill")
      .on("dragover.tuyaFill", mark(true))
      .on("dragleave.tuyaFill", mark(false))
      .on("drop.tuyaFill", (event) => {
        mark(false)(event);
        const { dataTransfer } = event.originalEvent as DragEvent;
        if ((dataTransfer?.files.length ?? 0) > 0) this.#readFile(dataTransfer?.files ?? null);
        else this.#read(dataTransfer?.getData("text") ?? "");
      });
  }

  #readFile(files: FileList | null): void {
    const file = files?.item(0);
    if (!file) return;
    file.text().then(
      (text) => this.#read(text),
      () => this.#complain(this.#parts.translate("tuya-device.fill.unreadable")),
    );
  }

  #read(text: string): void {
    const read = readTemplate(text, this.#parts.deviceId());
    if (read.ok || !read.isYaml) {
      this.#take(read);
      return;
    }
    loadYaml().then(
      (yaml) => {
        if (this.isOpen) this.#take(readTemplate(text, this.#parts.deviceId(), yaml));
      },
      () => this.#complain(this.#parts.translate("tuya-device.fill.noYaml")),
    );
  }

  #take(read: ReadTemplate): void {
    if (read.ok) this.#fill({ ...read, entries: read.datapoints, remarks: read.problems });
    else this.#complain(read.says);
  }

  #complain(sentence: string): void {
    this.#note.text(sentence).addClass("tuya-danger-text").get(0)?.scrollIntoView({ block: "nearest" });
  }

  #fill(source: Omit<Filling, "replace">): void {
    const { name, categories, entries, unnumbered, remarks, refresh } = source;
    const replace = this.#replace.prop("checked") === true;
    this.#parts.fill({
      name,
      categories,
      entries,
      ...(unnumbered && { unnumbered }),
      remarks,
      refresh,
      replace,
    });
  }
}
