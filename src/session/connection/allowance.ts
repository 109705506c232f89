/** A rate that may be exceeded for a short time. */
export interface Rate {
  readonly bytesPerSecond: number;
  /** The most bytes that are saved up while nothing arrives. */
  readonly burst: number;
}

/** The cost of a frame besides its bytes, as bytes: decrypting it, telling listeners, and a message in a flow. */
export const BYTES_PER_FRAME = 512;

/** The cost of each value in a frame, as bytes: its conversion, and a message in a flow. */
const BYTES_PER_VALUE = 256;

/** For each connection: some fifty pushes a second permanently, and hundreds at once, as gateways send after connecting. */
const OWN: Rate = { bytesPerSecond: 32 * 1024, burst: 256 * 1024 };
/** Shared by all connections of this process, for those that send more. A few such devices are not slowed. */
const SHARED: Rate = { bytesPerSecond: 1024 * 1024, burst: 1024 * 1024 };
/** What each frame of ours adds to the device's allowance, because it will answer. */
const ANSWER_BYTES = 16 * 1024;

/** A number of bytes that grows at a rate up to a limit. May become negative. */
export class Bucket {
  readonly #rate: Rate;
  #level: number;
  #filledAt: number;

  /** Begins full. `now` is `performance.now()`, here and in all methods. */
  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#level = rate.burst;
    this.#filledAt = now;
  }

  /** The bytes available; negative after too many were taken. */
  level(now: number): number {
    const { bytesPerSecond, burst } = this.#rate;
    const gained = (Math.max(0, now - this.#filledAt) * bytesPerSecond) / 1_000;
    this.#level = Math.min(burst, this.#level + gained);
    this.#filledAt = now;
    return this.#level;
  }

  take(bytes: number, now: number): void {
    this.#level = this.level(now) - bytes;
  }

  give(bytes: number, now: number): void {
    this.#level = Math.min(this.#rate.burst, this.level(now) + bytes);
  }

  /** After how many milliseconds the level is no longer negative. */
  debtMs(now: number): number {
    return Math.max(0, (-this.level(now) * 1_000) / this.#rate.bytesPerSecond);
  }
}

const shared = new Bucket(SHARED, performance.now());

/**
 * How much a device may send. Answers are free. What it sends by itself is taken from its own allowance, and then from
 * one that all devices share. If both are used up its socket is not read for a while: TCP makes the device wait.
 */
export class Allowance {
  readonly #own: Bucket;
  readonly #shared: Bucket;
  /** Number of values in the frame that is being processed. */
  #values = 0;

  constructor(now: number, own: Bucket = new Bucket(OWN, now), common: Bucket = shared) {
    this.#own = own;
    this.#shared = common;
  }

  /** A frame was sent to the device. */
  asked(now: number): void {
    this.#own.give(ANSWER_BYTES, now);
  }

  /** The frame that is being processed has so many values: they add to its cost. */
  spendOn(values: number): void {
    this.#values += values;
  }

  /** A frame, or bytes that belong to none, were processed. Returns for how many milliseconds to read nothing more. */
  spend(bytes: number, now: number): number {
    this.#own.take(bytes + BYTES_PER_FRAME + BYTES_PER_VALUE * this.#values, now);
    this.#values = 0;
    const debt = -this.#own.level(now);
    if (debt <= 0) return 0;
    if (this.#shared.level(now) >= debt) {
      this.#shared.take(debt, now);
      this.#own.give(debt, now);
      return 0;
    }
    return this.#own.debtMs(now);
  }
}
