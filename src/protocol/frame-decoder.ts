import {
  type Frame,
  HEADER_LENGTH_55AA,
  PREFIX_55AA,
  SUFFIX_55AA,
  SUFFIX_LENGTH,
  trailerLength55aa,
} from "./frame";
import { HEADER_LENGTH_6699, OVERHEAD_6699, PREFIX_6699, SUFFIX_6699 } from "./frame-6699";

/** Largest `length` field accepted, in bytes. Infra-red codes and gateway lists reach a few thousand. */
export const MAX_LENGTH = 16 * 1024;

const PREFIX_LENGTH = 4;

export type DiscardReason =
  /** No prefix where a frame had to begin. */
  | "no_prefix"
  /** A prefix followed by a length no frame can have. */
  | "bad_length"
  /** A frame that does not end in its suffix. */
  | "bad_suffix";

/** What a decoder found: a frame, or bytes that belong to none. In the order of the stream, without gaps. */
export type Decoded =
  | { readonly type: "frame"; readonly frame: Frame }
  | { readonly type: "discarded"; readonly bytes: Buffer; readonly reason: DiscardReason };

/** What the bytes at an offset turned out to be. */
type Look =
  | { readonly found: "frame"; readonly frame: Frame }
  | { readonly found: "incomplete"; readonly needed: number }
  | { readonly found: "nothing"; readonly reason: DiscardReason };

export interface FrameDecoderOptions {
  /** Which trailer 55AA frames of this connection have; decides the smallest possible length. */
  readonly integrity?: "crc32" | "hmac-sha256" | "gcm-tag";
  /** Largest `length` field accepted, in bytes. */
  readonly maxLength?: number;
}

/**
 * Cuts frames of both formats out of a TCP stream. Devices glue frames together and split them anywhere, and prefix or
 * suffix bytes occur inside frames (sequence numbers, IVs, cipher text), so only `length` tells where a frame ends.
 *
 * Never throws; keeps at most one incomplete frame. Every byte pushed comes out again, as part of a frame or discarded.
 * Frames share memory with the pushed chunks where they can: do not overwrite a chunk after pushing it.
 */
export class FrameDecoder {
  readonly #minLength55aa: number;
  readonly #maxLength: number;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that must be there before looking again can find anything new. */
  #needed = PREFIX_LENGTH;

  constructor(options: FrameDecoderOptions = {}) {
    const trailer = options.integrity === "hmac-sha256" ? "hmac-sha256" : "crc32";
    this.#minLength55aa = trailerLength55aa(trailer) + SUFFIX_LENGTH;
    this.#maxLength = options.maxLength ?? MAX_LENGTH;
  }

  /** Bytes of an unfinished frame that wait for the rest. */
  get pending(): number {
    return this.#size;
  }

  /** Takes the next bytes of the stream and returns what they complete. */
  push(chunk: Buffer): Decoded[] {
    this.#size += chunk.length;
    if (chunk.length > 0) this.#chunks.push(chunk);
    if (this.#size < this.#needed) return [];
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#size);

    const decoded: Decoded[] = [];
    let offset = 0;
    let needed = PREFIX_LENGTH;
    while (offset < bytes.length) {
      const look = this.#look(bytes, offset);
      if (look.found === "incomplete") {
        needed = look.needed;
        break;
      }
      if (look.found === "frame") {
        decoded.push({ type: "frame", frame: look.frame });
        offset += look.frame.bytes.length;
        continue;
      }
      const next = findPrefix(bytes, offset + 1);
      decoded.push({ type: "discarded", bytes: bytes.subarray(offset, next), reason: look.reason });
      offset = next;
    }

    this.#size = bytes.length - offset;
    this.#needed = needed;
    // A copy, so that a few waiting bytes do not keep a large chunk alive.
    this.#chunks = this.#size > 0 ? [offset > 0 ? Buffer.from(bytes.subarray(offset)) : bytes] : [];
    return decoded;
  }

  #look(bytes: Buffer, offset: number): Look {
    const available = bytes.length - offset;
    if (available < PREFIX_LENGTH) {
      return couldBeginPrefix(bytes, offset)
        ? { found: "incomplete", needed: PREFIX_LENGTH }
        : { found: "nothing", reason: "no_prefix" };
    }
    const prefix = bytes.readUInt32BE(offset);
    if (prefix === PREFIX_55AA) {
      if (available < HEADER_LENGTH_55AA) return { found: "incomplete", needed: HEADER_LENGTH_55AA };
      const length = bytes.readUInt32BE(offset + 12);
      if (length < this.#minLength55aa || length > this.#maxLength) {
        return { found: "nothing", reason: "bad_length" };
      }
      return cut(bytes, offset, HEADER_LENGTH_55AA + length, "55AA");
    }
    if (prefix === PREFIX_6699) {
      if (available < HEADER_LENGTH_6699) return { found: "incomplete", needed: HEADER_LENGTH_6699 };
      const length = bytes.readUInt32BE(offset + 14);
      if (length < OVERHEAD_6699 || length > this.#maxLength)
        return { found: "nothing", reason: "bad_length" };
      return cut(bytes, offset, HEADER_LENGTH_6699 + length + SUFFIX_LENGTH, "6699");
    }
    return { found: "nothing", reason: "no_prefix" };
  }
}

/** Takes the frame of this total size, once all of it is there and its suffix is right. */
function cut(bytes: Buffer, offset: number, size: number, format: Frame["format"]): Look {
  if (bytes.length - offset < size) return { found: "incomplete", needed: size };
  const is55aa = format === "55AA";
  const suffix = bytes.readUInt32BE(offset + size - SUFFIX_LENGTH);
  if (suffix !== (is55aa ? SUFFIX_55AA : SUFFIX_6699)) return { found: "nothing", reason: "bad_suffix" };
  const numbers = offset + (is55aa ? 4 : 6);
  return {
    found: "frame",
    frame: {
      format,
      sequence: bytes.readUInt32BE(numbers),
      command: bytes.readUInt32BE(numbers + 4),
      bytes: bytes.subarray(offset, offset + size),
    },
  };
}

/** Offset of the next place where a prefix stands or may be cut off by the end of the bytes. */
function findPrefix(bytes: Buffer, from: number): number {
  for (let offset = bytes.indexOf(0, from); offset !== -1; offset = bytes.indexOf(0, offset + 1)) {
    if (couldBeginPrefix(bytes, offset)) return offset;
  }
  return bytes.length;
}

/** Whether the bytes at an offset are a prefix, as far as they go: `0000` and then `55aa` or `6699`. */
function couldBeginPrefix(bytes: Buffer, offset: number): boolean {
  const available = bytes.length - offset;
  if (bytes[offset] !== 0) return false;
  if (available > 1 && bytes[offset + 1] !== 0) return false;
  if (available <= 2) return true;
  const third = bytes[offset + 2];
  if (third !== 0x55 && third !== 0x66) return false;
  return available === 3 || bytes[offset + 3] === (third === 0x55 ? 0xaa : 0x99);
}
