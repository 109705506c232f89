import type { TuyaError } from "../errors";
import { type Dps, type DpValue, sameValue } from "../protocol/dps";

export interface SetOptions {
  readonly cid?: string | undefined;
  /** "ack": done on acknowledgement or report, whichever is first. "report": done when the device reports the value. */
  readonly confirm?: "ack" | "report" | undefined;
  /** `false`: every one is sent. For what is done by each set, such as an infra-red code, rather than set by it. */
  readonly merge?: boolean | undefined;
}

/** What a completed set is known to have done. */
export interface SetResult {
  /** The data points of the request that the device has reported back by now, with the value it reported. */
  readonly confirmed: Dps;
}

type Confirm = "ack" | "report";

interface Waiter {
  readonly confirm: Confirm;
  readonly resolve: (result: SetResult) => void;
  readonly reject: (error: TuyaError) => void;
}

/**
 * One set on its way: which values, who waits for it, and what the device has said so far. Devices acknowledge nonsense
 * too and report before or after the acknowledgement, so the two are kept apart.
 */
export class SetCommand {
  readonly cid: string | undefined;
  /** Whether newer values may take the place of these. */
  readonly canMerge: boolean;
  #dps: Dps;
  readonly #reported = new Map<string, DpValue>();
  #waiters: Waiter[] = [];

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

  /** A promise for the outcome. */
  outcome(confirm: Confirm): Promise<SetResult> {
    return new Promise((resolve, reject) => this.#waiters.push({ confirm, resolve, reject }));
  }

  touches(dps: Dps): boolean {
    return Object.keys(dps).some((dp) => Object.hasOwn(this.#dps, dp));
  }

  /** Takes newer values on board before the command is sent, and those who wait for `other`. */
  absorb(dps: Dps, other?: SetCommand): void {
    this.#dps = { ...this.#dps, ...dps };
    if (!other) return;
    this.#waiters.push(...other.#waiters);
    other.#waiters = [];
  }

  /** The device reported values. Those who wait are done once every value of the command has been reported back. */
  noteReport(dps: Dps): void {
    for (const [dp, value] of Object.entries(dps))
      if (Object.hasOwn(this.#dps, dp)) this.#reported.set(dp, value);
    if (Object.keys(this.#dps).every((dp) => this.#isConfirmed(dp))) this.#settle(() => true);
  }

  /** The device acknowledged: enough for those who do not want proof. */
  noteAcknowledgement(): void {
    this.#settle((waiter) => waiter.confirm === "ack");
  }

  fail(error: TuyaError): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }

  /** The first data point whose reported value is another one, and that value. */
  contradiction(): { readonly dp: string; readonly sent: DpValue; readonly reported: DpValue } | undefined {
    for (const [dp, sent] of Object.entries(this.#dps)) {
      const reported = this.#reported.get(dp);
      if (reported !== undefined && !sameValue(sent, reported)) return { dp, sent, reported };
    }
    return undefined;
  }

  #isConfirmed(dp: string): boolean {
    const reported = this.#reported.get(dp);
    return reported !== undefined && sameValue(this.#dps[dp]!, reported);
  }

  #settle(isDone: (waiter: Waiter) => boolean): void {
    const done = this.#waiters.filter(isDone);
    this.#waiters = this.#waiters.filter((waiter) => !isDone(waiter));
    const confirmed = Object.fromEntries(this.#reported);
    for (const waiter of done) waiter.resolve({ confirmed });
  }
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
  let bytes = 0;
  for (const [dp, value] of entries) {
    if (!/^[1-9]\d{0,4}$/.test(dp)) return { obstacle: `"${dp}" is not the number of a data point` };
    const json = isPlain(value) ? value : parse(value);
    if (json === undefined) return { obstacle: `the value for data point ${dp} cannot be written as JSON` };
    dps[dp] = json;
    bytes += Buffer.byteLength(typeof json === "object" ? JSON.stringify(json) : String(json));
  }
  return bytes > MAX_BODY_BYTES
    ? { obstacle: `the values are longer than the ${MAX_BODY_BYTES} bytes a device can read` }
    : { dps };
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
