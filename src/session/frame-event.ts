import { isNegotiation } from "../protocol/command";
import type { Opened } from "../protocol/envelope";
import type { Frame } from "../protocol/frame";
import type { DiscardReason } from "../protocol/frame-decoder";
import type { Dialect, ProtocolVersion } from "../protocol/version";

/** One frame, decoded, in either direction. Never carries key material. */
export interface FrameEvent {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly direction: "in" | "out";
  readonly format: "55AA" | "6699";
  readonly version: ProtocolVersion;
  readonly sequence: number;
  readonly command: number;
  readonly returnCode: number | undefined;
  /** Decrypted payload; empty in negotiation frames, whose nonces and proofs are nobody's business. */
  readonly payload: Buffer;
  /** Whether it counts. What does not may have a payload all the same, if it came in clear ("not_authentic") or from here ("from_client"). */
  readonly valid: boolean;
  /** Why the frame is invalid. */
  readonly reason: string | undefined;
  readonly raw: Buffer;
}

/** Who looks at the frames of a connection. Describing one costs time, so it is done only while somebody does. */
export interface FrameTap {
  readonly active: boolean;
  frame(event: FrameEvent): void;
}

const NOTHING = Buffer.alloc(0);

/** A frame that went to the device. */
export function describeSent(
  message: { readonly sequence: number; readonly command: number; readonly payload: Buffer },
  raw: Buffer,
  dialect: Dialect,
): FrameEvent {
  const { sequence, command, payload } = message;
  return describe("out", dialect, { sequence, command, payload: presentable(command, payload), raw });
}

/** A frame that came from the device, opened or not. */
export function describeReceived(frame: Frame, opened: Opened, dialect: Dialect): FrameEvent {
  const { format, sequence, command, bytes: raw } = frame;
  const facts = { format, sequence, command, raw, ...(opened.ok ? {} : { reason: opened.reason }) };
  const message = opened.ok ? opened.message : opened.clear;
  if (!message) return describe("in", dialect, facts);
  const { payload, returnCode } = message;
  return describe("in", dialect, { ...facts, returnCode, payload: presentable(command, payload) });
}

/** Bytes that belong to no frame. */
export function describeDiscarded(raw: Buffer, reason: DiscardReason, dialect: Dialect): FrameEvent {
  return describe("in", dialect, { sequence: 0, command: 0, raw, reason });
}

function describe(
  direction: "in" | "out",
  { format, version }: Dialect,
  facts: Pick<FrameEvent, "sequence" | "command" | "raw"> & Partial<FrameEvent>,
): FrameEvent {
  return {
    time: Date.now(),
    direction,
    format,
    version,
    returnCode: undefined,
    payload: NOTHING,
    reason: undefined,
    ...facts,
    valid: facts.reason === undefined,
  };
}

/** Both nonces and the local key make the session key, so the negotiation shows that it happens and nothing of it. */
function presentable(command: number, payload: Buffer): Buffer {
  return isNegotiation(command) ? NOTHING : payload;
}
