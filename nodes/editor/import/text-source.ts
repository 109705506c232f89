import { type ImportResult, readDevices } from "../../../src/import/read-devices";
import type { ImportSource, Offer } from "./source";
import { textOfFile } from "../base/file-text";
import type { Translate } from "../base/red";
import { plainKeyWarning } from "./preview";
import { loadYaml } from "../base/yaml";

/** Typed text is read after such a pause, in milliseconds; pasted or dropped text at once. */
const PAUSE_MS = 400;

/**
 * The page that imports devices from a text: pasted, or a file that is dropped or chosen. It does not leave the browser.
 */
export class TextSource implements ImportSource {
  readonly title: string;
  readonly #translate: Translate;
  #page: OpenPage | undefined;

  constructor(translate: Translate) {
    this.#translate = translate;
    this.title = translate("tuya-device.import.text.title");
  }

  open(page: JQuery, offer: Offer): void {
    this.#page = new OpenPage(page, offer, this.#translate);
  }

  close(): void {
    this.#page?.close();
    this.#page = undefined;
  }
}

/** The page while it is open. */
class OpenPage {
  readonly #offer: Offer;
  readonly #translate: Translate;
  readonly #area = $('<textarea class="tuya-import-text" spellcheck="false" autocomplete="off" rows="7">');
  readonly #chooser = $('<input type="file" tabindex="-1" aria-hidden="true">').hide();
  readonly #choose = $('<button type="button" class="red-ui-button tuya-import-choose">');
  readonly #before = $('<div class="tuya-import-before">');
  readonly #after = $('<div class="tuya-import-after">').hide();
  #timer: number | undefined;
  /** The number of the present reading: results of earlier ones are ignored. */
  #reading = 0;

  constructor(page: JQuery, offer: Offer, translate: Translate) {
    this.#offer = offer;
    this.#translate = translate;
    const word = translate("tuya-device.import.text.label");
    this.#area.attr({ placeholder: translate("tuya-device.import.text.placeholder"), "aria-label": word });
    this.#choose
      .append('<i class="fa fa-folder-open-o" aria-hidden="true">', " ")
      .append($("<span>").text(translate("tuya-device.import.text.choose")));
    const again = $('<button type="button" class="red-ui-button red-ui-button-small">')
      .text(translate("tuya-device.import.text.other"))
      .on("click", () => this.#restart());
    const hint = $('<div class="tuya-import-hint">').text(translate("tuya-device.import.text.hint"));
    this.#before.append(this.#area, $('<div class="tuya-import-line">').append(this.#choose, hint));
    this.#after.append(again);
    page.append(this.#before, this.#after, this.#chooser);

    this.#choose.on("click", () => this.#chooser.trigger("click"));
    this.#chooser.on("change", () => this.#readFile(filesOf(this.#chooser)));
    this.#area.on("input", (event) => {
      const { inputType } = event.originalEvent as InputEvent;
      window.clearTimeout(this.#timer);
      const pause = inputType === "insertFromPaste" || inputType === "insertFromDrop" ? 0 : PAUSE_MS;
      this.#timer = window.setTimeout(() => this.#readTyped(), pause);
    });
    page.on("dragover", (event) => {
      event.preventDefault();
      this.#area.addClass("tuya-import-over");
    });
    page.on("dragleave drop", () => this.#area.removeClass("tuya-import-over"));
    page.on("drop", (event) => {
      const { dataTransfer } = event.originalEvent as DragEvent;
      if (!dataTransfer || dataTransfer.files.length === 0) return;
      event.preventDefault();
      this.#readFile(dataTransfer.files);
    });
  }

  close(): void {
    window.clearTimeout(this.#timer);
    this.#reading += 1;
    this.#area.val("");
  }

  /** Shows the empty field again, for another text. */
  #restart(): void {
    this.#reading += 1;
    this.#after.hide();
    this.#before.show();
    this.#offer.nothing();
    this.#area.val("").trigger("focus");
  }

  /** Reads what is in the field. */
  #readTyped(): void {
    const text = String(this.#area.val() ?? "");
    this.#reading += 1;
    if (text.trim() === "") this.#offer.nothing();
    else this.#read(text, this.#translate("tuya-device.import.text.pasted"));
  }

  #readFile(files: FileList | undefined): void {
    const file = files?.[0];
    if (!file) return;
    window.clearTimeout(this.#timer);
    this.#reading += 1;
    const reading = this.#reading;
    // Emptied, so that choosing the same file again triggers a change.
    this.#chooser.val("");
    if (files.length > 1) {
      this.#offer.failed(this.#translate("tuya-device.import.text.oneFile"));
      return;
    }
    textOfFile(file).then(
      (text) => {
        if (reading === this.#reading) this.#read(text, file.name);
      },
      () => {
        if (reading === this.#reading) {
          this.#offer.failed(this.#translate("tuya-device.import.text.unreadable", { file: file.name }));
        }
      },
    );
  }

  #read(text: string, title: string): void {
    const result = readDevices(text);
    if (result.ok || !result.isYaml) {
      this.#take(result, title);
      return;
    }
    const reading = this.#reading;
    loadYaml().then(
      (yaml) => {
        if (reading === this.#reading) this.#take(readDevices(text, yaml), title);
      },
      () => {
        if (reading === this.#reading) this.#offer.failed(this.#translate("tuya-device.fill.noYaml"));
      },
    );
  }

  #take(result: ImportResult, title: string): void {
    if (!result.ok) {
      this.#offer.failed(result.says);
      return;
    }
    // The text contains keys and is not needed any more.
    this.#area.val("");
    this.#before.hide();
    this.#after.css("display", "");
    const { devices, flow } = result;
    const problems = [...result.problems, ...plainKeyWarning(flow ?? [])];
    this.#offer.devices({ title, devices, problems, flow });
  }
}

function filesOf(chooser: JQuery): FileList | undefined {
  return (chooser.get(0) as HTMLInputElement | undefined)?.files ?? undefined;
}
