import {
  type Frame,
  HEADER_LENGTH_55AA,
  NO_BYTES,
  PREFIX_55AA,
  SUFFIX_55AA,
  SUFFIX_LENGTH,
  trailerLength55aa,
} from "./frame";
import { HEADER_LENGTH_6699, OVERHEAD_6699, PREFIX_6699, SUFFIX_6699 } from "./frame-6699";

/** Largest `length` field accepted, in bytes. Infra-red codes and gateway lists reach a few thousand. */
export const MAX_LENGTH = 16 * 1024;

const PREFIX_LENGTH = 4;

/** Why bytes belong to no frame. */
export type DiscardReason =
  /** No prefix where a frame had to begin. */
  | "no_prefix"
  /** A prefix followed by an impossible length. */
  | "bad_length"
  /** A frame that does not end in its suffix. */
  | "bad_suffix";

/** All bytes between two frames of a chunk that belong to none, and why the first of them does not. */
export interface Discarded {
  readonly type: "discarded";
  readonly bytes: Buffer;
  readonly reason: DiscardReason;
}

/** What a decoder found, in the order of the stream, without gaps. */
export type Decoded = Frame | Discarded;

/** What the bytes at an offset are: a frame; no frame; or too few bytes to tell, then the number of bytes needed. */
type Look = Frame | DiscardReason | number;

export interface FrameDecoderOptions {
  /** The kind of trailer of 55AA frames on this connection; decides the smallest possible length. */
  readonly integrity?: "crc32" | "hmac-sha256" | "gcm-tag";
  /** Largest `length` field accepted, in bytes. */
  readonly maxLength?: number;
}

/**
 * Cuts frames of both formats out of a TCP stream. Devices glue frames together and split them anywhere, and prefix or
 * suffix bytes occur inside frames (sequence numbers, IVs, cipher text), so only `length` tells where a frame ends.
 *
 * Never throws; keeps at most one incomplete frame, and memory of a few times its size. Each byte that is pushed comes
 * out again, in a frame or discarded. The cost does not depend on where the stream was cut. Frames share memory with the
 * pushed chunks where they can: do not overwrite a chunk after pushing it.
 */
export class FrameDecoder {
  readonly #minLength55aa: number;
  readonly #maxLength: number;
  /** Contains the waiting bytes, from #start to #end, and free room behind them. Empty if no bytes wait. */
  #store: Buffer = NO_BYTES;
  #start = 0;
  #end = 0;
  /** How many bytes must wait before another look can find something. */
  #needed = 1;

  constructor(options: FrameDecoderOptions = {}) {
    const trailer = options.integrity === "hmac-sha256" ? "hmac-sha256" : "crc32";
    this.#minLength55aa = trailerLength55aa(trailer) + SUFFIX_LENGTH;
    this.#maxLength = options.maxLength ?? MAX_LENGTH;
  }

  /** Bytes of an unfinished frame that wait for the rest. */
  get pending(): number {
    return this.#end - this.#start;
  }

  /** Takes the next bytes of the stream and returns what they complete. */
  push(chunk: Buffer): Decoded[] {
    const isStored = this.pending > 0;
    if (isStored) this.#append(chunk);
    const bytes = isStored ? this.#store.subarray(this.#start, this.#end) : chunk;

    const decoded: Decoded[] = [];
    let offset = 0;
    /** The run of bytes that ends at the offset and belongs to no frame. */
    let discarded: { readonly from: number; readonly reason: DiscardReason } | undefined;
    while (bytes.length - offset >= this.#needed) {
      const look = this.#look(bytes, offset);
      if (typeof look === "number") {
        this.#needed = look;
        break;
      }
      this.#needed = 1;
      if (typeof look === "object") {
        if (discarded) decoded.push(run(bytes, discarded, offset));
        discarded = undefined;
        decoded.push(look);
        offset += look.bytes.length;
      } else {
        discarded ??= { from: offset, reason: look };
        offset = findPrefix(bytes, offset + 1);
      }
    }
    if (discarded) decoded.push(run(bytes, discarded, offset));

    const waiting = bytes.length - offset;
    if (isStored && waiting * 4 >= this.#store.length) this.#start += offset;
    else if (isStored || waiting > 0) this.#keep(bytes, offset);
    return decoded;
  }

  /** Copies the waiting bytes, so that a few bytes do not keep a large chunk in memory. */
  #keep(bytes: Buffer, from: number): void {
    const waiting = bytes.length - from;
    this.#store = waiting > 0 ? Buffer.allocUnsafe(2 * waiting) : NO_BYTES;
    this.#start = 0;
    this.#end = waiting > 0 ? bytes.copy(this.#store, 0, from) : 0;
  }

  /** Doubles the room when it is full, so that the cost of copying stays proportional to the bytes pushed. */
  #append(chunk: Buffer): void {
    if (this.#store.length - this.#end < chunk.length) {
      const waiting = this.#store.subarray(this.#start, this.#end);
      this.#store = Buffer.allocUnsafe(2 * (waiting.length + chunk.length));
      this.#start = 0;
      this.#end = waiting.copy(this.#store);
    }
    this.#end += chunk.copy(this.#store, this.#end);
  }

  #look(bytes: Buffer, offset: number): Look {
    const available = bytes.length - offset;
    if (available < PREFIX_LENGTH) return couldBeginPrefix(bytes, offset) ? PREFIX_LENGTH : "no_prefix";
    const prefix = bytes.readUInt32BE(offset);
    if (prefix === PREFIX_55AA) {
      if (available < HEADER_LENGTH_55AA) return HEADER_LENGTH_55AA;
      const length = bytes.readUInt32BE(offset + 12);
      if (length < this.#minLength55aa || length > this.#maxLength) return "bad_length";
      return cut(bytes, offset, HEADER_LENGTH_55AA + length, "55AA");
    }
    if (prefix === PREFIX_6699) {
      if (available < HEADER_LENGTH_6699) return HEADER_LENGTH_6699;
      const length = bytes.readUInt32BE(offset + 14);
      if (length < OVERHEAD_6699 || length > this.#maxLength) return "bad_length";
      return cut(bytes, offset, HEADER_LENGTH_6699 + length + SUFFIX_LENGTH, "6699");
    }
    return "no_prefix";
  }
}

function run(
  bytes: Buffer,
  { from, reason }: { readonly from: number; readonly reason: DiscardReason },
  to: number,
): Discarded {
  return { type: "discarded", bytes: bytes.subarray(from, to), reason };
}

/** The frame of this total size, if all of it has arrived and its suffix is right. */
function cut(bytes: Buffer, offset: number, size: number, format: Frame["format"]): Look {
  if (bytes.length - offset < size) return size;
  const is55aa = format === "55AA";
  const suffix = bytes.readUInt32BE(offset + size - SUFFIX_LENGTH);
  if (suffix !== (is55aa ? SUFFIX_55AA : SUFFIX_6699)) return "bad_suffix";
  const numbers = offset + (is55aa ? 4 : 6);
  return {
    type: "frame",
    format,
    sequence: bytes.readUInt32BE(numbers),
    command: bytes.readUInt32BE(numbers + 4),
    bytes: size === bytes.length ? bytes : bytes.subarray(offset, offset + size),
  };
}

/** The offset of the next prefix, which may be cut off by the end of the bytes. */
function findPrefix(bytes: Buffer, from: number): number {
  let offset = from;
  while (offset < bytes.length && !couldBeginPrefix(bytes, offset)) offset++;
  return offset;
}

/**
 * Whether the bytes at an offset are a prefix (`0000`, then `55aa` or `6699`), or its beginning at the end of the bytes.
 */
function couldBeginPrefix(bytes: Buffer, offset: number): boolean {
  const available = bytes.length - offset;
  if (bytes[offset] !== 0) return false;
  if (available > 1 && bytes[offset + 1] !== 0) return false;
  if (available <= 2) return true;
  const third = bytes[offset + 2];
  if (third !== 0x55 && third !== 0x66) return false;
  return available === 3 || bytes[offset + 3] === (third === 0x55 ? 0xaa : 0x99);
}
