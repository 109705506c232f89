import { bytesOf, isBase64, isBytes, writeBytes } from "./bytes";
import { holdsJson } from "./radio-code";

/** The longest mark or space that two bytes can hold, in microseconds. */
const MAX_PULSE_US = 0xffff;

/** What `readInfraredCode` accepts, as the end of a sentence "… takes". */
export const INFRARED_EXPECTS =
  'a learned code (base64), a list of marks and spaces in microseconds, a Pronto code, {nec: "20DF10EF"} or {nec: {address, command}}';

/**
 * A code to send, as base64: a learned one, padded or not, or its bytes; a list of marks and spaces in microseconds; a
 * Pronto code; `{nec}`. Undefined for anything else.
 */
export function readInfraredCode(value: unknown): string | undefined {
  if (typeof value === "string") return readText(value.trim());
  if (isBytes(value)) return readText(writeBytes(value, "base64"));
  if (Array.isArray(value)) return pulsesToCode(value as readonly unknown[]);
  if (typeof value !== "object" || value === null) return undefined;
  if ("nec" in value) return readNec(value.nec);
  const bytes = bytesOf(value);
  return bytes && readInfraredCode(bytes);
}

/**
 * Marks and spaces in microseconds as base64 of 16-bit words, low byte first. Longer pauses are shortened to the longest
 * possible.
 */
export function pulsesToCode(pulses: readonly unknown[]): string | undefined {
  const words = pulses.map((pulse) => (typeof pulse === "number" && pulse > 0 ? Math.round(pulse) : NaN));
  if (words.length === 0 || words.some((word) => Number.isNaN(word))) return undefined;
  const bytes = Buffer.alloc(words.length * 2);
  for (const [index, word] of words.entries()) bytes.writeUInt16LE(Math.min(word, MAX_PULSE_US), index * 2);
  return bytes.toString("base64");
}

/** Marks and spaces of a learned code, in microseconds, a mark first; undefined if it is no code. */
export function codeToPulses(code: string): number[] | undefined {
  const bare = withoutPadding(code);
  const bytes = Buffer.from(bare, "base64");
  if (!isBase64(bare) || bytes.length === 0 || bytes.length % 2 !== 0) return undefined;
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16LE(index * 2));
}

/** A leading 1 is not part of the base64 if the length is one too many with it. */
export function withoutPadding(code: string): string {
  return code.startsWith("1") && code.length % 4 === 1 ? code.slice(1) : code;
}

function readText(text: string): string | undefined {
  const pronto = prontoToPulses(text);
  if (pronto) return pulsesToCode(pronto);
  const code = withoutPadding(text);
  return code !== "" && isBase64(code) && !holdsJson(code) ? code : undefined;
}

/** Microseconds of one step of Pronto's clock. */
const PRONTO_CLOCK_US = 0.241246;

/**
 * A Pronto code with a raw signal: words of four hex digits, 0000, the carrier's period in steps of the clock, the
 * numbers of pairs in the part sent once and in the part repeated, then those pairs in periods. A short press is the
 * first part, or the second where there is no first. A blaster cannot be told the carrier frequency.
 */
function prontoToPulses(text: string): number[] | undefined {
  if (!/^0000(?:\s+[\da-f]{4}){5,}$/i.test(text)) return undefined;
  const [, period = 0, once = 0, repeated = 0, ...times] = text
    .split(/\s+/)
    .map((word) => Number.parseInt(word, 16));
  if (times.length !== 2 * (once + repeated)) return undefined;
  const pairs = once > 0 ? once : repeated;
  return times.slice(0, 2 * pairs).map((time) => time * period * PRONTO_CLOCK_US);
}

/** NEC, in microseconds: a long mark, 32 bits told apart by the space behind them, and a mark that ends the last. */
const NEC = { mark: 9000, space: 4500, bit: 560, zero: 560, one: 1690, pause: 40_000 } as const;

/** NEC as 8 hex digits in the order of transmission, as LIRC and remotes' databases write it, or as address and command. */
function readNec(nec: unknown): string | undefined {
  const word = typeof nec === "string" ? necWord(nec) : necWordOf(nec);
  if (word === undefined) return undefined;
  const bits = Array.from({ length: 32 }, (_, bit) => (word >>> (31 - bit)) & 1);
  const spaces = bits.map((bit) => (bit === 1 ? NEC.one : NEC.zero));
  return pulsesToCode([
    NEC.mark,
    NEC.space,
    ...spaces.flatMap((space) => [NEC.bit, space]),
    NEC.bit,
    NEC.pause,
  ]);
}

function necWord(text: string): number | undefined {
  const digits = /^(?:0x)?([\da-f]{8})$/i.exec(text.trim())?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

/** Bytes go lowest bit first, each followed by its complement; an address of two bytes has none. */
function necWordOf(nec: unknown): number | undefined {
  if (typeof nec !== "object" || nec === null) return undefined;
  const { address, command } = nec as { readonly address?: unknown; readonly command?: unknown };
  if (!isUpTo(address, 0xffff) || !isUpTo(command, 0xff)) return undefined;
  const second = address > 0xff ? address >> 8 : ~address & 0xff;
  const bytes = [address & 0xff, second, command, ~command & 0xff];
  return bytes.reduce((word, byte) => word * 256 + reversed(byte), 0);
}

function isUpTo(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;
}

function reversed(byte: number): number {
  return Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1) << (7 - bit)).reduce((a, b) => a | b, 0);
}
