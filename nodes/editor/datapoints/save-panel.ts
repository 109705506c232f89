import { copyText } from "../base/clipboard";
import type { AdminRequest } from "../base/requests";
import type { SavedDataPoint, Translate } from "../base/red";
import { saveTemplate } from "./template-requests";
import type { TemplateStore } from "./template-store";

/** The status if there is a template of this name. */
const CONFLICT = 409;

/** The parts of the form that the panel needs. */
export interface SaveParts {
  /** The element that becomes the panel; hidden while it is closed. */
  readonly box: JQuery;
  readonly translate: Translate;
  /** Belongs to the form: the panel does not close it. */
  readonly store: TemplateStore;
  /** The name that is suggested when the panel opens. */
  suggestedName(): string;
  /** Tuya's codes for the kind of device; empty = not known. */
  categories(): readonly string[];
  /** The data points to save, as they are now. */
  table(): readonly SavedDataPoint[];
}

/** The panel for saving the table: as a template for all flows, into a file, or to the clipboard. */
export class SavePanel {
  readonly #parts: SaveParts;
  readonly #name = $('<input type="text" class="tuya-save-name" spellcheck="false" autocomplete="off">');
  readonly #note = $('<div class="tuya-fill-note" role="status">');
  readonly #save: JQuery;
  #request: AdminRequest | undefined;
  /** Whether the next click overwrites the template of this name, which the last one was refused for. */
  #isReplacing = false;

  constructor(parts: SaveParts) {
    const { translate } = parts;
    this.#parts = parts;
    this.#save = smallButton("fa-bookmark-o", translate("tuya-device.save.template"), () =>
      this.#saveTemplate(),
    );
    this.#name
      .attr({
        placeholder: translate("tuya-device.save.name"),
        "aria-label": translate("tuya-device.save.name"),
      })
      .on("input", () => this.#reset())
      // Otherwise Enter would press Done.
      .on("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        event.stopPropagation();
        this.#saveTemplate();
      });
  }

  get isOpen(): boolean {
    return this.#parts.box.is(":visible");
  }

  open(): void {
    const { box, translate, store } = this.#parts;
    const where = $('<div class="tuya-fill-note">');
    const actions = $('<div class="tuya-save-actions">').append(
      this.#save,
      smallButton("fa-download", translate("tuya-device.save.download"), () => this.#download()),
      smallButton("fa-clipboard", translate("tuya-device.save.copy"), () => this.#copy()),
    );
    this.#name.val(this.#parts.suggestedName());
    this.#reset();
    box.empty().append(this.#name, actions, this.#note, where).show();
    store.load(() => {
      const folder = store.list?.folder ?? "";
      where.text(folder === "" ? store.failure : translate("tuya-device.save.where", { folder }));
    });
  }

  close(): void {
    this.#request?.cancel();
    this.#request = undefined;
    // Not `empty`, which would remove the listeners of elements that are shown again.
    this.#parts.box.hide().children().detach();
  }

  /** The name has changed, or the template is saved: forgets what was said. */
  #reset(): void {
    this.#isReplacing = false;
    this.#save.find("span").text(this.#parts.translate("tuya-device.save.template"));
    this.#note.empty();
  }

  /** The content of the file; undefined if the table is empty, which the panel then says. */
  #content():
    { name: string; categories: readonly string[]; datapoints: readonly SavedDataPoint[] } | undefined {
    const datapoints = this.#parts.table().filter(({ dp }) => dp !== "");
    if (datapoints.length === 0) {
      this.#say("bad", this.#parts.translate("tuya-device.save.empty"));
      return undefined;
    }
    const name = String(this.#name.val() ?? "").trim();
    return { name, categories: this.#parts.categories(), datapoints };
  }

  #saveTemplate(): void {
    const { translate, store } = this.#parts;
    const content = this.#content();
    if (!content || this.#request) return;
    const ended = (): void => {
      this.#request = undefined;
    };
    this.#request = saveTemplate(
      { ...content, replace: this.#isReplacing },
      {
        done: (file) => {
          ended();
          store.forget();
          this.#reset();
          this.#say("good", translate("tuya-device.save.saved", { file }));
        },
        failed: (sentence, status) => {
          ended();
          this.#say("bad", sentence);
          if (status !== CONFLICT) return;
          this.#isReplacing = true;
          this.#save.find("span").text(translate("tuya-device.save.replace"));
        },
      },
      translate,
    );
  }

  #download(): void {
    const content = this.#content();
    if (!content) return;
    const url = URL.createObjectURL(new Blob([textOf(content)], { type: "application/json" }));
    const file = `${content.name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "datapoints"}.json`;
    $("<a hidden>").attr({ href: url, download: file }).appendTo(this.#parts.box).get(0)?.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    this.#say("good", this.#parts.translate("tuya-device.save.downloaded", { file }));
  }

  #copy(): void {
    const content = this.#content();
    if (!content) return;
    const { translate } = this.#parts;
    if (copyText(textOf(content))) this.#say("good", translate("tuya-device.save.copied"));
    else this.#say("bad", translate("tuya-device.save.notCopied"));
  }

  #say(tone: "good" | "bad", sentence: string): void {
    this.#note
      .text(sentence)
      .toggleClass("tuya-danger-text", tone === "bad")
      .toggleClass("tuya-done", tone === "good");
  }
}

/** The text of the file, in the format of `profiles/` in the package, so that it can fill other tables. */
function textOf(content: object): string {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

function smallButton(icon: string, caption: string, action: () => void): JQuery {
  return $('<button type="button" class="red-ui-button red-ui-button-small">')
    .append($('<i class="fa" aria-hidden="true">').addClass(icon), " ", $("<span>").text(caption))
    .on("click", action);
}
