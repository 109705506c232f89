import { kindOf } from "../datapoints/conversions/kind";
import { bareDataPoint, type DataPoint } from "../datapoints/datapoint";
import { describeValue, jsonTypeOf } from "../datapoints/describe";
import { parseObject } from "../datapoints/notation/json-text";
import { parseNumber } from "../datapoints/notation/number";
import { readBoolean } from "../datapoints/notation/on-off";
import { badInput } from "../errors";
import { isPlainObject } from "../plain-object";
import type { DpValue } from "../protocol/dps";
import { EMPTY_TEXT } from "./payloads";

/**
 * The text of a payload, which may be bytes; other payloads are returned unchanged. Programs written in C may send the NUL
 * that ends their texts: NULs at the end are removed.
 */
export function plainPayload(payload: unknown): unknown {
  const text = ArrayBuffer.isView(payload) ? new TextDecoder().decode(payload) : payload;
  return typeof text === "string" ? withoutLastNuls(text) : text;
}

function withoutLastNuls(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\0") end -= 1;
  return text.slice(0, end);
}

/** Whether a payload is empty. An empty payload removes a retained topic and is no command. */
export function isEmptyPayload(payload: unknown): boolean {
  return payload === undefined || payload === null || plainPayload(payload) === "";
}

/** Longest payload of a command, in characters: several times what a device can read in a frame. */
export const MAX_PAYLOAD = 16_384;
/** How many characters a number, a boolean or a null counts. */
const SCALAR_COST = 2;
/** How many characters an object or a list counts besides its content, so that nesting is limited, too. */
const NESTING_COST = 16;

/** Whether a payload is longer than any command, as text or as the JSON it was read from. */
export function isTooLong(payload: unknown): boolean {
  return roomBeside(payload, MAX_PAYLOAD) < 0;
}

/** How many characters of `room` a value leaves; negative if it is too long. Stops counting as soon as that is known. */
function roomBeside(value: unknown, room: number): number {
  if (typeof value === "string") return room - value.length;
  if (typeof value !== "object" || value === null) return room - SCALAR_COST;
  let left = room - NESTING_COST;
  for (const [name, inner] of Object.entries(value)) {
    if (left < 0) break;
    left = roomBeside(inner, left - (Array.isArray(value) ? 0 : name.length));
  }
  return left;
}

/** The object in a payload, which may be its JSON text; undefined if it is no object. */
export function objectPayload(payload: unknown): Readonly<Record<string, unknown>> | undefined {
  const value = typeof payload === "string" ? parseObject(payload) : payload;
  return isPlainObject(value) ? value : undefined;
}

/**
 * Converts a payload for a data point to a value that tuya-out accepts. Payloads are texts, so the data point decides
 * what they mean: for a number the text "-5" is minus five, and only "+5" is a change.
 *
 * @param dataPoint undefined = not configured: then `known` decides
 * @param known the last reported value
 * @param isJson whether the value was inside JSON: then a number was meant as one, and is not refused for a text
 * @throws BAD_INPUT for a number if the data point is a text, which "mqtt in" has converted
 */
export function readPayload(
  payload: unknown,
  dataPoint: DataPoint | undefined,
  known: DpValue | undefined,
  isJson = false,
): unknown {
  if (payload === EMPTY_TEXT) return "";
  const point = dataPoint ?? bareDataPoint("");
  switch (kindOf(point)) {
    case "Integer":
      return absolute(payload);
    case "String":
    case "Raw":
    case "infrared-learned":
      return isJson ? payload : textOf(payload, known, point);
    case "Enum":
      return typeof payload === "boolean" ? String(payload) : payload;
    case "Bitmap":
    case "colour":
    case "phase":
    case "Json":
      return structured(payload);
    case "untyped":
      return byReport(payload, known);
    case "Boolean":
    case "cover-control":
    case "infrared-send":
      return payload;
  }
}

/** Converts a payload for a friendly name such as brightness or colour to a value that tuya-out accepts. */
export function readFriendlyPayload(payload: unknown): unknown {
  return absolute(structured(payload));
}

/** A number in a text is that number; only with a `+` before it, it is a change and stays a text. */
function absolute(payload: unknown): unknown {
  if (typeof payload !== "string" || payload.trimStart().startsWith("+")) return payload;
  return parseNumber(payload) ?? payload;
}

function structured(payload: unknown): unknown {
  return typeof payload === "string" ? (parseObject(payload) ?? payload) : payload;
}

/** A text such as `10e5` that "mqtt in" has read as JSON has become 1000000: the text itself is lost. */
function textOf(payload: unknown, known: DpValue | undefined, { code, dp }: DataPoint): unknown {
  if (typeof payload === "string" || typeof payload === typeof known) return payload;
  if (typeof payload === "boolean") return String(payload);
  throw badInput(
    `${code || `Data point ${dp}`} takes a text, but ${describeValue(payload)} arrived: the "mqtt in" node has read the text as JSON. Choose the output "a String" there; nothing was sent.`,
  );
}

/** Reads a payload for a data point without a type, by the type of the value it has reported. */
function byReport(payload: unknown, known: DpValue | undefined): unknown {
  if (typeof payload !== "string") return payload;
  const type = known === undefined || known === null ? undefined : jsonTypeOf(known);
  if (type === "string") return payload;
  if (type === "boolean") return readBoolean(payload) ?? payload;
  if (type === "number") return absolute(payload);
  const word = payload.trim().toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  return absolute(structured(payload));
}
