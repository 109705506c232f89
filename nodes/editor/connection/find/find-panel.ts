import { type AdminRequest } from "../../base/requests";
import { FoundList } from "./found-list";
import { toFoundRows, type FoundDevice } from "./found-device";
import { NetworkBox } from "./network-box";
import type { HealthView } from "./network-findings";
import type { Translate } from "../../base/red";
import "./find-panel.css";
import { requestDevices, requestHealth } from "./find-requests";

/** Between two requests for the list, in milliseconds. */
const POLL_MS = 1_000;
/** Devices announce themselves every 5 s: if none is heard for twice that time, something is wrong. */
const SILENCE_MS = 10_000;
/** With more lines there is a filter. */
const MANY = 8;

/** The parts of the form that the panel needs. */
export interface FindParts {
  /** The element that becomes the panel; hidden while it is closed. */
  readonly box: JQuery;
  readonly translate: Translate;
  /** The device id in the form; "" if there is none. */
  currentId(): string;
  /** Labels of the other devices of the editor by device id. */
  knownDevices(): ReadonlyMap<string, string>;
  /** The user has chosen a device. */
  pick(device: FoundDevice): void;
  /** The user wants to enter an address, because the device is not heard. */
  enterAddress(): void;
}

/** The Find panel: shows the devices that are heard, or why none is. Asks the server only while it is open. */
export class FindPanel {
  readonly #parts: FindParts;
  #open: OpenPanel | undefined;

  constructor(parts: FindParts) {
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Opens the panel and begins to ask; does nothing if the panel is open. */
  open(): void {
    this.#open ??= new OpenPanel(this.#parts);
  }

  /** Ends all requests of the panel. May be called again. */
  close(): void {
    this.#open?.close();
    this.#open = undefined;
  }
}

/** The panel while it is open. */
class OpenPanel {
  readonly #parts: FindParts;
  readonly #list: FoundList;
  readonly #network: NetworkBox;
  readonly #spinner = $('<i class="fa fa-spinner fa-spin" aria-hidden="true">');
  readonly #status = $('<span class="tuya-find-status" role="status">');
  readonly #filter = $('<input type="text" class="tuya-find-filter" spellcheck="false" autocomplete="off">');
  readonly #missing = $('<button type="button" class="tuya-link" aria-expanded="false">');
  readonly #openedAt = Date.now();
  #devices: readonly FoundDevice[] = [];
  /** Why the last request failed; "" if it did not. */
  #failure = "";
  /** Whether the user has asked why a device is missing. */
  #isNetworkWanted = false;
  /** Whether announcements can be heard; undefined before the first answer. */
  #health: HealthView | undefined;
  #requests: readonly AdminRequest[] = [];
  #timer: number | undefined;
  /** The parts that have been scrolled to. */
  readonly #scrolledTo = new Set<JQuery>();

  constructor(parts: FindParts) {
    this.#parts = parts;
    const { box, translate } = parts;
    this.#list = new FoundList(translate, (device) => parts.pick(device));
    this.#network = new NetworkBox(translate, () => parts.enterAddress());
    const word = translate("tuya-device.find.filter");
    this.#filter.attr({ placeholder: word, "aria-label": word }).on("input", () => this.#render());
    this.#missing.text(translate("tuya-device.find.missing")).on("click", () => {
      this.#isNetworkWanted = !this.#isNetworkWanted;
      this.#render();
      this.#poll();
    });
    const line = $('<div class="tuya-find-line">').append(
      this.#spinner,
      this.#status,
      this.#missing,
      this.#filter,
    );
    box.empty().append(line, this.#list.element, this.#network.element).show();
    this.#render();
    this.#poll();
  }

  close(): void {
    this.#stopAsking();
    this.#parts.box.hide().empty();
  }

  #stopAsking(): void {
    clearTimeout(this.#timer);
    for (const request of this.#requests) request.cancel();
    this.#requests = [];
  }

  /** Asks now, and again some time after the answer. */
  #poll(): void {
    this.#stopAsking();
    const { translate } = this.#parts;
    const settled = (failure: string): void => {
      this.#failure = failure;
      this.#render();
      this.#timer = window.setTimeout(() => this.#poll(), POLL_MS);
    };
    const devices = requestDevices(
      {
        done: (found) => {
          this.#devices = found;
          settled("");
        },
        failed: settled,
      },
      translate,
    );
    this.#requests = [devices];
    // The first time at once, because it may say that nothing can be heard; later only while the network box is shown.
    if (this.#health && !this.#isNetworkShown) return;
    const health = requestHealth(
      {
        done: (found) => {
          this.#health = found;
          this.#network.show(found);
          this.#render();
        },
        failed: () => undefined,
      },
      translate,
    );
    this.#requests = [devices, health];
  }

  get #isNetworkShown(): boolean {
    const isSilent = this.#devices.length === 0 && Date.now() - this.#openedAt >= SILENCE_MS;
    return this.#failure === "" && (this.#isNetworkWanted || isSilent || this.#isDeaf);
  }

  /** Whether no announcement can be heard, because no port is open. False before the first answer. */
  get #isDeaf(): boolean {
    return this.#health?.ports.every(({ state }) => state !== "open") ?? false;
  }

  /** Whether discovery is switched off in settings.js: then it has no ports. */
  get #isOff(): boolean {
    return this.#health?.ports.length === 0;
  }

  #render(): void {
    const filter = String(this.#filter.val() ?? "");
    const rows = toFoundRows(this.#devices, {
      current: this.#parts.currentId(),
      known: this.#parts.knownDevices(),
      filter,
    });
    this.#list.show(rows);
    this.#filter.toggle(this.#devices.length > MANY || filter !== "");
    this.#missing
      .toggle(this.#devices.length > 0 && this.#failure === "")
      .attr("aria-expanded", String(this.#isNetworkWanted));
    this.#network.element.toggle(this.#isNetworkShown);
    this.#scrollIntoView();
    this.#spinner.toggle(!this.#isOff);
    this.#status.text(this.#statusText(rows.length)).toggleClass("tuya-danger-text", this.#failure !== "");
  }

  /**
   * Scrolls to a part that has just appeared, which may be below the tray. Once for each part, because users scroll, too.
   */
  #scrollIntoView(): void {
    for (const part of [this.#list.element, this.#network.element]) {
      if (!part.is(":visible") || part.is(":empty") || this.#scrolledTo.has(part)) continue;
      this.#scrolledTo.add(part);
      part.get(0)?.scrollIntoView({ block: "nearest" });
    }
  }

  #statusText(shown: number): string {
    const { translate } = this.#parts;
    if (this.#failure !== "") return this.#failure;
    const count = this.#devices.length;
    if (this.#isOff) return translate("tuya-device.find.off");
    if (count === 0) {
      const seconds = Math.round((Date.now() - this.#openedAt) / 1_000);
      return translate("tuya-device.find.nothing", { seconds });
    }
    if (shown < count) return translate("tuya-device.find.filtered", { shown, count });
    return count === 1 ? translate("tuya-device.find.one") : translate("tuya-device.find.many", { count });
  }
}
