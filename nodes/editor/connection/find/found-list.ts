import type { FoundDevice, FoundRow } from "./found-device";
import type { Translate } from "../../base/red";
import { roveButtons } from "../../base/roving";

/**
 * The list of found devices. Lines keep their elements when they are refreshed, so that mouse and keyboard stay on
 * theirs. It is one stop for the tab key; arrow keys move within.
 */
export class FoundList {
  readonly element = $('<div class="tuya-found">');
  readonly #rows = $('<div class="tuya-found-rows" role="list">');
  readonly #translate: Translate;
  readonly #pick: (device: FoundDevice) => void;
  /** The lines by device id. */
  readonly #buttons = new Map<string, JQuery>();
  /** What `roveButtons` returned. */
  readonly #keepStop: () => void;

  /** @param pick called when the user chooses a line */
  constructor(translate: Translate, pick: (device: FoundDevice) => void) {
    this.#translate = translate;
    this.#pick = pick;
    const header = $('<div class="tuya-found-line tuya-found-header">');
    for (const column of ["device", "address", "version"] as const)
      $("<span>")
        .text(translate(`tuya-device.find.column.${column}`))
        .appendTo(header);
    this.element.append(header, this.#rows).hide();
    this.#keepStop = roveButtons(this.#rows);
  }

  /** Shows these lines in place of those before; hides the list if there are none. */
  show(rows: readonly FoundRow[]): void {
    const focused = document.activeElement;
    const ids = new Set(rows.map(({ device }) => device.id));
    for (const [id, button] of this.#buttons) {
      if (ids.has(id)) continue;
      button.parent().remove();
      this.#buttons.delete(id);
    }
    rows.forEach((row, index) => {
      const button = this.#buttonOf(row.device.id);
      this.#fill(button, row);
      const item = button.parent();
      const present = this.#rows.children().get(index);
      if (present === undefined) this.#rows.append(item);
      else if (present !== item.get(0)) item.insertBefore(present);
    });
    // Moving an element takes the focus from it.
    if (
      focused instanceof HTMLElement &&
      focused !== document.activeElement &&
      this.#rows.has(focused).length
    )
      focused.focus();
    this.#keepStop();
    this.element.toggle(rows.length > 0);
  }

  #buttonOf(id: string): JQuery {
    const existing = this.#buttons.get(id);
    if (existing) return existing;
    const button = $('<button type="button" class="tuya-found-line tuya-found-row" tabindex="-1">').append(
      $('<span class="tuya-found-device">').append('<b class="tuya-found-title">', "<small>"),
      '<span class="tuya-found-ip">',
      '<span class="tuya-found-version">',
      '<span class="tuya-badge">',
    );
    $('<div role="listitem">').append(button);
    this.#buttons.set(id, button);
    return button;
  }

  #fill(button: JQuery, { device, title, details, badge }: FoundRow): void {
    const gateway = device.isGateway ? this.#translate("tuya-device.find.gateway") : "";
    button.find(".tuya-found-title").text(title);
    button.find("small").text([gateway, details].filter(Boolean).join(" · "));
    button.find(".tuya-found-ip").text(device.ip);
    button.find(".tuya-found-version").text(device.version || "?");
    button
      .find(".tuya-badge")
      .text(this.#translate(`tuya-device.find.badge.${badge}`))
      .attr("data-badge", badge);
    button
      .attr("title", this.#translate(`tuya-device.find.tip.${badge}`, { id: device.id }))
      .off("click")
      .on("click", () => this.#pick(device));
  }
}
