import type { ChildRow } from "./child-row";
import type { Translate } from "./red";

/**
 * The list of a gateway's sub-devices. Lines stay the same elements while they are refreshed, and stay where they are
 * while the mouse or the keyboard is among them: nobody is to click on a line that has just moved there.
 */
export class ChildrenList {
  readonly element = $('<div class="tuya-found tuya-children-list">');
  readonly #rows = $('<div class="tuya-found-rows" role="list">');
  readonly #translate: Translate;
  readonly #pick: (row: ChildRow) => void;
  readonly #buttons = new Map<string, JQuery>();
  readonly #reports = new Map<string, number>();

  constructor(translate: Translate, pick: (row: ChildRow) => void) {
    this.#translate = translate;
    this.#pick = pick;
    const header = $('<div class="tuya-found-line tuya-found-header">');
    for (const column of ["device", "state"] as const)
      $("<span>")
        .text(translate(`tuya-device.children.column.${column}`))
        .appendTo(header);
    this.element.append(header, this.#rows).hide();
    this.#rows.on("keydown", (event) => this.#move(event));
  }

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
    const buttons = this.#rows.find("button");
    if (buttons.filter('[tabindex="0"]').length === 0) buttons.first().attr("tabindex", 0);
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
    button.on("focus", () => {
      this.#rows.find("button").attr("tabindex", -1);
      button.attr("tabindex", 0);
    });
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

  /** A line whose sub-device has just reported lights up, and comes into view. */
  #flash(cid: string, reports: number): void {
    const before = this.#reports.get(cid) ?? 0;
    this.#reports.set(cid, reports);
    const element = this.#buttons.get(cid)?.get(0);
    if (reports <= before || !element) return;
    element.classList.remove("tuya-flash");
    // Without a look at its size the browser would not begin the animation anew.
    void element.offsetWidth;
    element.classList.add("tuya-flash");
    element.scrollIntoView({ block: "nearest" });
  }

  #move(event: JQuery.KeyDownEvent): void {
    const buttons = this.#rows.find("button");
    const at = buttons.index(event.target.closest("button"));
    const target = {
      ArrowDown: Math.min(at + 1, buttons.length - 1),
      ArrowUp: Math.max(at - 1, 0),
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    buttons.eq(target).trigger("focus");
  }
}
