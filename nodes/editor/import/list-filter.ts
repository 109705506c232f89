import { translate } from "../base/texts";

/** Above the table: what of the list is shown, and whether all of it is to be imported. */
export class ListFilter {
  readonly element = $('<div class="tuya-import-filter">');
  readonly #search = $('<input type="text" spellcheck="false" autocomplete="off">');
  readonly #onlyHeard = $('<input type="checkbox">');
  readonly #count = $("<span>");

  /** @param changed something else is to be shown */
  constructor(changed: () => void) {
    const word = translate("tuya-device.find.filter");
    this.#search
      .attr({ placeholder: word, "aria-label": word })
      .on("input", changed)
      .on("keydown", (event) => {
        if (event.key !== "Escape" || this.#search.val() === "") return;
        // Not the dialog.
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

  /** Words all of which must occur in what is shown. What is not shown is imported all the same. */
  get words(): string {
    return String(this.#search.val() ?? "");
  }

  /** Only devices that are on the network now are to be shown and imported. */
  get isOnlyHeard(): boolean {
    return this.#onlyHeard.prop("checked") === true;
  }

  /** How many devices are shown, of how many. */
  show(shown: number, all: number): void {
    const isNoneHeard = shown === 0 && this.isOnlyHeard && this.words.trim() === "";
    const says = isNoneHeard ? "noneHeard" : "shown";
    this.#count.text(shown === all ? "" : translate(`tuya-device.import.${says}`, { shown, all }));
  }
}
