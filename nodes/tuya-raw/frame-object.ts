import { commandName } from "../../src/protocol/command";
import type { Inspected } from "../../src/protocol/inspect";
import { parseBody } from "../../src/protocol/message";
import type { FrameEvent } from "../../src/session/connection/frame-event";

/** A frame in a message. Everything is copied, because the flow may change it. */
export type FrameObject = Readonly<Record<string, unknown>>;

/** The reasons why a frame or bytes cannot be read, as sentences. */
const REASONS: Readonly<Record<string, string>> = {
  no_prefix: "no frame begins here",
  bad_length: "impossible length",
  bad_suffix: "no suffix where the frame has to end",
  incomplete: "the frame is cut off",
  bad_crc: "wrong CRC",
  bad_hmac: "wrong HMAC: another local key, or changed bytes",
  bad_tag: "wrong GCM tag: another local key, or changed bytes",
  bad_body: "not encrypted with this local key",
  not_authentic: "not authentic: in clear, where devices encrypt everything",
  from_client: "not authentic: a request of a client that came back, not a device's answer",
  foreign_format: "frame format of another protocol version",
  no_key: "encrypted, and no local key is known",
  session_key: "encrypted with a session key",
};

/** Reasons of bytes that belong to no frame. */
const NO_FRAME: readonly string[] = ["no_prefix", "bad_length", "bad_suffix"];

/** A frame that was sent or received. */
export function frameObject(frame: FrameEvent): FrameObject {
  const { time, direction, format, version } = frame;
  const isFrame = frame.reason === undefined || !NO_FRAME.includes(frame.reason);
  return {
    time,
    direction,
    format,
    version,
    ...contents({
      ...frame,
      sequence: isFrame ? frame.sequence : undefined,
      command: isFrame ? frame.command : undefined,
    }),
  };
}

/** A frame from recorded bytes. */
export function inspectedObject(inspected: Inspected): FrameObject {
  const { direction, format, version, announcement } = inspected;
  return {
    direction,
    format,
    version,
    ...contents(inspected),
    ...(announcement && { announcement: { ...announcement } }),
  };
}

function contents({
  sequence,
  command,
  returnCode,
  payload,
  reason,
  raw,
}: Pick<Inspected, "sequence" | "command" | "returnCode" | "payload" | "raw"> & {
  readonly reason: string | undefined;
}): FrameObject {
  const body = parseBody(payload);
  return {
    sequence,
    command,
    name: command === undefined ? undefined : commandName(command),
    returnCode,
    payload: Buffer.from(payload),
    ...(body.kind === "json" && { json: body.value }),
    valid: reason === undefined,
    ...(reason !== undefined && { reason: REASONS[reason] ?? reason }),
    raw: Buffer.from(raw),
  };
}
