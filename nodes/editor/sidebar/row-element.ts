import { counted, translate } from "../base/texts";
import type { DeviceRow } from "./device-rows";
import { shortDuration } from "./durations";

/**
 * A device seen within this time counts as seen now, in milliseconds: devices answer a heartbeat about every ten seconds.
 */
const NOW_MS = 60_000;

/** The line of one device. Changes only what differs, so that two hundred lines are cheap. */
export class RowElement {
  readonly element: HTMLElement;
  /** The box that chooses the device. */
  readonly tick: HTMLInputElement;
  readonly #parts: ReadonlyMap<string, HTMLElement>;
  #shown: DeviceRow | undefined;
  /** The number of nodes that use the device and whether it is idle, as shown. */
  #users = "";

  constructor() {
    this.element = TEMPLATE.content.firstElementChild?.cloneNode(true) as HTMLElement;
    this.tick = this.element.querySelector("input") as HTMLInputElement;
    const parts = Array.from(this.element.querySelectorAll<HTMLElement>("[data-part]"));
    this.#parts = new Map(parts.map((part) => [part.dataset["part"] ?? "", part]));
  }

  /** Shows the device as it is now; `now` in milliseconds since 1970. */
  show(row: DeviceRow, now: number): void {
    const before = this.#shown;
    this.#shown = row;
    if (before?.device !== row.device) this.#showDevice(row);
    if (before !== row) this.#showState(row);
    this.#text("seen", seenText(row, now));
  }

  /** Shows the parts that only a change in the editor changes. */
  #showDevice({ device, distinction }: DeviceRow): void {
    setAttribute(this.element, "data-id", device.id);
    setAttribute(this.tick, "aria-label", translate("tuya-device.overview.tick", { name: device.name }));
    this.#text("name", device.name);
    this.#text("id", distinction);
  }

  /** Shows the other parts. */
  #showState(row: DeviceRow): void {
    const { device, live, badge } = row;
    const { element } = this;
    setAttribute(element, "aria-level", String(row.level + 1));
    setAttribute(element, "data-trouble", String(row.isInTrouble));
    setAttribute(element, "data-undeployed", String(row.isUndeployed));
    const dot = this.#part("dot");
    setAttribute(dot, "data-fill", badge.fill);
    setAttribute(dot, "data-shape", badge.shape);
    this.#text("state", word(badge.text));
    const tested = row.isTested === undefined ? "" : row.isTested ? "passed" : "failed";
    this.#text("tested", tested === "" ? "" : word(`tuya-device.test.state.${tested}`));
    setAttribute(this.#part("tested"), "data-tested", tested);
    this.#text(
      "behind",
      row.behind === "" ? "" : translate("tuya-device.overview.behind", { name: row.behind }),
    );
    this.#text("ip", device.cid === "" ? (live?.ip ?? device.ip) : "");
    this.#text("version", device.cid === "" ? (live?.version ?? "") : "");
    const users = Math.max(device.users, live?.users ?? 0);
    this.#text("users", String(users));
    // If the device is not used although nodes name it, a word explains it: they are disabled, not deployed, or unused
    // sub-devices.
    const isIdle = row.isUnused && users > 0;
    if (`${users} ${isIdle}` !== this.#users) {
      this.#users = `${users} ${isIdle}`;
      const tip = isIdle
        ? counted("tuya-device.overview.idleUsers", users)
        : counted("tuya-device.overview.users", users);
      setAttribute(this.#part("users"), "title", tip);
      setAttribute(this.#part("users"), "aria-label", tip);
    }
    this.#text("sentence", row.sentence);
    setAttribute(element, "title", row.sentence);
  }

  /** The element with this `data-part`. */
  #part(name: string): HTMLElement {
    const part = this.#parts.get(name);
    if (!part) throw new Error(`A line has no part ${name}.`);
    return part;
  }

  #text(name: string, text: string): void {
    const part = this.#part(name);
    if (part.textContent !== text) part.textContent = text;
  }
}

/** Cached texts without parameters: Node-RED's look-up takes longer than the rest of a line. */
const words = new Map<string, string>();

function word(key: string): string {
  const known = words.get(key);
  if (known !== undefined) return known;
  const text = translate(key);
  words.set(key, text);
  return text;
}

/** How long the device has been connected; if it is not, when it was last seen. */
function seenText({ live }: DeviceRow, now: number): string {
  if (!live || live.state === "unused") return "";
  if (live.state === "ready") return shortDuration(now - live.since);
  if (live.lastSeen === undefined) return "";
  const past = now - live.lastSeen;
  return past < NOW_MS
    ? word("tuya-device.overview.seenNow")
    : translate("tuya-device.overview.seen", { time: shortDuration(past) });
}

function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** The elements of a line, to be cloned. */
const TEMPLATE = document.createElement("template");
TEMPLATE.innerHTML = `
<div class="tuya-row" role="row" tabindex="-1" aria-selected="false" aria-expanded="false">
  <span class="tuya-row-tick" role="gridcell"><input type="checkbox" tabindex="-1"></span>
  <span class="tuya-row-dot" role="presentation"><i data-part="dot"></i></span>
  <span class="tuya-row-name" role="gridcell"><b data-part="name"></b><small data-part="id"></small></span>
  <span class="tuya-row-facts" role="presentation"><span role="gridcell" data-part="state"></span
    ><span role="gridcell" data-part="tested"></span
    ><span role="gridcell" data-part="behind"></span><span role="gridcell" data-part="ip"></span
    ><span role="gridcell" data-part="version"></span><span role="gridcell" data-part="seen"></span></span>
  <span class="tuya-row-users" role="gridcell" data-part="users"></span>
  <span class="tuya-row-sentence" role="gridcell" data-part="sentence"></span>
</div>`.trim();
