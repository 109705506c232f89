import { isPossibleId, possibleDps } from "./limits";
import { isJsonObject, type JsonObject, type Message } from "./message";
import type { Dps } from "./dps";
import { VERSION_HEADER_LENGTH } from "./version";

/** Data points a device reports, whatever shape it wrapped them in. */
export interface Report {
  /** Those a device can have, see limits.ts. */
  readonly dps: Dps;
  /** Their numbers, in their order: to make them takes longer than most of what is done with them. */
  readonly numbers: readonly string[];
  /** Whether there were others, which are left out. */
  readonly isCut?: boolean | undefined;
  /** Sub-device the values belong to; undefined = the device itself. */
  readonly cid?: string | undefined;
  /** Device id the sender claims, where it names one. */
  readonly deviceId?: string | undefined;
  /** Seconds since 1970 by the device's clock, where it sends them. */
  readonly t?: number | undefined;
  /** What else stands beside the data points, as it was sent: ids, `ctype`, `type`. Absent where nothing does. */
  readonly extras?: JsonObject | undefined;
  /**
   * What the sender calls it; absent where it says nothing. "query" on a push of a sub-device: the gateway has just asked
   * it, and this is what it said. On one of a device itself: a set changed nothing.
   */
  readonly type?: string | undefined;
}

/** What a gateway says of its sub-devices. One report may span several frames: an absent cid means nothing. */
export interface ChildrenReport {
  readonly online: readonly string[];
  readonly offline: readonly string[];
  /** Bluetooth devices it hears, without a connection to them. Not sent by all. */
  readonly nearby: readonly string[];
}

/** Where the version header has the number of the report: behind version and CRC. */
const REPORT_NUMBER_AT = 7;

/** The number a device gives a STATUS of its own, from 3.2 on. 0 where it gives none. */
export function reportNumber({ header }: Message): number {
  return header?.length === VERSION_HEADER_LENGTH ? header.readUInt32BE(REPORT_NUMBER_AT) : 0;
}

/**
 * The data points in a JSON body, or undefined when it has none. Shapes seen: `{dps}`, `{dps, devId, t, cid}`,
 * `{protocol, t, data: {dps, cid, devId}}`, `{data: {dps}}`. The data points are the body's own object, not a copy of it,
 * where all of them are possible. Undefined also where the id of the sub-device is none.
 */
export function readReport(body: JsonObject): Report | undefined {
  const data = isJsonObject(body["data"]) ? body["data"] : body;
  const dps = isJsonObject(data["dps"]) ? data["dps"] : body["dps"];
  const cid = readCid(body);
  if (!isJsonObject(dps) || (cid !== undefined && !isPossibleId(cid))) return undefined;
  const possible = possibleDps(dps);
  const deviceId = text(data["devId"]) ?? text(body["devId"]) ?? text(body["gwId"]);
  const report: Report = {
    dps: possible.dps,
    numbers: possible.numbers,
    cid,
    deviceId: deviceId !== undefined && isPossibleId(deviceId) ? deviceId : undefined,
    t: seconds(data["t"]) ?? seconds(body["t"]),
    extras: extrasOf(data),
    type: text(data["type"]) ?? text(body["type"]),
  };
  return possible.dps === dps ? report : { ...report, isCut: true };
}

/** The sub-device a JSON body names; undefined where it names none. */
export function readCid(body: JsonObject): string | undefined {
  const data = isJsonObject(body["data"]) ? body["data"] : body;
  return text(data["cid"]) ?? text(body["cid"]);
}

/**
 * The online report of a gateway (command LAN_EXT_STREAM, or pushed), or undefined for any other body. Shapes seen:
 * `{reqType: "subdev_online_stat_report", data: {online, offline, nearby}}`, and the three lists by themselves.
 */
export function readChildrenReport(body: JsonObject): ChildrenReport | undefined {
  const data = isJsonObject(body["data"]) ? body["data"] : body;
  const online = ids(data["online"]);
  const offline = ids(data["offline"]);
  const nearby = ids(data["nearby"]);
  if (!online && !offline && !nearby) return undefined;
  return { online: online ?? [], offline: offline ?? [], nearby: nearby ?? [] };
}

/** All but what is read apart, and the name that would reach the prototype. Every report comes by here: no copies. */
function extrasOf(data: JsonObject): JsonObject | undefined {
  let extras: Record<string, unknown> | undefined;
  for (const name of Object.keys(data)) {
    if (name === "dps" || name === "t" || name === "__proto__") continue;
    extras ??= {};
    extras[name] = data[name];
  }
  return extras;
}

/** A time as number or digits; 0 stands for a clock that was never set. */
function seconds(value: unknown): number | undefined {
  const t = typeof value === "string" ? Number(value) : value;
  return typeof t === "number" && Number.isFinite(t) && t > 0 ? t : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The ids in a list. */
function ids(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter(isId) : undefined;
}

function isId(item: unknown): item is string {
  return typeof item === "string" && isPossibleId(item);
}
