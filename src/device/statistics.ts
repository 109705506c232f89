import type { SessionStatistics } from "../session/session-options";
import type { DeviceStatistics } from "./types";

/** Adds up the statistics of a device over its ended sessions and the present one. */
export class StatisticsSum {
  #bytesIn = 0;
  #bytesOut = 0;
  #roundTripMs: number | undefined;
  #lastSeen: number | undefined;
  #notAuthentic = 0;

  /** A session ends. */
  add({ bytesIn, bytesOut, roundTripMs, lastSeen, notAuthentic }: SessionStatistics): void {
    this.#bytesIn += bytesIn;
    this.#bytesOut += bytesOut;
    this.#roundTripMs = roundTripMs ?? this.#roundTripMs;
    this.#lastSeen = later(this.#lastSeen, lastSeen);
    this.#notAuthentic += notAuthentic;
  }

  /**
   * @param present statistics of the present session, if there is one
   * @param heard when an announcement was heard last, in milliseconds since 1970
   */
  with(present: SessionStatistics | undefined, heard: number | undefined): DeviceStatistics {
    return {
      bytesIn: this.#bytesIn + (present?.bytesIn ?? 0),
      bytesOut: this.#bytesOut + (present?.bytesOut ?? 0),
      roundTripMs: present?.roundTripMs ?? this.#roundTripMs,
      lastSeen: later(later(this.#lastSeen, heard), present?.lastSeen),
      notAuthentic: this.#notAuthentic + (present?.notAuthentic ?? 0),
    };
  }
}

function later(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}
