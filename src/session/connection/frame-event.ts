import { isNegotiation } from "../../protocol/command";
import type { Opened } from "../../protocol/envelope";
import { type Frame, NO_BYTES } from "../../protocol/frame";
import type { DiscardReason } from "../../protocol/frame-decoder";
import type { Dialect, ProtocolVersion } from "../../protocol/version";

/**
 * One frame, sent or received, decoded. Never contains key material. Its buffers are not copied, and listeners get them
 * before the session reads them: do not write to them.
 */
export interface FrameEvent {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly direction: "in" | "out";
  readonly format: "55AA" | "6699";
  readonly version: ProtocolVersion;
  /** 0 for bytes that belong to no frame. */
  readonly sequence: number;
  /** The number of the command, see `commandName`; 0 for bytes that belong to no frame. */
  readonly command: number;
  /** 0 = success; undefined if the frame has none. */
  readonly returnCode: number | undefined;
  /**
   * Decrypted payload. Empty in negotiation frames, because their nonces and proofs are key material, and if it cannot be
   * read.
   */
  readonly payload: Buffer;
  /**
   * Whether the frame is believed. If not, it may have a payload nevertheless: if it came in clear ("not_authentic"), or
   * if a client wrote it ("from_client").
   */
  readonly valid: boolean;
  /** Why the frame is not believed, as a word such as "bad_hmac"; undefined if it is. */
  readonly reason: string | undefined;
  /** The whole frame, prefix to suffix; or bytes that belong to no frame. */
  readonly raw: Buffer;
}

/** Gets the frames of a connection. Describing a frame costs time, so it is done only while `active`. */
export interface FrameTap {
  readonly active: boolean;
  frame(event: FrameEvent): void;
}

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
    payload: NO_BYTES,
    reason: undefined,
    ...facts,
    valid: facts.reason === undefined,
  };
}

/** The session key is made of both nonces and the local key, so negotiation frames are shown without their content. */
function presentable(command: number, payload: Buffer): Buffer {
  return isNegotiation(command) ? NO_BYTES : payload;
}
