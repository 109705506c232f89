import type { DataPointMap } from "../../src/datapoints/datapoint-map";
import { describeWord } from "../../src/datapoints/describe";
import { badInput } from "../../src/errors";
import { type EventMode, readEventMode } from "../../src/import/event-mode";
import { isPlainObject, type Properties } from "../runtime/properties";

/** The operation in a message, as written: names and values are not looked up yet. */
export type Operation =
  /** `value`: a value, or an object of names and values. */
  | { readonly kind: "set"; readonly value: unknown; readonly cid: string | undefined }
  | {
      readonly kind: "set-one";
      readonly name: unknown;
      readonly value: unknown;
      readonly cid: string | undefined;
    }
  | {
      readonly kind: "set-many";
      readonly values: Properties;
      readonly cid: string | undefined;
      /** Whether it is in the other package's format, in which numbers are in device units. */
      readonly isForeign: boolean;
    }
  | { readonly kind: "query"; readonly cid: string | undefined }
  | {
      readonly kind: "refresh";
      readonly names: readonly unknown[] | undefined;
      readonly cid: string | undefined;
    }
  | { readonly kind: "connect" | "disconnect" | "reconnect" }
  | { readonly kind: "event-mode"; readonly mode: EventMode }
  /** Has no effect here; `says`: the sentence that tells why. */
  | { readonly kind: "nothing"; readonly says: string };

/** The device a message is for. */
export interface Addressee {
  readonly deviceId: string;
  readonly cid: string | undefined;
  readonly dataPoints: DataPointMap;
}

type Word = "set" | "query" | "refresh" | "connect" | "disconnect" | "reconnect" | "control";

const WORDS: ReadonlyMap<string, Word> = new Map([
  ["set", "set"],
  ["query", "query"],
  ["get", "query"],
  ["refresh", "refresh"],
  ["connect", "connect"],
  ["disconnect", "disconnect"],
  ["reconnect", "reconnect"],
  ["control", "control"],
]);

/** Actions of node-red-contrib-tuya-smart-device that change its search and its retries. */
const ACTIONS_WITHOUT_EFFECT: readonly string[] = ["set_find_timeout", "set_retry_timeout"];

/** The data point that node-red-contrib-tuya-smart-device sets if none is named. */
const FOREIGN_DEFAULT_DP = "1";

/**
 * Reads our own formats and those of node-red-contrib-tuya-smart-device 5.4, in which a missing `payload.operation` means
 * SET. Throws BAD_INPUT for an unknown operation.
 */
export function readOperation(msg: Properties, addressee: Addressee): Operation {
  const payload = msg["payload"];
  if (!isPlainObject(payload)) return byWord(wordOf(msg["operation"]), msg, {}, addressee);
  const isOperation = typeof payload["operation"] === "string" && !isCode("operation", addressee.dataPoints);
  const word = wordOf(isOperation ? payload["operation"] : msg["operation"]);
  return byWord(word, msg, payload, addressee, isOperation);
}

function byWord(
  word: Word,
  msg: Properties,
  payload: Properties,
  addressee: Addressee,
  isEnvelope = false,
): Operation {
  switch (word) {
    case "set":
      return readSet(msg, payload, addressee, isEnvelope);
    case "query":
      return { kind: "query", cid: cidOf(payload, addressee) };
    case "refresh":
      return { kind: "refresh", names: refreshNames(msg, payload), cid: cidOf(payload, addressee) };
    case "connect":
    case "disconnect":
    case "reconnect":
      return { kind: word };
    case "control":
      return readAction(payload);
  }
}

function wordOf(operation: unknown): Word {
  if (operation === undefined || operation === null || operation === "") return "set";
  const word = typeof operation === "string" ? WORDS.get(operation.trim().toLowerCase()) : undefined;
  if (word) return word;
  throw badInput(
    `The operation ${describeWord(operation)} is not known. Use set, query, refresh, connect, disconnect or reconnect.`,
  );
}

/** `isEnvelope`: the payload names its operation, so its other fields are not all data points. */
function readSet(msg: Properties, payload: Properties, addressee: Addressee, isEnvelope: boolean): Operation {
  const cid = cidOf(payload, addressee);
  const has = (field: string) => Object.hasOwn(payload, field) && !isCode(field, addressee.dataPoints);
  if (has("multiple") && payload["multiple"] === true) {
    const values = payload["data"];
    if (isPlainObject(values)) return readForeignSet(msg, values, cid);
    throw badInput("The message says multiple, but payload.data is no object of data points.");
  }
  if (has("dps") && isPlainObject(payload["dps"])) {
    return { kind: "set-many", values: payload["dps"], cid, isForeign: false };
  }
  if (has("set") || has("dps")) {
    const { dps, set: value } = payload;
    // In that package a null is a query. It is not sent as a value: some devices would switch off, or take the first
    // value of an enum.
    const isRead = value === null && !isForced(msg);
    return isRead ? { kind: "query", cid } : { kind: "set-one", name: dps ?? FOREIGN_DEFAULT_DP, value, cid };
  }
  if (!isEnvelope) return { kind: "set", value: msg["payload"], cid: addressee.cid };
  const values = Object.entries(payload).filter(([field]) => !ENVELOPE_FIELDS.includes(field));
  return { kind: "set-many", values: Object.fromEntries(values), cid, isForeign: false };
}

function readForeignSet(msg: Properties, values: Properties, cid: string | undefined): Operation {
  const all = Object.values(values);
  const isRead = all.length > 0 && all.every((value) => value === null) && !isForced(msg);
  return isRead ? { kind: "query", cid } : { kind: "set-many", values, cid, isForeign: true };
}

const ENVELOPE_FIELDS: readonly string[] = ["operation", "cid", "devId", "shouldWaitForResponse", "multiple"];

/**
 * The data points to measure: a list in the payload or in `msg.dp`. A payload that is a single number is the timestamp of
 * an inject node.
 */
function refreshNames(msg: Properties, payload: Properties): readonly unknown[] | undefined {
  const dp = msg["dp"];
  const lists = [msg["payload"], payload["requestedDPS"], payload["dps"], dp];
  const list = lists.find((item) => Array.isArray(item)) as readonly unknown[] | undefined;
  if (list) return list;
  if (typeof dp === "number") return [dp];
  return typeof dp === "string" && dp.trim() !== "" ? dp.split(",") : undefined;
}

function readAction({ action, value }: Properties): Operation {
  const word = typeof action === "string" ? action.trim().toLowerCase() : "";
  if (word === "connect" || word === "disconnect" || word === "reconnect") return { kind: word };
  if (word === "set_event_mode") return { kind: "event-mode", mode: readEventMode(value) };
  if (ACTIONS_WITHOUT_EFFECT.includes(word)) {
    const says = `${word.toUpperCase()} has no effect here: how long to search and when to try again follows from what the device does.`;
    return { kind: "nothing", says };
  }
  throw badInput(`The action ${describeWord(action)} is not known. Use CONNECT, DISCONNECT or RECONNECT.`);
}

/** The cid in a payload. `devId` is the other package's name for a device behind the connected one. */
function cidOf(payload: Properties, { deviceId, cid }: Addressee): string | undefined {
  const named = [payload["cid"], payload["devId"]].find((id) => typeof id === "string" && id !== "");
  return typeof named === "string" && named !== deviceId ? named : cid;
}

/** Whether values that do not fit are to be sent nevertheless. */
export function isForced(msg: Properties): boolean {
  return msg["force"] === true;
}

function isCode(name: string, dataPoints: DataPointMap): boolean {
  return dataPoints.numberOf(name) !== undefined;
}
