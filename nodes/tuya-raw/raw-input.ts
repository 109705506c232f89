import { isBytes } from "../../src/datapoints/notation/bytes";
import { badInput } from "../../src/errors";
import { commandNumber } from "../../src/protocol/command";
import { isPlainObject, type Properties } from "../runtime/properties";

/** The request in a message to tuya-raw. */
export type RawInput =
  | { readonly kind: "send"; readonly command: number; readonly payload: Buffer }
  /** Recorded bytes to decode. */
  | { readonly kind: "decode"; readonly bytes: Buffer };

/** Decoding more at once would block the process. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads a message: with `msg.command`, or a payload that has a `command`, it is a frame to send; bytes or hex digits are
 * to be decoded. Throws BAD_INPUT for anything else; never changes the message.
 */
export function readRawInput(msg: Properties): RawInput {
  const { payload } = msg;
  if (isGiven(msg["command"])) return readFrame(msg["command"], payload);
  if (isPlainObject(payload) && isGiven(payload["command"])) {
    if (payload["direction"] === "in")
      throw badInput("The message is a frame that came from a device: it is not sent back.");
    return readFrame(payload["command"], payload["payload"]);
  }
  return { kind: "decode", bytes: readBytes(payload) };
}

function isGiven(command: unknown): boolean {
  return command !== undefined && command !== null && command !== "";
}

function readFrame(command: unknown, payload: unknown): RawInput {
  const number = readCommand(command);
  if (number !== undefined) return { kind: "send", command: number, payload: readPayload(payload) };
  throw badInput(
    "The command is not known. Use its number, such as 10 or 0x0a, or its name, such as DP_QUERY.",
  );
}

/** Reads the number or name of a command. Whether it may be sent is checked later. */
function readCommand(command: unknown): number | undefined {
  if (typeof command === "number") return command;
  if (typeof command !== "string") return undefined;
  const text = command.trim();
  return /^(?:0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : commandNumber(text);
}

function readPayload(payload: unknown): Buffer {
  if (payload === undefined || payload === null) return Buffer.alloc(0);
  if (typeof payload === "string") return Buffer.from(payload, "utf8");
  if (isBytes(payload)) return Buffer.from(payload);
  const json = typeof payload === "object" ? toJson(payload) : undefined;
  // Compact: several firmwares do not answer bodies with blanks between the tokens.
  if (json !== undefined) return Buffer.from(json, "utf8");
  throw badInput("The payload of a frame is an object, a text or a Buffer, and this one is not.");
}

/** The JSON of an object; undefined if it cannot be written as JSON. */
function toJson(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function readBytes(payload: unknown): Buffer {
  const bytes = typeof payload === "string" ? fromHex(payload) : payload;
  if (!isBytes(bytes))
    throw badInput(
      "The payload is nothing to decode and nothing to send. Send a Buffer or hex digits to decode, or an object with a command, such as {command: 10, payload: {}}.",
    );
  if (bytes.length === 0) throw badInput("The payload is empty: there is nothing to decode.");
  if (bytes.length > MAX_BYTES)
    throw badInput(`The payload is longer than ${MAX_BYTES} bytes. Decode it in several pieces.`);
  return Buffer.from(bytes);
}

/**
 * Reads bytes as tools print them: `00 00 55 aa`, `0x00,0x00`, `00:00:55:aa`, also in several lines. Undefined for any
 * other text.
 */
function fromHex(text: string): Buffer | undefined {
  const digits = text.replace(/0x|\\x|[\s,:;-]/gi, "");
  return /^(?:[\da-f]{2})*$/i.test(digits) ? Buffer.from(digits, "hex") : undefined;
}
