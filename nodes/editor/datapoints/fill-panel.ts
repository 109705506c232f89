import type { DataPointEntry } from "../../../src/datapoints/datapoint";
import { entriesOf } from "../../../src/datapoints/profiles";
import type { Unnumbered } from "../../../src/import/entries";
import { readTemplate, type ReadTemplate } from "../../../src/import/template";
import { hasWords } from "../base/checks";
import { textOfFile } from "../base/file-text";
import { rankTemplates, type DeviceClues, type Template } from "./profile-offer";
import type { Translate } from "../base/red";
import { loadYaml } from "../base/yaml";
import type { TemplateStore } from "./template-store";

/** With more lines there is a filter. */
const MANY = 8;

/** A text is read when nothing was typed or pasted for so long, in milliseconds. */
const PASTE_MS = 300;

/** The entries to put into the table. */
export interface Filling {
  /** "" if the source has none. */
  readonly name: string;
  readonly categories: readonly string[];
  readonly entries: readonly DataPointEntry[];
  /** Entries without a number. */
  readonly unnumbered?: readonly Unnumbered[];
  /** Whether the source overwrites rows. */
  readonly replace: boolean;
  /** Sentences about what could not be read, and notes of the template. */
  readonly remarks: readonly string[];
  /** Seconds between refreshes that such a device needs; undefined = not known, or none. */
  readonly refresh?: number | undefined;
}

/** The parts of the form that the panel needs. */
export interface FillParts {
  /** The element that becomes the panel; hidden while it is closed. */
  readonly box: JQuery;
  readonly translate: Translate;
  /** Belongs to the form: the panel does not close it. */
  readonly store: TemplateStore;
  /** What is known about the device by now. */
  clues(): DeviceClues;
  /** The device id in the form: a pasted list may have several devices. */
  deviceId(): string;
  /** The user has chosen a template or given a text: fills the table. */
  fill(filling: Filling): void;
}

/** A line of the list. */
interface Choice {
  readonly template: Template;
  readonly entries: readonly DataPointEntry[];
  /** How well it fits, in words; "" if that is not known. */
  readonly fit: string;
}

/** The panel for filling the table: from a template, best fits first, or from a file that is dropped, chosen or pasted. */
export class FillPanel {
  readonly #parts: FillParts;
  readonly #filter = $('<input type="text" class="tuya-find-filter" spellcheck="false" autocomplete="off">');
  readonly #list = $('<div class="tuya-templates" role="list">');
  readonly #note = $('<div class="tuya-fill-note" aria-live="polite">');
  readonly #replace = $('<input type="checkbox">');
  readonly #area = $('<textarea rows="3" spellcheck="false">');
  /** Waits until the user has finished typing. */
  #reading: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: FillParts) {
    const { translate } = parts;
    this.#parts = parts;
    const word = translate("tuya-device.find.filter");
    this.#filter
      .attr({ placeholder: word, "aria-label": word })
      .on("input", () => this.#show())
      // Otherwise Enter would press Done.
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
    // There may be new files.
    store.forget();
    store.load(() => this.#show());
    this.#show();
  }

  close(): void {
    clearTimeout(this.#reading);
    // Not `empty`, which would remove the listeners of elements that are shown again.
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

  /** The templates in their order: fitting ones, then saved ones, then by name. */
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
      // Not `hidden`, which Node-RED's style overrides.
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

  /** Reads files and texts that are dropped on the panel. */
  #takeDrops(box: JQuery): void {
    const mark = (isOver: boolean) => (event: JQuery.TriggeredEvent) => {
      event.preventDefault();
      // Otherwise Node-RED would import the dropped file as a flow.
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
    textOfFile(file).then(
      (text) => {
        if (this.isOpen) this.#read(text);
      },
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

  /** Says why a text cannot be used. */
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
