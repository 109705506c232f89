export interface HeartbeatOptions {
  /** Heartbeat after this much silence of ours, in milliseconds. */
  readonly intervalMs: number;
  /** Nothing received for this long although asked: the device is gone. */
  readonly deadAfterMs: number;
  readonly send: () => void;
  readonly dead: () => void;
}

/**
 * Keeps a session alive and notices when nobody is there any more. Devices hang up 30 s after the client's last frame,
 * whatever they pushed meanwhile; so the interval counts from what was sent. Any byte received is a sign of life.
 *
 * Owns one timer from `start` to `stop`. Frames only move a time stamp: no timer is touched per frame.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | undefined;
  #lastSent = 0;
  #lastReceived = 0;
  /** When the device was asked for a sign of life and has not given one yet. */
  #askedAt: number | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    this.#lastSent = this.#lastReceived = performance.now();
    this.#schedule(this.#options.intervalMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  sent(): void {
    this.#lastSent = performance.now();
  }

  received(): void {
    this.#lastReceived = performance.now();
    this.#askedAt = undefined;
  }

  /** Asks for a sign of life now; the device is dead when none comes within `deadlineMs`. */
  probe(deadlineMs: number): void {
    this.#ask();
    this.#schedule(deadlineMs, deadlineMs);
  }

  #ask(): void {
    this.#askedAt ??= performance.now();
    this.#options.send();
  }

  #schedule(ms: number, deadAfterMs = this.#options.deadAfterMs): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(deadAfterMs), Math.max(1, ms));
  }

  #check(deadAfterMs: number): void {
    const now = performance.now();
    // Timers may fire a fraction of a millisecond early.
    if (this.#askedAt !== undefined && now - this.#lastReceived >= deadAfterMs - 1) {
      this.stop();
      this.#options.dead();
      return;
    }
    if (now - this.#lastSent >= this.#options.intervalMs - 1) this.#ask();
    this.#schedule(this.#options.intervalMs - (performance.now() - this.#lastSent));
  }
}
