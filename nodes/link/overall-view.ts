import { type Badge, badgeOfMany } from "./badge";
import type { DeviceLink } from "./device-link";

/** When Node-RED starts, many states change at once: they are counted together after so many milliseconds. */
const LOOK_MS = 250;

export interface OverallViewOptions {
  /** "connected", in the user's language. */
  readonly connected: string;
  /** Catalogue key of the text that is shown if there are no devices. */
  readonly none: string;
  readonly show: (badge: Badge, text: string) => void;
}

/** Shows in the badge of a node how many of its devices are connected: "connected 38/40". The first time at once. */
export class OverallView {
  readonly #options: OverallViewOptions;
  #links: readonly DeviceLink[] = [];
  #note = "";
  #timer: NodeJS.Timeout | undefined;
  #hasShown = false;

  constructor(options: OverallViewOptions) {
    this.#options = options;
  }

  /** The list of devices, or the state of one, has changed. */
  look(links: readonly DeviceLink[]): void {
    this.#links = links;
    if (!this.#hasShown) this.#show();
    else this.#timer ??= setTimeout(() => this.#show(), LOOK_MS);
  }

  /** A text to show behind the count. */
  note(text: string): void {
    this.#note = text;
    this.look(this.#links);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #show(): void {
    this.#hasShown = true;
    this.#timer = undefined;
    const { connected: word, none, show } = this.#options;
    const total = this.#links.length;
    const connected = this.#links.filter(({ state }) => state.kind === "ready").length;
    const count = `${word} ${connected}/${total}`;
    const text = this.#note === "" ? count : `${count} · ${this.#note}`;
    show(badgeOfMany(connected, total), total === 0 ? none : text);
  }
}
