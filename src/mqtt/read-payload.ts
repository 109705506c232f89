import { kindOf } from "../datapoints/conversions/kind";
import { bareDataPoint, type DataPoint } from "../datapoints/datapoint";
import { describeValue, jsonTypeOf } from "../datapoints/describe";
import { parseObject } from "../datapoints/notation/json-text";
import { parseNumber } from "../datapoints/notation/number";
import { readBoolean } from "../datapoints/notation/on-off";
import { badInput, type TuyaError } from "../errors";
import type { DpValue } from "../protocol/dps";
import { EMPTY_TEXT } from "./payloads";

/** A payload as text where it is bytes, otherwise as it arrived. */
export function plainPayload(payload: unknown): unknown {
  return ArrayBuffer.isView(payload) ? new TextDecoder().decode(payload) : payload;
}

/** Whether there is nothing in a payload: that removes a retained topic, and asks for nothing. */
export function isEmptyPayload(payload: unknown): boolean {
  return payload === undefined || payload === null || plainPayload(payload) === "";
}

/** Longest payload of a command, in characters: several times what a device can read in a frame. */
export const MAX_PAYLOAD = 16_384;
/** What a number or the like counts at least. */
const LEAST = 2;
/** What an object or a list counts at least, so that none is followed too deeply. */
const LEAST_INSIDE = 16;

/** Whether a payload is longer than any command, as text or as the JSON it was read from. */
export function isTooLong(payload: unknown): boolean {
  return roomBeside(payload, MAX_PAYLOAD) < 0;
}

/** What is left of some room; less than nothing where it is not enough, and then nothing more is looked at. */
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

/** The object a payload is, or is the JSON of; undefined where it is none. */
export function objectPayload(payload: unknown): Readonly<Record<string, unknown>> | undefined {
  const value = typeof payload === "string" ? parseObject(payload) : payload;
  const isObject =
    typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}

/**
 * What a payload means to a data point, as tuya-out takes it. Payloads are texts, so the data point says what they are: the
 * text "-5" is minus five to a number, and only "+5" a change.
 *
 * @param dataPoint undefined where nothing is configured: then the last value the device reported tells
 * @param known that value
 * @param isJson whether it stands in JSON somebody wrote: a number is one there
 * @throws BAD_INPUT for a text that was taken for a number on its way, where a text is wanted
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

/** What a payload means to a friendly word such as brightness or colour. */
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

/** `10e5` read as JSON is 1000000, and nobody can tell any more. */
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
