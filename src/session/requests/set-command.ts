import type { TuyaError } from "../../errors";
import type { Dps, DpValue } from "../../protocol/dps";

/** How to set data points. */
export interface SetOptions {
  /** The sub-device to set; undefined = the device itself. */
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

/** A value that the device reported instead of the one it was sent. */
export interface Contradiction {
  readonly dp: string;
  readonly sent: DpValue;
  readonly reported: DpValue;
}

/**
 * One set: its values, who waits for it, and what the device has answered so far. Devices acknowledge wrong values too,
 * and report before or after the acknowledgement, so the two are noted separately. Only a report of exactly the value
 * that was sent confirms it: the report of an earlier command may come after this one was sent.
 */
export class SetCommand {
  readonly cid: string | undefined;
  /** Whether values of a newer set may replace these. */
  readonly canMerge: boolean;
  #dps: Dps;
  /** Values that were reported as sent, or whose replacement by a later command was. */
  readonly #confirmed = new Map<string, DpValue>();
  /** Values that were reported differently. */
  readonly #others = new Map<string, DpValue>();
  /** Data points that were reported as sent, but before the key was proved. */
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

  /** Whether all promises are settled. */
  get isSettled(): boolean {
    return this.#waiters.length === 0;
  }

  get isAcknowledged(): boolean {
    return this.#isAcknowledged;
  }

  /** Whether all values have been reported as sent. */
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

  /** Whether a report of this command's value for the data point is still to come. */
  awaits(dp: string): boolean {
    return Object.hasOwn(this.#dps, dp) && !this.#confirmed.has(dp);
  }

  /** Whether the data point has the value of this command, or may get it soon, by all that was reported. */
  expects(dp: string): boolean {
    return this.awaits(dp) && !this.#others.has(dp);
  }

  /** Adds the values of a newer set before the command is sent. */
  absorb(dps: Dps): void {
    this.#dps = { ...this.#dps, ...dps };
  }

  /**
   * Values of a newer command, which is sent later, replace some of these before this one is sent. Callers of this one
   * then wait for both commands, or only for the newer one if nothing is left of this.
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

  /** The device reported the value of a later command: the value of this one will not be reported any more. */
  noteReplaced(dp: string, value: DpValue): void {
    if (this.#isAcknowledged) this.#confirm(dp, value);
  }

  /** The device reported another value. */
  noteOther(dp: string, value: DpValue): void {
    this.#others.set(dp, value);
  }

  /** The value that was sent was reported, but before the key was proved. */
  noteClaimed(dp: string): void {
    this.#claimed ??= new Set();
    this.#claimed.add(dp);
    this.#others.delete(dp);
  }

  /** Whether all values were reported before the key was proved. */
  get isClaimed(): boolean {
    return Object.keys(this.#dps).every((dp) => this.#confirmed.has(dp) || this.#claimed?.has(dp));
  }

  /** Forgets other values that were reported so far: the device is queried now, and that answer counts. */
  forgetOthers(): void {
    this.#others.clear();
  }

  /** The device acknowledged the set. Settles callers who want no report; not if the acknowledgement is not enough. */
  noteAcknowledgement(isEnough = true): void {
    this.#isAcknowledged = true;
    if (isEnough) this.#settle((waiter) => waiter.confirm === "ack");
  }

  fail(error: TuyaError): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }

  /** The first data point that was reported with another value, and that value. */
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

/** A waiting caller that is done when this command and another one are done. */
function alsoFor(other: SetCommand, { confirm, resolve, reject }: Waiter): Waiter {
  const rest = other.outcome(confirm);
  // If this command fails, the caller gets that error, and an error of the other one is not needed.
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

/** The values a device will have when all sets are done. */
export interface ExpectedValues {
  /**
   * The last known values, replaced by those of sets that wait, are sent, or were acknowledged and not reported yet. A
   * copy.
   */
  readonly dps: Dps;
  /** Whether a change may start from the expected value of this data point; otherwise the device must be queried first. */
  readonly isSure: (dp: string) => boolean;
}

/** The largest frame firmware reads has 4,095 bytes, and 3.1 makes four bytes of three. */
export const MAX_BODY_BYTES = 2_900;

/** A copy of values that can be set, or why they cannot. */
export type Settable = { readonly dps: Dps } | { readonly obstacle: string };

/**
 * Copies values that are to be set, because they may have to wait and the caller may change them meanwhile. Refuses NaN
 * and infinite numbers: JSON would make null of them, and some devices take null for the first value of an enum. A null
 * must be intended.
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

/** Whether a value needs no copy, and can be written as JSON. */
function isPlain(value: DpValue): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "boolean" || typeof value === "string" || value === null;
}

/** A copy of a structure; undefined if it cannot be written as JSON. */
function parse(value: DpValue): DpValue | undefined {
  if (typeof value !== "object") return undefined;
  try {
    return JSON.parse(JSON.stringify(value)) as DpValue;
  } catch {
    return undefined;
  }
}
