import type { Timings } from "./timings";

/** The session that is kept alive. */
export interface HeartbeatOwner {
  /** Sends a heartbeat. */
  beat(): void;
  /** The device is gone. Called at most once. */
  dead(): void;
}

/** Timers may fire a fraction of a millisecond early. */
const EARLY_MS = 1;

/**
 * Heartbeats are sent at multiples of the interval divided by this, by the clock that all sessions share. So the
 * heartbeats of many devices, and their answers, come together and wake up this process only a few times a minute.
 */
const STEPS_PER_INTERVAL = 10;

/**
 * Keeps a session alive and notices when the device is gone. Devices hang up 30 s after the client's last frame, even if
 * they pushed meanwhile, so a heartbeat is sent when we sent nothing for a while. One is also sent when the device sent
 * nothing for a while: our other frames need not be answered (UPDATEDPS). Any byte received is a sign of life.
 *
 * Owns one timer from `start` to `stop`. Frames only move a time stamp: no timer is touched per frame.
 */
export class Heartbeat {
  readonly #timings: Pick<Timings, "heartbeatIntervalMs" | "deadAfterMs">;
  readonly #owner: HeartbeatOwner;
  #timer: NodeJS.Timeout | undefined;
  #lastLook: NodeJS.Immediate | undefined;
  #lastAsked = 0;
  #lastSent = 0;
  #lastReceived = 0;
  #hasReceived = false;
  /** Until when a sign of life has to come, if one was asked for. */
  #deadline: number | undefined;

  constructor(timings: Pick<Timings, "heartbeatIntervalMs" | "deadAfterMs">, owner: HeartbeatOwner) {
    this.#timings = timings;
    this.#owner = owner;
  }

  start(): void {
    this.#lastAsked = this.#lastSent = this.#lastReceived = performance.now();
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#lastLook);
    this.#timer = undefined;
  }

  /** How long ago the last byte was received, in milliseconds; undefined = never. */
  get silentMs(): number | undefined {
    return this.#hasReceived ? performance.now() - this.#lastReceived : undefined;
  }

  sent(): void {
    this.#lastSent = performance.now();
  }

  received(): void {
    this.#lastReceived = performance.now();
    this.#hasReceived = true;
    this.#deadline = undefined;
  }

  /**
   * Asks for a sign of life now; the device counts as dead if none comes within `deadlineMs`. Does nothing when stopped.
   */
  probe(deadlineMs: number): void {
    if (!this.#timer) return;
    this.#ask(deadlineMs);
    if (this.#timer) this.#schedule();
  }

  /** When to ask for a sign of life if nothing happens before. */
  get #nextAsk(): number {
    const { heartbeatIntervalMs } = this.#timings;
    const quietSince = Math.max(this.#lastAsked, Math.min(this.#lastSent, this.#lastReceived));
    const step = heartbeatIntervalMs / STEPS_PER_INTERVAL;
    return step * Math.round((quietSince + heartbeatIntervalMs) / step);
  }

  /** An earlier deadline is kept: otherwise asking often enough would postpone it for ever. */
  #ask(deadlineMs: number): void {
    const now = performance.now();
    this.#lastAsked = now;
    this.#deadline = Math.min(this.#deadline ?? Infinity, now + deadlineMs);
    this.#owner.beat();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const due = Math.min(this.#deadline ?? Infinity, this.#nextAsk);
    // Rounded up: timers round down, so it would fire before the heartbeat is due.
    this.#timer = setTimeout(() => this.#check(), Math.max(1, Math.ceil(due - performance.now())));
  }

  #check(): void {
    const now = performance.now() + EARLY_MS;
    if (this.#deadline !== undefined && now >= this.#deadline) {
      // If the process was busy, the sign of life may have arrived without having been read.
      this.#lastLook = setImmediate(() => this.#conclude());
      return;
    }
    const { heartbeatIntervalMs, deadAfterMs } = this.#timings;
    if (now >= this.#nextAsk)
      this.#ask(Math.max(heartbeatIntervalMs, this.#lastReceived + deadAfterMs - now));
    if (this.#timer) this.#schedule();
  }

  #conclude(): void {
    if (this.#deadline === undefined) {
      this.#schedule();
      return;
    }
    this.stop();
    this.#owner.dead();
  }
}
