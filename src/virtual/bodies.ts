import { type Dialect, VERSION_HEADER_LENGTH } from "../protocol/version";
import type { Behaviour } from "./behaviours";
import type { Dps } from "../protocol/dps";

/** Data points that a device reports. */
export interface Report {
  readonly dps: Dps;
  readonly cid?: string | undefined;
  /** The mark 3.3 to 3.5 firmware puts on its first push after a set that changed nothing. */
  readonly marked?: boolean | undefined;
}

/** Who speaks, and how. */
export interface Speaker {
  readonly id: string;
  readonly dialect: Dialect;
  readonly behaviour: Behaviour;
}

/** Answer to a query. */
export function queryReplyBody({ id, dialect, behaviour }: Speaker, { dps, cid }: Report): string {
  const devId = behaviour.namesItself.inReply ? { devId: id } : {};
  const child = cid === undefined ? {} : { cid };
  return JSON.stringify(
    dialect.bodies === "flat" ? { ...devId, dps, ...child } : { dps, ...devId, ...child },
  );
}

/** Body of a STATUS. 3.3 firmware writes `"type":query`, which is not JSON: on purpose here as well. */
export function statusBody({ id, dialect, behaviour }: Speaker, report: Report, t: number): string {
  const { dps, cid, marked } = report;
  const devId = behaviour.namesItself.inStatus ? { devId: id } : {};
  if (dialect.bodies === "flat") {
    const body = JSON.stringify({
      ...devId,
      dps,
      ...(cid === undefined ? {} : { cid }),
      ...(marked ? { type: "query" } : {}),
      t,
    });
    return behaviour.sameValue === "broken-push" ? body.replace('"type":"query"', '"type":query') : body;
  }
  const child = cid === undefined ? {} : { cid, ctype: 0 };
  return JSON.stringify({
    protocol: 4,
    t,
    data: { ...child, dps, ...devId, ...(marked ? { type: "query" } : {}) },
  });
}

/**
 * Header of a STATUS: version, CRC (0 on the LAN), number of the report, source 1 = the device. Undefined for 3.1, which has
 * a signature instead.
 */
export function statusHeader(dialect: Dialect, number: number): Buffer | undefined {
  if (dialect.header === "signature") return undefined;
  const header = Buffer.alloc(VERSION_HEADER_LENGTH);
  header.write(dialect.version, 0, "latin1");
  header.writeUInt32BE(number >>> 0, 7);
  header.writeUInt32BE(1, 11);
  return header;
}

/** One frame of a gateway's online report. */
export function childrenBody(online: readonly string[], offline: readonly string[]): string {
  return JSON.stringify({
    reqType: "subdev_online_stat_report",
    data: { online, offline, nearby: [] },
  });
}

/** JSON in whose texts only quotation marks are escaped. */
export function withPoorEscapes(json: string): string {
  return json.replace(/\\(?:[\\bfnrt]|u00[01][\da-f])/g, (escape) => JSON.parse(`"${escape}"`) as string);
}
