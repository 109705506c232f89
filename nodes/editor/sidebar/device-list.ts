import { translate } from "../base/texts";
import type { DeviceRow } from "./device-rows";
import { RowElement } from "./row-element";

/** The callbacks for actions of the user in the list. */
export interface ListActions {
  /** A line was opened: the list shows the returned details below it, and calls their `close` when they go. */
  open(row: DeviceRow): OpenDetails;
  /** The user wants to edit the device. */
  edit(row: DeviceRow): void;
  /** The chosen devices have changed; the set of their node ids is live. */
  chosen(ids: ReadonlySet<string>): void;
}

/** The details below an open line. */
export interface OpenDetails {
  readonly element: HTMLElement;
  /** The line has changed. */
  update(row: DeviceRow): void;
  /** Called once. */
  close(): void;
}

/** How many lines a page key moves. */
const PAGE = 10;

/**
 * The list of devices, one a line. It is one stop for the tab key; arrow keys move within. Enter opens a line, the space
 * bar chooses it, with Shift all lines up to it.
 */
export class DeviceList {
  readonly element = $('<div class="tuya-rows" role="treegrid" aria-multiselectable="true">');
  readonly #actions: ListActions;
  /** The lines by node id. */
  readonly #elements = new Map<string, RowElement>();
  /** Node ids. */
  readonly #chosen = new Set<string>();
  /** The shown rows in their order. */
  #rows: readonly DeviceRow[] = [];
  #details: { readonly id: string; readonly shown: OpenDetails; readonly frame: HTMLElement } | undefined;
  /** The id of the line with the focus, or that will get it. */
  #current = "";
  /** The id of the line at which a choice with Shift begins. */
  #anchor = "";

  constructor(actions: ListActions) {
    this.#actions = actions;
    this.element.attr("aria-label", translate("tuya-device.overview.title"));
    this.element.on("click", ".tuya-row", (event) => this.#clicked(event as unknown as JQuery.ClickEvent));
    this.element.on("dblclick", ".tuya-row", (event) => {
      const row = this.#rowAt(event.currentTarget as HTMLElement);
      if (row && !isTick(event.target)) this.#actions.edit(row);
    });
    this.element.on("focusin", ".tuya-row", (event) => {
      this.#makeCurrent((event.currentTarget as HTMLElement).dataset["id"] ?? "");
    });
    this.element.on("keydown", ".tuya-row", (event) =>
      this.#pressed(event as unknown as JQuery.KeyDownEvent),
    );
    this.element.on("keydown", ".tuya-details", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      // Other listeners would look for an element that is gone.
      event.stopPropagation();
      const id = this.#details?.id ?? "";
      this.#closeDetails();
      this.#focus(id);
    });
  }

  /** The node ids of the chosen devices. Live. */
  get chosen(): ReadonlySet<string> {
    return this.#chosen;
  }

  /**
   * Shows these lines in this order. Chosen devices that are not among them are not chosen any more.
   *
   * @param now milliseconds since 1970
   */
  show(rows: readonly DeviceRow[], now = Date.now()): void {
    const focused = this.#hasFocus();
    const before = new Map(this.#rows.map((row) => [row.device.id, row]));
    this.#rows = rows;
    const ids = new Set(rows.map(({ device }) => device.id));
    if (this.#details && !ids.has(this.#details.id)) this.#closeDetails();
    for (const [id, { element }] of this.#elements) {
      if (ids.has(id)) continue;
      element.remove();
      this.#elements.delete(id);
    }
    const box = this.element.get(0) as HTMLElement;
    let next = box.firstElementChild;
    for (const row of rows) {
      const { id } = row.device;
      const line = this.#elements.get(id) ?? new RowElement();
      this.#elements.set(id, line);
      line.show(row, now);
      if (line.element === next) next = next.nextElementSibling;
      else box.insertBefore(line.element, next);
      if (this.#details?.id !== id) continue;
      const { frame, shown } = this.#details;
      if (frame === next) next = next.nextElementSibling;
      else box.insertBefore(frame, next);
      if (row !== before.get(id)) shown.update(row);
    }
    if (!ids.has(this.#current)) this.#makeCurrent(rows[0]?.device.id ?? "");
    // An element that is moved loses the focus.
    if (focused && !this.#hasFocus()) this.#focus(this.#current);
    const gone = Array.from(this.#chosen).filter((id) => !ids.has(id));
    if (gone.length > 0) this.choose(Array.from(this.#chosen).filter((id) => ids.has(id)));
  }

  /** Chooses the lines with these node ids, and no others. Ids without a line are ignored. */
  choose(ids: Iterable<string>): void {
    this.#chosen.clear();
    for (const id of ids) if (this.#elements.has(id)) this.#chosen.add(id);
    for (const [id, { element, tick }] of this.#elements) {
      const isChosen = this.#chosen.has(id);
      element.setAttribute("aria-selected", String(isChosen));
      tick.checked = isChosen;
    }
    this.element.toggleClass("tuya-choosing", this.#chosen.size > 0);
    this.#actions.chosen(this.#chosen);
  }

  /** Opens the line with this node id in place of another one, and moves the focus there. Does nothing without such a line. */
  open(id: string): void {
    const row = this.#rows.find(({ device }) => device.id === id);
    const line = this.#elements.get(id);
    if (!row || !line) return;
    this.#closeDetails();
    const shown = this.#actions.open(row);
    const frame = document.createElement("div");
    frame.className = "tuya-details";
    frame.setAttribute("role", "row");
    shown.element.setAttribute("role", "gridcell");
    frame.append(shown.element);
    line.element.after(frame);
    line.element.setAttribute("aria-expanded", "true");
    this.#details = { id, shown, frame };
    this.#focus(id);
    frame.scrollIntoView({ block: "nearest" });
    line.element.scrollIntoView({ block: "nearest" });
  }

  #closeDetails(): void {
    if (!this.#details) return;
    const { id, shown, frame } = this.#details;
    this.#details = undefined;
    this.#elements.get(id)?.element.setAttribute("aria-expanded", "false");
    shown.close();
    frame.remove();
  }

  #toggle(id: string): void {
    if (this.#details?.id === id) this.#closeDetails();
    else this.open(id);
  }

  #clicked(event: JQuery.ClickEvent): void {
    const id = (event.currentTarget as HTMLElement).dataset["id"] ?? "";
    if (isTick(event.target) || event.ctrlKey || event.metaKey) this.#toggleChosen(id);
    else if (event.shiftKey) this.#chooseUpTo(id);
    else {
      this.#toggle(id);
      return;
    }
    this.#focus(id);
  }

  #pressed(event: JQuery.KeyDownEvent): void {
    if (event.altKey) return;
    const at = this.#rows.findIndex(({ device }) => device.id === this.#current);
    const target = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE,
      PageUp: at - PAGE,
      Home: 0,
      End: Infinity,
    }[event.key];
    if (target !== undefined) {
      const row = this.#rows[Math.max(0, Math.min(target, this.#rows.length - 1))];
      event.preventDefault();
      if (!row) return;
      if (event.shiftKey) this.#chooseUpTo(row.device.id);
      this.#focus(row.device.id);
      return;
    }
    const isOpen = this.#details?.id === this.#current;
    if (event.key === "Enter") this.#toggle(this.#current);
    else if (event.key === " ") this.#toggleChosen(this.#current);
    else if (event.key === "ArrowRight" && !isOpen) this.open(this.#current);
    else if ((event.key === "ArrowLeft" || event.key === "Escape") && isOpen) this.#closeDetails();
    else if (event.key === "Escape" && this.#chosen.size > 0) this.choose([]);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) this.choose(this.#elements.keys());
    else return;
    event.preventDefault();
    // Node-RED uses some of these keys itself.
    event.stopPropagation();
  }

  #toggleChosen(id: string): void {
    this.#anchor = id;
    const ids = new Set(this.#chosen);
    if (!ids.delete(id)) ids.add(id);
    this.choose(ids);
  }

  /** Chooses all lines from the anchor to this one. */
  #chooseUpTo(id: string): void {
    const ids = this.#rows.map(({ device }) => device.id);
    if (!ids.includes(this.#anchor)) this.#anchor = this.#current;
    const [from, to] = [ids.indexOf(this.#anchor), ids.indexOf(id)].sort((a, b) => a - b);
    this.choose(ids.slice(from, (to ?? 0) + 1));
  }

  #rowAt(element: HTMLElement): DeviceRow | undefined {
    return this.#rows.find(({ device }) => device.id === element.dataset["id"]);
  }

  #hasFocus(): boolean {
    return this.element.get(0)?.contains(document.activeElement) === true;
  }

  /** Makes this line the stop of the tab key. */
  #makeCurrent(id: string): void {
    this.#elements.get(this.#current)?.element.setAttribute("tabindex", "-1");
    this.#current = id;
    this.#elements.get(id)?.element.setAttribute("tabindex", "0");
  }

  #focus(id: string): void {
    this.#elements.get(id)?.element.focus();
  }
}

/** Whether a click was on a box, or right beside it. */
function isTick(target: unknown): boolean {
  return target instanceof HTMLElement && target.closest(".tuya-row-tick") !== null;
}
