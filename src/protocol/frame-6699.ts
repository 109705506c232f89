import type { KeyObject } from "node:crypto";
import { gcmOpen, gcmSeal, IV_LENGTH, TAG_LENGTH } from "./cipher";
import { type Frame, SUFFIX_LENGTH } from "./frame";

/*
 * The 6699 frame of 3.5. Unlike in 55AA frames `length` does not count the suffix.
 *
 * 0          4          6          10         14         18         30            end-20    end-4
 * +----------+----------+----------+----------+----------+----------+-------------+---------+----------+
 * | 00006699 | reserved | sequence | command  | length   | IV       | cipher text | GCM tag | 00009966 |
 * +----------+----------+----------+----------+----------+----------+-------------+---------+----------+
 * '------- 14 bytes, authenticated (AAD) -----'
 *
 * The AAD is verified as received: devices accept reserved bytes that are not zero, and so do we.
 */
export const PREFIX_6699 = 0x00006699;
export const SUFFIX_6699 = 0x00009966;
export const HEADER_LENGTH_6699 = 18;
/** The bytes that `length` counts besides the cipher text. */
export const OVERHEAD_6699 = IV_LENGTH + TAG_LENGTH;
const AAD_START = 4;
const TEXT_START = HEADER_LENGTH_6699 + IV_LENGTH;

/**
 * Builds a frame around `plain`, encrypted with AES-128-GCM. An IV must never be used twice under one key; throws a
 * RangeError if it does not have 12 bytes.
 */
export function encodeFrame6699(
  sequence: number,
  command: number,
  plain: Buffer,
  key: KeyObject,
  iv: Buffer,
  reserved = 0,
): Buffer {
  if (iv.length !== IV_LENGTH) throw new RangeError(`a 6699 frame needs an IV of ${IV_LENGTH} bytes`);
  const frame = Buffer.allocUnsafe(TEXT_START + plain.length + TAG_LENGTH + SUFFIX_LENGTH);
  frame.writeUInt32BE(PREFIX_6699, 0);
  frame.writeUInt16BE(reserved, 4);
  frame.writeUInt32BE(sequence, 6);
  frame.writeUInt32BE(command, 10);
  frame.writeUInt32BE(plain.length + OVERHEAD_6699, 14);
  iv.copy(frame, HEADER_LENGTH_6699);
  const { text, tag } = gcmSeal(key, iv, frame.subarray(AAD_START, HEADER_LENGTH_6699), plain);
  text.copy(frame, TEXT_START);
  tag.copy(frame, TEXT_START + plain.length);
  frame.writeUInt32BE(SUFFIX_6699, TEXT_START + plain.length + TAG_LENGTH);
  return frame;
}

/** The plain text of a frame, or undefined when its tag does not verify under this key. */
export function openFrame6699(frame: Frame, key: KeyObject): Buffer | undefined {
  const { bytes } = frame;
  const textEnd = bytes.length - SUFFIX_LENGTH - TAG_LENGTH;
  if (frame.format !== "6699" || textEnd < TEXT_START) return undefined;
  return gcmOpen(
    key,
    bytes.subarray(HEADER_LENGTH_6699, TEXT_START),
    bytes.subarray(AAD_START, HEADER_LENGTH_6699),
    bytes.subarray(TEXT_START, textEnd),
    bytes.subarray(textEnd, textEnd + TAG_LENGTH),
  );
}
