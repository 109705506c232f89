/** The limits of a `FloodGuard`. */
export interface FloodGuardOptions {
  /** How many datagrams of one sender are looked at in about a second. */
  readonly perSender: number;
  /** How many datagrams of all senders together are looked at in about a second. */
  readonly total: number;
  /** Gives random numbers, 0 ≤ x < 1. */
  readonly random: () => number;
}

/** Each period has a random length: a device that sends once a second must not always come when the period is used up. */
const SHORTEST_MS = 750;
const LONGEST_MS = 1_250;

/**
 * Limits the cost of a flood of datagrams. A flood from a few senders does not affect the others; if the total is
 * reached, every sender still gets through now and then.
 */
export class FloodGuard {
  readonly #options: FloodGuardOptions;
  /** Datagrams per sender in the present period. Has as many entries as datagrams are let through, at most. */
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
