/**
 * The values of one phase of a meter: volts, amperes and watts; if the device reports them also the residual current
 * (amperes), var, volt-amperes and the power factor. Negative values flow in the other direction.
 */
export interface Phase {
  readonly voltage: number;
  readonly current: number;
  readonly power?: number;
  readonly residual?: number;
  readonly reactive?: number;
  readonly apparent?: number;
  readonly factor?: number;
}

type PhaseField = keyof Phase;

/** The place of a value in the bytes: big endian, with so many steps per unit. */
interface Slot {
  readonly field: PhaseField;
  readonly at: number;
  readonly length: number;
  readonly steps: number;
  /** The bit in the byte of signs that makes it negative. */
  readonly signBit?: number;
}

/** The places of the values of a phase in some bytes. */
interface Layout {
  readonly slots: readonly Slot[];
  /** The offset of the byte of signs. */
  readonly signsAt?: number;
}

/** The length of voltage, current and power, which most forms have: here called a block. In bytes, as all lengths. */
const BLOCK = 8;
/** The length of the head of newer forms: a version and the length of the data behind it. */
const HEAD = 2;
/** The length of the data behind a head: a block and more. */
const FULL = 15;
/** The most bytes that may follow the data of a form with a head. Known is one, of signs. */
const MOST_BEHIND = 4;

/** The length of the form that has current and voltage, but no power. */
const LONG = 15;
const LONG_AT = { current: 11, voltage: 13 } as const;

/** The mains voltage of any country, in tenths of a volt. A head read as a voltage would be 25 to 77 V. */
const SANE_VOLTAGE = { least: 800, most: 5000 } as const;
/** In mA: more than any household meter measures. */
const SANE_CURRENT = 1_000_000;
/** In mA: the largest current clamps of such meters. */
const HOUSE_CURRENT = 300_000;

/**
 * The phase in some bytes; undefined if their form is not known. The forms, with lengths in bytes:
 *
 *     8 bytes      voltage, 0.1 V: 2 | current, mA: 3 | power, W: 3
 *     10           the same, then residual current, mA: 2
 *     01 0f, 15    the 8 bytes, then reactive, var: 3 | apparent, VA: 3 | factor, 0.01: 1
 *     02 0f, 15    the same, then a byte of signs: bit 0 current, 1 power, 2 reactive, 3 factor
 *     15 and more  other: 11 | current, mA: 2 | voltage, 0.1 V: 2 | other
 *
 * The first is Tuya's standard; the 10 bytes are described in a thing model of the platform, the forms with version and
 * length in Tuya's device-sharing-sdk and Home Assistant; the last is that of ioBroker.tuya, of meters such as DDS238. Of
 * other bytes the first 8, or the first 8 behind a head, are read if they can only be such a block.
 */
export function readPhase(bytes: Buffer): Phase | undefined {
  const layout = layoutOf(bytes);
  if (!layout) return undefined;
  const entries = layout.slots.map((slot) => [slot.field, valueIn(bytes, slot, layout)] as const);
  return Object.fromEntries(entries) as unknown as Phase;
}

/**
 * Writes a phase in the form of the given bytes: values it does not name, and all other bytes, stay as they are there.
 * Without such bytes the smallest form with room for it is used. Undefined if a value is missing or too large.
 */
export function writePhase(
  phase: Readonly<Record<string, unknown>>,
  last: Buffer | undefined,
): Buffer | undefined {
  const layout = last && layoutOf(last);
  const bytes = Buffer.from(layout ? last : blankFor(phase));
  const { slots, signsAt } = layout ?? layoutOf(bytes)!;
  for (const slot of slots) {
    const { field, at, length, steps, signBit } = slot;
    const value = phase[field];
    if (value === undefined && !REQUIRED.includes(field)) continue;
    if (typeof value !== "number") return undefined;
    const size = Math.round(Math.abs(value) * steps);
    const isNegative = value < 0 && size > 0;
    // Also false for NaN.
    if (!(size < 2 ** (8 * length))) return undefined;
    if (signBit !== undefined && signsAt !== undefined) {
      const signs = bytes.readUInt8(signsAt) & ~(1 << signBit);
      bytes.writeUInt8(isNegative ? signs | (1 << signBit) : signs, signsAt);
    } else if (isNegative) return undefined;
    bytes.writeUIntBE(size, at, length);
  }
  return bytes;
}

const REQUIRED: readonly PhaseField[] = ["voltage", "current", "power"];

/** Zeros, in the smallest form that has all values of this phase. */
function blankFor(phase: Readonly<Record<string, unknown>>): Buffer {
  const { residual, power, current, reactive, apparent, factor } = phase;
  if (reactive !== undefined || apparent !== undefined || factor !== undefined) {
    const isSigned = [power, current, reactive, factor].some(
      (value) => typeof value === "number" && value < 0,
    );
    const head = isSigned ? [2, FULL] : [1, FULL];
    return Buffer.concat([Buffer.from(head), Buffer.alloc(isSigned ? FULL + 1 : FULL)]);
  }
  return Buffer.alloc(residual === undefined ? BLOCK : BLOCK + 2);
}

function layoutOf(bytes: Buffer): Layout | undefined {
  if (bytes.length < BLOCK) return undefined;
  if (bytes.length === BLOCK) return { slots: blockAt(0) };
  const end = endOfHeaded(bytes);
  const headed = end === undefined ? undefined : headedLayout(bytes, end);
  if (headed) return headed;
  if (bytes.length === BLOCK + 2) return tenLayout(bytes);
  if (isBlock(bytes, 0)) return { slots: blockAt(0) };
  return end === undefined ? longLayout(bytes) : undefined;
}

/**
 * For bytes that begin with a version and a length: the offset at which the data end. A few bytes may follow. Undefined
 * for other bytes.
 */
function endOfHeaded(bytes: Buffer): number | undefined {
  const [version = 0, length = 0] = bytes;
  const end = HEAD + length;
  const isOne = version > 0 && length >= BLOCK && bytes.length >= end && bytes.length <= end + MOST_BEHIND;
  return isOne ? end : undefined;
}

function headedLayout(bytes: Buffer, end: number): Layout | undefined {
  const [version] = bytes;
  if (end === HEAD + FULL && version === 1) return { slots: fullAt(HEAD) };
  if (end === HEAD + FULL && version === 2 && bytes.length > end)
    return { slots: fullAt(HEAD), signsAt: end };
  return isBlock(bytes, HEAD) ? { slots: blockAt(HEAD) } : undefined;
}

/** Ten bytes: the form with the residual current, or the beginning of a form with a head that was cut off. */
function tenLayout(bytes: Buffer): Layout | undefined {
  const isAtRest = bytes.readUIntBE(2, 6) === 0;
  if (isAtRest || isBlock(bytes, 0))
    return { slots: [...blockAt(0), { field: "residual", at: BLOCK, length: 2, steps: 1000 }] };
  return isBlock(bytes, HEAD) ? { slots: blockAt(HEAD) } : undefined;
}

function longLayout(bytes: Buffer): Layout | undefined {
  const { current, voltage } = LONG_AT;
  // A meter without mains voltage reports zeros.
  const isLong =
    bytes.length >= LONG && (isMains(bytes.readUInt16BE(voltage)) || bytes.every((byte) => byte === 0));
  if (!isLong) return undefined;
  return {
    slots: [
      { field: "voltage", at: voltage, length: 2, steps: 10 },
      { field: "current", at: current, length: 2, steps: 1000 },
    ],
  };
}

function blockAt(at: number): readonly Slot[] {
  return [
    { field: "voltage", at, length: 2, steps: 10 },
    { field: "current", at: at + 2, length: 3, steps: 1000, signBit: 0 },
    { field: "power", at: at + 5, length: 3, steps: 1, signBit: 1 },
  ];
}

function fullAt(at: number): readonly Slot[] {
  return [
    ...blockAt(at),
    { field: "reactive", at: at + 8, length: 3, steps: 1, signBit: 2 },
    { field: "apparent", at: at + 11, length: 3, steps: 1 },
    { field: "factor", at: at + 14, length: 1, steps: 100, signBit: 3 },
  ];
}

function valueIn(bytes: Buffer, { field, at, length, steps, signBit }: Slot, { signsAt }: Layout): number {
  const size = bytes.readUIntBE(at, length);
  if (field === "power" && signsAt === undefined) return powerIn(bytes, at);
  const isNegative =
    signBit !== undefined && signsAt !== undefined && ((bytes[signsAt] ?? 0) >> signBit) % 2 === 1;
  return (isNegative && size > 0 ? -size : size) / steps;
}

/**
 * The power, in a form without signs. Meters write a negative power in three ways: with the first bit as the sign, as a
 * complement, or 2^24 tenths too high (zigbee-herdsman-converters has seen the first and the last in meters of the same
 * makers). The number is read so only if it is more than voltage and current make possible.
 */
function powerIn(bytes: Buffer, at: number): number {
  const power = bytes.readUIntBE(at, 3);
  const voltage = bytes.readUInt16BE(at - 5);
  const current = bytes.readUIntBE(at - 3, 3);
  const most = mostPower(voltage, current);
  if (power <= most || !isMains(voltage) || current > HOUSE_CURRENT) return power;
  const readings = [2 ** 23 - power, power - 2 ** 24, power - Math.ceil(2 ** 24 / 10)];
  return readings.find((reading) => reading <= 0 && reading >= -most) ?? power;
}

/** Whether 8 bytes are very probably a block: a mains voltage, and a power that fits voltage and current. */
function isBlock(bytes: Buffer, at: number): boolean {
  const voltage = bytes.readUInt16BE(at);
  const current = bytes.readUIntBE(at + 2, 3);
  return (
    isMains(voltage) &&
    current <= SANE_CURRENT &&
    Math.abs(powerIn(bytes, at + 5)) <= mostPower(voltage, current)
  );
}

function isMains(voltage: number): boolean {
  return voltage >= SANE_VOLTAGE.least && voltage <= SANE_VOLTAGE.most;
}

/**
 * The most watts that fit a voltage (0.1 V) and a current (mA), with a margin: the three are not measured at the same
 * moment.
 */
function mostPower(voltage: number, current: number): number {
  return (voltage / 10) * (current / 1000) * 1.25 + 50;
}
