import { kindOf } from "../datapoints/conversions/kind";
import { bareDataPoint, type DataPoint } from "../datapoints/datapoint";
import { describeValue, jsonTypeOf } from "../datapoints/describe";
import { parseObject } from "../datapoints/notation/json-text";
import { parseNumber } from "../datapoints/notation/number";
import { readBoolean } from "../datapoints/notation/on-off";
import { badInput, type TuyaError } from "../errors";
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
const LEAST = 2;
/** How many characters an object or a list counts besides its content, so that nesting is limited, too. */
const LEAST_INSIDE = 16;

/** Whether a payload is longer than any command, as text or as the JSON it was read from. */
export function isTooLong(payload: unknown): boolean {
  return roomBeside(payload, MAX_PAYLOAD) < 0;
}

/** The characters left of `room` behind a value; negative if it is too long. Stops as soon as that is known. */
function roomBeside(value: unknown, room: number): number {
  if (typeof value === "string") return room - value.length;
  if (typeof value !== "object" || value === null) return room - LEAST;
  let left = room - LEAST_INSIDE;
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
 * @param dataPoint undefined = not configured: then the last reported value decides
 * @param known that value
 * @param isJson whether the value was inside JSON: then numbers are numbers already
 * @throws BAD_INPUT for a text that was converted to a number on its way, if the data point is a text
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
      return isJson ? payload : untouched(payload, known, point);
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

/** Converts a payload for a friendly name such as brightness or colour. */
export function readFriendlyPayload(payload: unknown): unknown {
  return absolute(structured(payload));
}

function absolute(payload: unknown): unknown {
  if (typeof payload !== "string" || payload.trimStart().startsWith("+")) return payload;
  return parseNumber(payload) ?? payload;
}

function structured(payload: unknown): unknown {
  return typeof payload === "string" ? (parseObject(payload) ?? payload) : payload;
}

/** A text `10e5` that was read as JSON has become 1000000, and the original is lost. */
function untouched(payload: unknown, known: DpValue | undefined, point: DataPoint): unknown {
  if (typeof payload === "string" || typeof payload === typeof known) return payload;
  if (typeof payload === "boolean") return String(payload);
  throw eaten(payload, point);
}

function eaten(payload: unknown, { code, dp }: DataPoint): TuyaError {
  return badInput(
    `${code || `Data point ${dp}`} takes a text, but ${describeValue(payload)} arrived: the "mqtt in" node has read the text as JSON. Choose the output "a String" there; nothing was sent.`,
  );
}

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
