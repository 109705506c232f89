import { isPossibleId, possibleDps } from "./limits";
import { isJsonObject, type JsonObject } from "./message";
import type { Dps } from "./dps";

/** What a report says, whatever shape its body has. Whether a device can have such values is not checked. */
export interface ReportBody {
  /** The values by data point number, as they stand in the body. */
  readonly dps: JsonObject;
  /** Sub-device the values belong to; undefined = the device itself. */
  readonly cid?: string | undefined;
  /** The device id in the body, which anybody can claim; undefined if there is none. */
  readonly deviceId?: string | undefined;
  /** Seconds since 1970 by the device's clock; undefined if it sent none. */
  readonly t?: number | undefined;
  /** The object around the data points, unchanged: with ids, `t`, `ctype`, `type`, and the data points. */
  readonly fields: JsonObject;
  /**
   * The field `type`; absent if there is none. "query" in a push for a sub-device: the gateway has just queried the
   * sub-device, and these are its values. In a push of the device itself: a set changed nothing.
   */
  readonly type?: string | undefined;
}

/** A report with what of its values a device can have: see limits.ts. */
export interface Report extends ReportBody {
  readonly dps: Dps;
  /** The names in `dps`, in their order. Kept because listing them takes longer than most uses. */
  readonly numbers: readonly string[];
  /** Whether impossible data points were left out. */
  readonly isCut: boolean;
}

/** The online states of sub-devices, from a gateway. One list may span several frames, so an absent cid means nothing. */
export interface ChildrenReport {
  readonly online: readonly string[];
  readonly offline: readonly string[];
  /** Bluetooth devices it hears, without a connection to them. Not sent by all. */
  readonly nearby: readonly string[];
}

/**
 * The data points in a JSON body, or undefined when it has none. Shapes seen: `{dps}`, `{dps, devId, t, cid}`,
 * `{protocol, t, data: {dps, cid, devId}}`, `{data: {dps}}`. Undefined also if the cid is impossible.
 */
export function readReport(body: JsonObject): ReportBody | undefined {
  const data = isJsonObject(body["data"]) ? body["data"] : body;
  const dps = isJsonObject(data["dps"]) ? data["dps"] : body["dps"];
  const cid = readCid(body);
  if (!isJsonObject(dps) || (cid !== undefined && !isPossibleId(cid))) return undefined;
  const deviceId = text(data["devId"]) ?? text(body["devId"]) ?? text(body["gwId"]);
  return {
    dps,
    cid,
    deviceId: deviceId !== undefined && isPossibleId(deviceId) ? deviceId : undefined,
    t: seconds(data["t"]) ?? seconds(body["t"]),
    fields: data,
    type: text(data["type"]) ?? text(body["type"]),
  };
}

/** Leaves out what no device has. If all data points are possible they are the body's own object, no copy. */
export function possibleReport({ dps: all, cid, deviceId, t, fields, type }: ReportBody): Report {
  const { dps, numbers } = possibleDps(all);
  return { dps, numbers, isCut: dps !== all, cid, deviceId, t, fields, type };
}

/** Reads a report as `readReport` does, and leaves out what no device has. */
export function readPossibleReport(body: JsonObject): Report | undefined {
  const report = readReport(body);
  return report && possibleReport(report);
}

/** The cid in a JSON body; undefined if there is none. */
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
