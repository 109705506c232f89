import { Command } from "./command";
import type { Dialect } from "./version";
import type { Dps } from "./dps";

/** Data points with current, power and voltage of newer plugs. Not more: long lists make some devices reboot. */
export const USUAL_MEASUREMENTS: readonly number[] = [18, 19, 20];

/** The same for older plugs. */
export const OLDER_MEASUREMENTS: readonly number[] = [4, 5, 6];

/** A request to a device. `cid` names a sub-device behind a gateway. */
export type Request =
  | { readonly kind: "query"; readonly cid?: string | undefined }
  /** device22: asks for these data points by setting them to null. Some devices obey the null. */
  | { readonly kind: "query-with-nulls"; readonly dps: readonly string[]; readonly cid?: string | undefined }
  | { readonly kind: "set"; readonly dps: Dps; readonly cid?: string | undefined }
  /** UPDATEDPS: measure again. */
  | { readonly kind: "refresh"; readonly dps: readonly number[]; readonly cid?: string | undefined }
  | { readonly kind: "heartbeat" }
  /** Gateways: which sub-devices are online. */
  | { readonly kind: "list-children" }
  /** A body made by the caller, sent unchanged. */
  | { readonly kind: "raw"; readonly command: number; readonly payload: Buffer };

/** What bodies name besides the request. */
export interface RequestContext {
  readonly deviceId: string;
  /** Seconds since 1970. */
  readonly t: number;
}

/** The command and body of a request in a dialect, as the vendor's app and tinytuya send them. */
export function encodeRequest(
  dialect: Dialect,
  request: Request,
  { deviceId, t }: RequestContext,
): { command: number; payload: Buffer } {
  switch (request.kind) {
    case "query":
      return { command: dialect.query, payload: json(queryBody(dialect, request.cid, deviceId, t)) };
    case "query-with-nulls": {
      const nulls = Object.fromEntries(request.dps.map((dp) => [dp, null]));
      return {
        command: Command.CONTROL_NEW,
        payload: json(setBody(dialect, nulls, request.cid, deviceId, t)),
      };
    }
    case "set": {
      const { cid, dps } = request;
      return { command: dialect.control, payload: json(setBody(dialect, dps, cid, deviceId, t)) };
    }
    case "refresh":
      return {
        command: Command.UPDATEDPS,
        payload: json({ dpId: request.dps, ...(request.cid === undefined ? {} : { cid: request.cid }) }),
      };
    case "heartbeat":
      return { command: Command.HEART_BEAT, payload: json({ gwId: deviceId, devId: deviceId }) };
    case "list-children":
      return {
        command: Command.LAN_EXT_STREAM,
        payload: json({ reqType: "subdev_online_stat_query", data: { cids: [] } }),
      };
    case "raw":
      return { command: request.command, payload: request.payload };
  }
}

function queryBody(dialect: Dialect, cid: string | undefined, deviceId: string, t: number): object {
  if (dialect.bodies === "nested") return cid === undefined ? {} : { cid };
  if (cid !== undefined) return { t, cid };
  return { gwId: deviceId, devId: deviceId, uid: deviceId, t: String(t) };
}

function setBody(dialect: Dialect, dps: Dps, cid: string | undefined, deviceId: string, t: number): object {
  return dialect.bodies === "nested" ? nestedSet(dps, cid, t) : flatSet(dps, cid, deviceId, t);
}

function flatSet(dps: Dps, cid: string | undefined, deviceId: string, t: number): object {
  return cid === undefined ? { devId: deviceId, uid: deviceId, t: String(t), dps } : { t, cid, dps };
}

function nestedSet(dps: Dps, cid: string | undefined, t: number): object {
  return cid === undefined
    ? { protocol: 5, t, data: { dps } }
    : { protocol: 5, t, data: { cid, ctype: 0, dps }, cid };
}

/** Compact JSON: several firmwares do not answer bodies with blanks between the tokens. */
function json(body: object): Buffer {
  return Buffer.from(JSON.stringify(body), "utf8");
}
