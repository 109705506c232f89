import type { Coerced, Conversion } from "./conversion";
import { readBytes, writeBytes } from "../notation/bytes";
import { RAW } from "./raw";
import type { DpValue } from "../../protocol/dps";

/** What one phase of a meter carries, in volts, amperes and watts. The long form tells no power. */
export interface Phase {
  readonly voltage: number;
  readonly current: number;
  readonly power?: number;
}

/**
 * `phase_a`, `phase_b`, `phase_c` of meters and breakers, as observed and as in ioBroker.tuya:
 *
 *     8 bytes       | voltage, 0.1 V: 2 | current, mA: 3 | power, W: 3 |
 *     15 and more   | other: 11 | current, mA: 2 | voltage, 0.1 V: 2 | other |
 *
 * Any other length stays a Buffer.
 */
export const PHASE: Conversion = {
  decode(raw, dataPoint) {
    const bytes = bytesOf(raw);
    if (bytes?.length === SHORT_LENGTH) {
      return {
        voltage: bytes.readUInt16BE(0) / 10,
        current: bytes.readUIntBE(2, 3) / 1000,
        power: bytes.readUIntBE(5, 3),
      };
    }
    if (bytes && bytes.length >= LONG_LENGTH) {
      return { voltage: bytes.readUInt16BE(13) / 10, current: bytes.readUInt16BE(11) / 1000 };
    }
    return RAW.decode(raw, dataPoint);
  },
  encode(value, dataPoint, known) {
    const raw = RAW.encode(value, dataPoint, known);
    return "value" in raw ? raw : encodePhase(value, known);
  },
};

const SHORT_LENGTH = 8;
const LONG_LENGTH = 15;
const EXPECTS = "an object such as {voltage: 230.1, current: 4.39, power: 1010}, a Buffer or a base64 text";

function bytesOf(raw: DpValue | undefined): Buffer | undefined {
  return typeof raw === "string" ? readBytes(raw)?.bytes : undefined;
}

/** In the form the device uses; of the long form everything else stays as it was last reported. */
function encodePhase(value: unknown, known: DpValue | undefined): Coerced {
  if (typeof value !== "object" || value === null) return { expects: EXPECTS };
  const phase = value as Readonly<Record<keyof Phase, unknown>>;
  const last = bytesOf(known);
  const isLong = last !== undefined && last.length >= LONG_LENGTH;
  const voltage = field(phase.voltage, 10, 2);
  const current = field(phase.current, 1000, isLong ? 2 : 3);
  const power = isLong ? 0 : field(phase.power, 1, 3);
  if (voltage === undefined || current === undefined || power === undefined) return { expects: EXPECTS };
  const bytes = Buffer.from(isLong ? last : Buffer.alloc(SHORT_LENGTH));
  bytes.writeUInt16BE(voltage, isLong ? 13 : 0);
  bytes.writeUIntBE(current, isLong ? 11 : 2, isLong ? 2 : 3);
  if (!isLong) bytes.writeUIntBE(power, 5, 3);
  const form = typeof known === "string" ? readBytes(known)?.form : undefined;
  return { value: writeBytes(bytes, form ?? "base64") };
}

/** A measured value in the steps of the device; undefined where the bytes there are cannot hold it. */
function field(value: unknown, steps: number, length: number): number | undefined {
  if (typeof value !== "number") return undefined;
  const integer = Math.round(value * steps);
  return integer >= 0 && integer < 2 ** (8 * length) ? integer : undefined;
}
