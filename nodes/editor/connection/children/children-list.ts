import type { ChildRow } from "./child-row";
import type { Translate } from "../../base/red";
import { roveButtons } from "../../base/roving";

/**
 * The list of a gateway's sub-devices. Lines keep their elements when they are refreshed. They do not move while the
 * mouse or the keyboard focus is in the list, so that nobody clicks on a line that has just moved there.
 */
export class ChildrenList {
  readonly element = $('<div class="tuya-found tuya-children-list">');
  readonly #rows = $('<div class="tuya-found-rows" role="list">');
  readonly #translate: Translate;
  readonly #pick: (row: ChildRow) => void;
  /** The lines by cid. */
  readonly #buttons = new Map<string, JQuery>();
  /** What `roveButtons` returned. */
  readonly #keepStop: () => void;
  /** How often each had reported when it was last shown, by cid. */
  readonly #reports = new Map<string, number>();

  /** @param pick called when the user chooses a line */
  constructor(translate: Translate, pick: (row: ChildRow) => void) {
    this.#translate = translate;
    this.#pick = pick;
    const header = $('<div class="tuya-found-line tuya-found-header">');
    for (const column of ["device", "state"] as const)
      $("<span>")
        .text(translate(`tuya-device.children.column.${column}`))
        .appendTo(header);
    this.element.append(header, this.#rows).hide();
    this.#keepStop = roveButtons(this.#rows);
  }

  /** Shows these lines. Those shown before must be among them: none is removed. */
  show(rows: readonly ChildRow[]): void {
    const { activeElement } = document;
    const isFocused = activeElement !== null && this.element.has(activeElement).length > 0;
    const isHeld = isFocused || this.element.is(":hover");
    for (const row of rows) {
      const button = this.#buttonOf(row.child.cid);
      this.#fill(button, row);
      const item = button.parent();
      if (!isHeld || item.parent().length === 0) this.#rows.append(item);
    }
    this.#keepStop();
    this.element.toggle(rows.length > 0);
    for (const { child } of rows) this.#flash(child.cid, child.reports);
  }

  #buttonOf(cid: string): JQuery {
    const existing = this.#buttons.get(cid);
    if (existing) return existing;
    const button = $('<button type="button" class="tuya-found-line tuya-found-row" tabindex="-1">').append(
      $('<span class="tuya-found-device">').append(
        $('<span class="tuya-child-name">').append(
          '<b class="tuya-found-title">',
          " ",
          '<span class="tuya-child-id">',
        ),
        '<small class="tuya-child-values">',
      ),
      '<span class="tuya-child-state">',
      '<span class="tuya-badge">',
    );
    $('<div role="listitem">').append(button);
    this.#buttons.set(cid, button);
    return button;
  }

  #fill(button: JQuery, row: ChildRow): void {
    const { child, title, id, values, state, badge } = row;
    button.find(".tuya-found-title").text(title);
    button.find(".tuya-child-id").text(id);
    const shown = button.find("small").empty();
    for (const { text, isReported } of values) {
      if (shown.children().length > 0) shown.append(" · ");
      shown.append($(isReported ? "<b>" : "<span>").text(text));
    }
    if (values.length === 0) shown.text(this.#translate("tuya-device.children.noValues"));
    button
      .find(".tuya-child-state")
      .text(this.#translate(`tuya-device.children.state.${state}`))
      .attr("data-state", state);
    button
      .find(".tuya-badge")
      .text(this.#translate(`tuya-device.find.badge.${badge}`))
      .attr("data-badge", badge);
    const tip = { id: child.cid, name: title };
    button
      .attr("title", this.#translate(`tuya-device.children.tip.${badge}`, tip))
      .off("click")
      .on("click", () => this.#pick(row));
  }

  /** Highlights the line of a sub-device that has just reported, and scrolls to it. */
  #flash(cid: string, reports: number): void {
    const before = this.#reports.get(cid) ?? 0;
    this.#reports.set(cid, reports);
    const element = this.#buttons.get(cid)?.get(0);
    if (reports <= before || !element) return;
    element.classList.remove("tuya-flash");
    // Reading a size makes the browser restart the animation.
    void element.offsetWidth;
    element.classList.add("tuya-flash");
    element.scrollIntoView({ block: "nearest" });
  }
}
