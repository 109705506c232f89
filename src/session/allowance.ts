/** A rate that may be exceeded for a moment. */
export interface Rate {
  readonly bytesPerSecond: number;
  /** Bytes that are saved up at most while nothing comes. */
  readonly burst: number;
}

/** What a frame costs besides its bytes: reading it, telling it, and a message in a flow take as long as so many more. */
export const BYTES_PER_ITEM = 512;

/** What each value in a frame costs: its conversion, and a message in a flow. */
const BYTES_PER_VALUE = 256;

/** Of each connection for itself: some fifty pushes a second for ever, and a gateway's greeting of hundreds at once. */
const OWN: Rate = { bytesPerSecond: 32 * 1024, burst: 256 * 1024 };
/** Of all connections of this process together, for those that send more: as long as few do, they are not slowed. */
const SHARED: Rate = { bytesPerSecond: 1024 * 1024, burst: 1024 * 1024 };
/** What a device may answer to one frame of ours, on top: whoever asks fast is answered fast. */
const ANSWER_BYTES = 16 * 1024;

/** Bytes that are saved up at a rate. May be overdrawn. */
export class Bucket {
  readonly #rate: Rate;
  #level: number;
  #filledAt: number;

  /** Full. `now` in milliseconds by a steady clock, here and everywhere. */
  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#level = rate.burst;
    this.#filledAt = now;
  }

  /** Bytes that are there; below zero where it is overdrawn. */
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

  /** Until it is not overdrawn any more, in milliseconds. */
  debtMs(now: number): number {
    return Math.max(0, (-this.level(now) * 1_000) / this.#rate.bytesPerSecond);
  }
}

const shared = new Bucket(SHARED, performance.now());

/**
 * How much a device may send. What it is asked for is free; what it sends by itself comes out of an allowance of its own,
 * and then out of one that all devices share. Where both are used up its socket is not read for a while: the device waits,
 * and this process does nothing.
 */
export class Allowance {
  readonly #own: Bucket;
  readonly #shared: Bucket;
  /** What the frame that is being taken says besides its bytes. */
  #values = 0;

  constructor(now: number, own: Bucket = new Bucket(OWN, now), common: Bucket = shared) {
    this.#own = own;
    this.#shared = common;
  }

  /** The device was asked for something. */
  asked(now: number): void {
    this.#own.give(ANSWER_BYTES, now);
  }

  /** The frame that is being taken says so many things: they count with it. */
  spendOn(values: number): void {
    this.#values += values;
  }

  /** A frame, or bytes that belong to none, were taken. Returns for how long to take no more, in milliseconds. */
  spend(bytes: number, now: number): number {
    this.#own.take(bytes + BYTES_PER_ITEM + BYTES_PER_VALUE * this.#values, now);
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
