import type { TuyaError } from "../errors";
import type { Dps, DpValue } from "../protocol/dps";

export interface SetOptions {
  readonly cid?: string | undefined;
  /**
   * "ack" (default): done with the acknowledgement or the report, whichever comes first. "report": done when the device
   * has reported the value.
   */
  readonly confirm?: "ack" | "report" | undefined;
  /**
   * `false`: it is never merged with other sets. For values that each cause an action, such as an infra-red code. Default
   * true.
   */
  readonly merge?: boolean | undefined;
}

/** What is known about a completed set. */
export interface SetResult {
  /** The data points of the request that the device has reported with the value they were set to, so far. */
  readonly confirmed: Dps;
}

type Confirm = "ack" | "report";

interface Waiter {
  readonly confirm: Confirm;
  readonly resolve: (result: SetResult) => void;
  readonly reject: (error: TuyaError) => void;
}

/** A value the device reports instead of the one it was sent. */
export interface Contradiction {
  readonly dp: string;
  readonly sent: DpValue;
  readonly reported: DpValue;
}

/**
 * One set on its way: which values, who waits for it, and what the device has said so far. Devices acknowledge nonsense
 * too and report before or after the acknowledgement, so the two are kept apart. Only a report of the very value that was
 * sent confirms it: the report of an earlier command may come later than this one was sent.
 */
export class SetCommand {
  readonly cid: string | undefined;
  /** Whether newer values may take the place of these. */
  readonly canMerge: boolean;
  #dps: Dps;
  /** Reported as they were sent, or replaced by a later command that was reported. */
  readonly #confirmed = new Map<string, DpValue>();
  /** Reported with another value. */
  readonly #others = new Map<string, DpValue>();
  /** Reported as they were sent, by somebody who need not be the device. */
  #claimed: Set<string> | undefined;
  #waiters: Waiter[] = [];
  #isAcknowledged = false;

  constructor(cid: string | undefined, dps: Dps, canMerge = true) {
    this.cid = cid;
    this.canMerge = canMerge;
    this.#dps = dps;
  }

  get dps(): Dps {
    return this.#dps;
  }

  /** Whether nobody waits any more. */
  get isSettled(): boolean {
    return this.#waiters.length === 0;
  }

  get isAcknowledged(): boolean {
    return this.#isAcknowledged;
  }

  /** Whether every value has been reported back. */
  get isReported(): boolean {
    return Object.keys(this.#dps).every((dp) => this.#confirmed.has(dp));
  }

  /** A promise for the outcome. */
  outcome(confirm: Confirm): Promise<SetResult> {
    return new Promise((resolve, reject) => this.#waiters.push({ confirm, resolve, reject }));
  }

  touches(dps: Dps): boolean {
    return Object.keys(dps).some((dp) => Object.hasOwn(this.#dps, dp));
  }

  /** Whether the device has not reported yet that the data point has the value of this command. */
  awaits(dp: string): boolean {
    return Object.hasOwn(this.#dps, dp) && !this.#confirmed.has(dp);
  }

  /** Whether nothing the device has reported speaks against its having the value of this command, now or soon. */
  expects(dp: string): boolean {
    return this.awaits(dp) && !this.#others.has(dp);
  }

  /** Takes newer values on board before the command is sent. */
  absorb(dps: Dps): void {
    this.#dps = { ...this.#dps, ...dps };
  }

  /**
   * Newer values, which leave later, take the place of some of these before the command is sent. Those who wait need both
   * commands then, and where nothing is left of this one only the newer.
   */
  giveWay(newer: SetCommand): void {
    const left = Object.entries(this.#dps).filter(([dp]) => !Object.hasOwn(newer.#dps, dp));
    this.#dps = Object.fromEntries(left);
    const waiters = this.#waiters;
    this.#waiters = [];
    if (left.length === 0) newer.#waiters.push(...waiters);
    else this.#waiters = waiters.map((waiter) => alsoFor(newer, waiter));
  }

  /** The device reported the value that was sent. */
  noteConfirmed(dp: string): void {
    this.#confirm(dp, this.#dps[dp]!);
  }

  /** The device reported what a later command set: this value has been replaced, and is not reported any more. */
  noteReplaced(dp: string, value: DpValue): void {
    if (this.#isAcknowledged) this.#confirm(dp, value);
  }

  /** The device reported another value. */
  noteOther(dp: string, value: DpValue): void {
    this.#others.set(dp, value);
  }

  /** Somebody who has not proved the key says that it has the value that was sent. */
  noteClaimed(dp: string): void {
    this.#claimed ??= new Set();
    this.#claimed.add(dp);
    this.#others.delete(dp);
  }

  /** Whether all values are said to be there, by somebody who has not proved the key. */
  get isClaimed(): boolean {
    return Object.keys(this.#dps).every((dp) => this.#confirmed.has(dp) || this.#claimed?.has(dp));
  }

  /** Other values that were reported so far say nothing: what the device is asked for now counts. */
  forgetOthers(): void {
    this.#others.clear();
  }

  /** The device acknowledged: enough for those who do not want proof, unless the one it acknowledged for is away. */
  noteAcknowledgement(isEnough = true): void {
    this.#isAcknowledged = true;
    if (isEnough) this.#settle((waiter) => waiter.confirm === "ack");
  }

  fail(error: TuyaError): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }

  /** The first data point whose reported value is another one, and that value. */
  contradiction(): Contradiction | undefined {
    for (const [dp, sent] of Object.entries(this.#dps)) {
      const reported = this.#others.get(dp);
      if (reported !== undefined && !this.#confirmed.has(dp)) return { dp, sent, reported };
    }
    return undefined;
  }

  #confirm(dp: string, value: DpValue): void {
    this.#confirmed.set(dp, value);
    if (this.isReported) this.#settle(() => true);
  }

  #settle(isDone: (waiter: Waiter) => boolean): void {
    const done = this.#waiters.filter(isDone);
    this.#waiters = this.#waiters.filter((waiter) => !isDone(waiter));
    const confirmed = Object.fromEntries(this.#confirmed);
    for (const waiter of done) waiter.resolve({ confirmed });
  }
}

/** Somebody who waits for one command, and is done when another one is done as well. */
function alsoFor(other: SetCommand, { confirm, resolve, reject }: Waiter): Waiter {
  const rest = other.outcome(confirm);
  // Whoever waits may have been told of the failure of this command, and then of none of the other.
  rest.catch(() => {});
  return {
    confirm,
    resolve: ({ confirmed }) => {
      const both = (result: SetResult): void => resolve({ confirmed: { ...confirmed, ...result.confirmed } });
      rest.then(both, reject);
    },
    reject,
  };
}

/** What a device is about to have, once all that is on its way to it is done. */
export interface ExpectedValues {
  /** The values it last reported, and over them what waits, is under way or was acknowledged. */
  readonly dps: Dps;
  /** Whether a change may start from the expected value; otherwise the device is to be read first. */
  readonly isSure: (dp: string) => boolean;
}

/** The largest frame firmware reads has 4,095 bytes, and 3.1 makes four bytes of three. */
export const MAX_BODY_BYTES = 2_900;

/** Values that can be set, as they are now; or why they cannot. */
export type Settable = { readonly dps: Dps } | { readonly obstacle: string };

/**
 * Takes a copy of values that are to be set: they may have to wait, and their owner may change them meanwhile. JSON makes
 * a null of a number it has no text for, and null is a write: some devices take the first value of an enum for it. So a
 * null has to be meant.
 */
export function readSettable(values: Dps): Settable {
  const entries = Object.entries(values);
  if (entries.length === 0) return { obstacle: "no data point is named" };
  const dps: Record<string, DpValue> = {};
  for (const [dp, value] of entries) {
    if (!/^[1-9]\d{0,4}$/.test(dp)) return { obstacle: `"${dp}" is not the number of a data point` };
    const json = isPlain(value) ? value : parse(value);
    if (json === undefined) return { obstacle: `the value for data point ${dp} cannot be written as JSON` };
    dps[dp] = json;
  }
  return fitsOneFrame(dps)
    ? { dps }
    : { obstacle: `the values are longer than the ${MAX_BODY_BYTES} bytes a device can read` };
}

/** Whether a device can read these values in one frame. */
export function fitsOneFrame(dps: Dps): boolean {
  const sizes = Object.values(dps).map((value) =>
    Buffer.byteLength(typeof value === "object" ? JSON.stringify(value) : String(value)),
  );
  return sizes.reduce((sum, size) => sum + size, 0) <= MAX_BODY_BYTES;
}

/** Whether a value is its own copy, and JSON has a text for it. */
function isPlain(value: DpValue): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "boolean" || typeof value === "string" || value === null;
}

/** A structure, copied; undefined for what JSON has no text for, and for what contains itself. */
function parse(value: DpValue): DpValue | undefined {
  if (typeof value !== "object") return undefined;
  try {
    return JSON.parse(JSON.stringify(value)) as DpValue;
  } catch {
    return undefined;
  }
}
