import { networkInterfaces } from "node:os";
import { isPort } from "../limits";
import { UDP_PORTS } from "../protocol/announcement";

/** Where a discovery request goes, and the address devices are to answer to. */
export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  /** Our own address in the target's network: devices answer to the address named in the request, not to its sender. */
  readonly replyTo: string;
}

/** One IPv4 address of this machine. */
export interface LocalAddress {
  readonly address: string;
  readonly netmask: string;
}

/** The settings that decide where discovery requests go. */
export interface ProbeSettings {
  /** `host` or `host:port`; undefined = the broadcast address of every interface but loopback. */
  readonly probe?: readonly string[] | undefined;
  /** The address listened on; 0.0.0.0 = all. */
  readonly bind: string;
}

/** What a user wrote as the target of discovery requests. */
export interface NamedTarget {
  readonly host: string;
  /** Undefined = the usual one. */
  readonly port: number | undefined;
}

const TARGET = /^([a-z\d_](?:[a-z\d._-]*[a-z\d_])?)(?::([1-9]\d{0,4}))?$/i;

/** Reads `host` or `host:port`, a host name or an IPv4 address; undefined for anything else. */
export function readProbeTarget(text: string): NamedTarget | undefined {
  const [, host, digits] = TARGET.exec(text) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  return host === undefined || (port !== undefined && !isPort(port)) ? undefined : { host, port };
}

const ANY = "0.0.0.0";
/** Named if our own address is not known: firmware also answers to a broadcast address. */
const EVERYBODY = "255.255.255.255";

/**
 * The targets of a discovery request. A text that `readProbeTarget` cannot read is none. Only addresses that are listened on
 * are named for the answers.
 */
export function probeTargets(
  { probe, bind }: ProbeSettings,
  local: readonly LocalAddress[] = localAddresses(),
): ProbeTarget[] {
  const listening = local.filter(({ address }) => bind === ANY || address === bind);
  if (probe) return probe.flatMap((target) => namedTarget(target, bind, listening));
  const targets = listening
    .filter(({ address, netmask }) => !isLoopback(address) && netmask !== "255.255.255.255")
    .map(({ address, netmask }) => ({
      host: broadcastAddress(address, netmask),
      port: UDP_PORTS.request,
      replyTo: address,
    }));
  // Two addresses in the same network need one request only.
  return targets.filter(({ host }, index) => targets.findIndex((other) => other.host === host) === index);
}

/** The IPv4 addresses of this machine at present, loopback included. */
export function localAddresses(): LocalAddress[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family }) => family === "IPv4")
    .map(({ address, netmask }) => ({ address, netmask }));
}

function namedTarget(text: string, bind: string, local: readonly LocalAddress[]): ProbeTarget[] {
  const target = readProbeTarget(text);
  if (!target) return [];
  const { host, port = UDP_PORTS.request } = target;
  return [{ host, port, replyTo: replyAddress(host, bind, local) }];
}

function replyAddress(host: string, bind: string, local: readonly LocalAddress[]): string {
  if (bind !== ANY) return bind;
  // All of 127.0.0.0/8 is this machine.
  if (isLoopback(host)) return "127.0.0.1";
  const near = local.find(({ address, netmask }) => isInNetwork(host, address, netmask));
  const far = local.find(({ address }) => !isLoopback(address));
  return (near ?? far)?.address ?? EVERYBODY;
}

/** The broadcast address of the network of an address. */
export function broadcastAddress(address: string, netmask: string): string {
  const mask = toNumber(netmask);
  return fromNumber(((toNumber(address) & mask) | ~mask) >>> 0);
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.");
}

function isInNetwork(host: string, address: string, netmask: string): boolean {
  const mask = toNumber(netmask);
  return (toNumber(host) & mask) === (toNumber(address) & mask);
}

function toNumber(address: string): number {
  return address.split(".").reduce((number, part) => ((number << 8) | Number(part)) >>> 0, 0);
}

function fromNumber(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join(".");
}
