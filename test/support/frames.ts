import assert from "node:assert/strict";
import type { Frame } from "../../src/protocol/frame";
import type { Decoded } from "../../src/protocol/frame-decoder";

/** The frame, when a decoder found one frame and nothing else. */
export function onlyFrame(decoded: readonly Decoded[]): Frame {
  assert.equal(decoded.length, 1);
  const [first] = decoded;
  assert.ok(first?.type === "frame", `discarded: ${first?.type === "discarded" ? first.reason : "nothing"}`);
  return first;
}

/** The frames a decoder found, without what it discarded. */
export function framesOf(decoded: readonly Decoded[]): Frame[] {
  return decoded.flatMap((item) => (item.type === "frame" ? [item] : []));
}

/** The bytes of all that a decoder gave back, in order. */
export function bytesGivenBack(decoded: readonly Decoded[]): Buffer {
  return Buffer.concat(decoded.map((item) => item.bytes));
}
