import type { Badge } from "../link/badge";
import { StatusBadge, type StatusTarget } from "../link/status-badge";

type DiscoverKey = "listening" | "found" | "nothing" | "failed" | "off";

const BADGES: { readonly [K in DiscoverKey]: Badge<K> } = {
  listening: { fill: "blue", shape: "dot", key: "listening" },
  found: { fill: "green", shape: "dot", key: "found" },
  nothing: { fill: "yellow", shape: "ring", key: "nothing" },
  failed: { fill: "red", shape: "ring", key: "failed" },
  off: { fill: "grey", shape: "ring", key: "off" },
};

/** The badge of a tuya-discover. */
export class DiscoverBadge {
  readonly #badge: StatusBadge<DiscoverKey>;
  readonly #translate: (key: string) => string;

  constructor(target: StatusTarget, translate: (key: string) => string) {
    this.#badge = new StatusBadge(target);
    this.#translate = translate;
  }

  /** A scan runs and has found so many devices. */
  listening(count: number): void {
    this.#show("listening", count);
  }

  /** A scan is over. */
  found(count: number): void {
    if (count > 0) this.#show("found", count);
    else this.#badge.show(BADGES.nothing);
  }

  /** No announcements can be heard. `isOff`: discovery is switched off. */
  failed(isOff: boolean): void {
    this.#badge.show(isOff ? BADGES.off : BADGES.failed);
  }

  #show(key: DiscoverKey, count: number): void {
    if (count === 0) this.#badge.show(BADGES[key]);
    else this.#badge.show(BADGES[key], `${this.#translate(`tuya-discover.status.${key}`)}: ${count}`);
  }
}
