import type { KeyObject } from "node:crypto";
import { timingSafeEqual } from "node:crypto";
import { HMAC_LENGTH, hmacSha256 } from "./cipher";
import { crc32 } from "./crc32";
import type { FrameFormat } from "./version";

/*
 * The 55AA frame of 3.1 to 3.4. Numbers are big-endian; `length` counts everything behind it, the suffix included.
 *
 *   0          4          8          12         16                      end-8 (3.4: end-36)   end-4
 *   +----------+----------+----------+----------+-----------------------+---------------------+----------+
 *   | 000055aa | sequence | command  | length   | body                  | CRC-32 (3.4: HMAC)  | 0000aa55 |
 *   +----------+----------+----------+----------+-----------------------+---------------------+----------+
 *
 * The body begins with a 4-byte return code in frames from a device. CRC and HMAC cover all that stands before them.
 */
export const PREFIX_55AA = 0x000055aa;
export const SUFFIX_55AA = 0x0000aa55;
export const HEADER_LENGTH_55AA = 16;
export const SUFFIX_LENGTH = 4;
export const RETURN_CODE_LENGTH = 4;
const CRC_LENGTH = 4;

/** No bytes at all: an empty payload, or a part that is not there. */
export const NO_BYTES = Buffer.alloc(0);

/** A frame as it is cut out of a byte stream: prefix, length and suffix are right; nothing else is checked or decrypted. */
export interface Frame {
  readonly type: "frame";
  readonly format: FrameFormat;
  readonly sequence: number;
  readonly command: number;
  /** The whole frame, prefix to suffix. */
  readonly bytes: Buffer;
}

/** Size of the 55AA trailer without suffix, in bytes: HMAC on a connection that has one, CRC otherwise. */
export function trailerLength55aa(integrity: "crc32" | "hmac-sha256"): number {
  return integrity === "hmac-sha256" ? HMAC_LENGTH : CRC_LENGTH;
}

/** Builds a frame. With a key it ends in an HMAC (3.4), without one in a CRC. */
export function encodeFrame55aa(
  sequence: number,
  command: number,
  body: readonly Buffer[],
  hmacKey?: KeyObject,
): Buffer {
  let bodyLength = 0;
  for (const part of body) bodyLength += part.length;
  const covered = HEADER_LENGTH_55AA + bodyLength;
  const trailer = trailerLength55aa(hmacKey ? "hmac-sha256" : "crc32");
  const frame = Buffer.allocUnsafe(covered + trailer + SUFFIX_LENGTH);
  frame.writeUInt32BE(PREFIX_55AA, 0);
  frame.writeUInt32BE(sequence, 4);
  frame.writeUInt32BE(command, 8);
  frame.writeUInt32BE(bodyLength + trailer + SUFFIX_LENGTH, 12);
  let offset = HEADER_LENGTH_55AA;
  for (const part of body) offset += part.copy(frame, offset);
  if (hmacKey) hmacSha256(hmacKey, frame.subarray(0, covered)).copy(frame, covered);
  else frame.writeUInt32BE(crc32(frame.subarray(0, covered)), covered);
  frame.writeUInt32BE(SUFFIX_55AA, covered + trailer);
  return frame;
}

/** The bytes between the header and the trailer of a frame with this kind of trailer. */
export function body55aa(frame: Frame, integrity: "crc32" | "hmac-sha256"): Buffer {
  return frame.bytes.subarray(HEADER_LENGTH_55AA, bodyEnd55aa(frame, integrity));
}

/** The offset at which the body ends. */
export function bodyEnd55aa({ bytes }: Frame, integrity: "crc32" | "hmac-sha256"): number {
  return Math.max(HEADER_LENGTH_55AA, bytes.length - SUFFIX_LENGTH - trailerLength55aa(integrity));
}

/** Whether a frame ends in the right CRC. False for a frame with an HMAC, so it tells 3.3 from 3.4. */
export function hasValidCrc(frame: Frame): boolean {
  const end = frame.bytes.length - SUFFIX_LENGTH - CRC_LENGTH;
  if (frame.format !== "55AA" || end < HEADER_LENGTH_55AA) return false;
  return frame.bytes.readUInt32BE(end) === crc32(frame.bytes.subarray(0, end));
}

/** Whether a frame ends in the right HMAC under this key. Compared in constant time. */
export function hasValidHmac(frame: Frame, key: KeyObject): boolean {
  const end = frame.bytes.length - SUFFIX_LENGTH - HMAC_LENGTH;
  if (frame.format !== "55AA" || end < HEADER_LENGTH_55AA) return false;
  return timingSafeEqual(
    frame.bytes.subarray(end, end + HMAC_LENGTH),
    hmacSha256(key, frame.bytes.subarray(0, end)),
  );
}
