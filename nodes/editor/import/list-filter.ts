import { translate } from "../base/texts";

/** The controls above the table: a filter for the list, and the option to import only heard devices. */
export class ListFilter {
  readonly element = $('<div class="tuya-import-filter">');
  readonly #search = $('<input type="text" spellcheck="false" autocomplete="off">');
  readonly #onlyHeard = $('<input type="checkbox">');
  readonly #count = $("<span>");

  /** @param changed called when the filter has changed */
  constructor(changed: () => void) {
    const word = translate("tuya-device.find.filter");
    this.#search
      .attr({ placeholder: word, "aria-label": word })
      .on("input", changed)
      .on("keydown", (event) => {
        if (event.key !== "Escape" || this.#search.val() === "") return;
        // Escape must not close the dialog.
        event.stopPropagation();
        this.#search.val("");
        changed();
      });
    this.#onlyHeard.on("change", changed);
    this.element.append(
      this.#search,
      $("<label>").append(this.#onlyHeard, $("<span>").text(translate("tuya-device.import.onlyHeard"))),
      this.#count,
    );
  }

  /** Only devices with all these words are shown. Devices that are not shown are imported, too. */
  get words(): string {
    return String(this.#search.val() ?? "");
  }

  /** Whether only devices that are in the network now are shown and imported. */
  get isOnlyHeard(): boolean {
    return this.#onlyHeard.prop("checked") === true;
  }

  /** Shows how many lines of how many devices are shown; nothing if it is all of them. */
  show(shown: number, all: number): void {
    const isNoneHeard = shown === 0 && this.isOnlyHeard && this.words.trim() === "";
    const key = isNoneHeard ? "noneHeard" : "shown";
    this.#count.text(shown === all ? "" : translate(`tuya-device.import.${key}`, { shown, all }));
  }
}
