export interface FloodGuardOptions {
  /** Datagrams of one sender that are looked at in about a second. */
  readonly perSender: number;
  /** Datagrams of all senders together that are looked at in about a second. */
  readonly total: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

/** Never the same: a device that speaks once a second must not always come when the others have used the second up. */
const SHORTEST_MS = 750;
const LONGEST_MS = 1_250;

/**
 * Limits what a flood of datagrams can cost. Where it comes from a few senders nobody else notices it; where the total
 * counts, everybody is heard now and then.
 */
export class FloodGuard {
  readonly #options: FloodGuardOptions;
  /** Of the present second; no more entries than datagrams are let through. */
  readonly #counts = new Map<string, number>();
  #total = 0;
  #endsAt = -Infinity;

  constructor(options: FloodGuardOptions) {
    this.#options = options;
  }

  /** Whether a datagram is to be looked at. `now` in milliseconds, never running backwards. */
  admits(sender: string, now: number): boolean {
    const { perSender, total, random } = this.#options;
    if (now >= this.#endsAt) {
      this.#endsAt = now + SHORTEST_MS + random() * (LONGEST_MS - SHORTEST_MS);
      this.#total = 0;
      this.#counts.clear();
    }
    const count = this.#counts.get(sender) ?? 0;
    if (this.#total >= total || count >= perSender) return false;
    this.#total++;
    this.#counts.set(sender, count + 1);
    return true;
  }
}
