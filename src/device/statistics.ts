import type { SessionStatistics } from "../session/session-options";
import type { DeviceStatistics } from "./types";

/** Adds up how the connections of a device are doing, over those that have ended and the present one. */
export class StatisticsSum {
  #bytesIn = 0;
  #bytesOut = 0;
  #roundTripMs: number | undefined;
  #lastSeen: number | undefined;
  #notAuthentic = 0;

  /** A connection ends. */
  add({ bytesIn, bytesOut, roundTripMs, lastSeen, notAuthentic }: SessionStatistics): void {
    this.#bytesIn += bytesIn;
    this.#bytesOut += bytesOut;
    this.#roundTripMs = roundTripMs ?? this.#roundTripMs;
    this.#lastSeen = later(this.#lastSeen, lastSeen);
    this.#notAuthentic += notAuthentic;
  }

  /**
   * @param present of the connection there is
   * @param heard when the device was heard last without one, in milliseconds since 1970
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
