import { randomBytes } from "node:crypto";

/** With more tickets the oldest one is forgotten. */
const MAX_TICKETS = 4;

/**
 * Keys that were fetched and not used yet, by device id. Those of each fetch are kept under a ticket, which only the
 * browser that fetched them knows. Forgotten after a while, and when they are used.
 */
export class KeyTickets {
  readonly #keepMs: number;
  readonly #tickets = new Map<string, { keys: ReadonlyMap<string, string>; timer: NodeJS.Timeout }>();

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  /** Returns the ticket. */
  keep(keys: ReadonlyMap<string, string>): string {
    const [oldest] = this.#tickets.keys();
    if (oldest !== undefined && this.#tickets.size >= MAX_TICKETS) this.forget(oldest);
    const ticket = randomBytes(24).toString("base64url");
    const timer = setTimeout(() => this.forget(ticket), this.#keepMs).unref();
    this.#tickets.set(ticket, { keys, timer });
    return ticket;
  }

  /** The keys of a ticket; undefined if it is unknown or forgotten. */
  find(ticket: string): ReadonlyMap<string, string> | undefined {
    return this.#tickets.get(ticket)?.keys;
  }

  forget(ticket: string): void {
    clearTimeout(this.#tickets.get(ticket)?.timer);
    this.#tickets.delete(ticket);
  }
}
