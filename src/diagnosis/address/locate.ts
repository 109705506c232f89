import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isLinkLocal } from "../../link-local";
import type { Cause } from "../sentences/cause";
import type { Announcements } from "./announcements";
import type { Deadline } from "../deadline";
import type { DiagnosisTimings } from "../timings";
import { deafnessOf } from "./network-health";

/** The address of a host name; rejects if the name is not known. */
export type Resolve = (host: string) => Promise<string>;

/** What is needed to find out where a device is. */
export interface LocateOptions {
  readonly deviceId: string;
  /** As entered: address, host name, or "". */
  readonly entered: string;
  readonly announcements: Announcements;
  readonly deadline: Deadline;
  readonly timings: DiagnosisTimings;
  /** Default: as the system resolves host names. */
  readonly resolve?: Resolve | undefined;
}

/** Where to try, or why that is not known. */
export type Located =
  | { readonly cause: Cause }
  | {
      /** Addresses to try, in this order. */
      readonly ips: readonly [string, ...string[]];
      /** One sentence for a person: how the address is known. */
      readonly says: string;
      /** What else to know about it; undefined if there is nothing. */
      readonly hint: string | undefined;
    };

/** Where a device is to be reached: at the address entered, otherwise where it announces itself. */
export async function locate(options: LocateOptions): Promise<Located> {
  const { entered, deviceId, announcements } = options;
  if (entered === "") return listen(options);
  const ip = await resolveHost(entered, options);
  if (ip === undefined) return { cause: { cause: "host-unknown" } };
  const heard = announcements.lately(deviceId);
  const isElsewhere = heard && heard.ip !== ip && heard.sender !== ip;
  return {
    ips: [ip],
    says: ip === entered ? `The address ${ip} is set.` : `The host ${entered} has the address ${ip}.`,
    hint: isElsewhere ? `It announces itself from ${heard.ip}, though.` : undefined,
  };
}

/** The address of a host; undefined if its name is not known, or not resolved in time. */
export async function resolveHost(
  host: string,
  { resolve = lookup4, deadline, timings }: Pick<LocateOptions, "resolve" | "deadline" | "timings">,
): Promise<string | undefined> {
  if (isIP(host)) return host;
  const answer = resolve(host).catch(() => undefined);
  return deadline.wait(answer, timings.resolveMs);
}

/** Tuya devices have IPv4 addresses only. */
const lookup4: Resolve = async (host) => (await lookup(host, { family: 4 })).address;

async function listen({ deviceId, announcements, timings }: LocateOptions): Promise<Located> {
  const heard = await announcements.listenFor(deviceId);
  // The address the device names comes first. Behind NAT only the sender of its packets may lead there.
  const places = heard ? [...new Set([heard.ip, heard.sender])] : [];
  const [ip, ...others] = places.filter((address) => !isLinkLocal(address));
  if (heard && ip !== undefined) {
    const version = heard.version === undefined ? "" : ` with protocol ${heard.version}`;
    return {
      ips: [ip, ...others],
      says: `It announces itself from ${ip}${version}.`,
      hint: undefined,
    };
  }
  if (heard) return { cause: { cause: "self-assigned", ip: heard.ip } };
  const count = announcements.others(deviceId);
  const seconds = Math.round(timings.listenMs / 1000);
  return count > 0
    ? { cause: { cause: "not-heard", others: count, seconds } }
    : { cause: { cause: "deaf", deafness: deafnessOf(announcements.health) } };
}
