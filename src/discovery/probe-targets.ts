import { networkInterfaces } from "node:os";
import { UDP_PORTS } from "../protocol/announcement";

/** Where a discovery request goes, and the address devices shall answer to. */
export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  /** Our own address in the target's network: devices answer to what the request names, not to its sender. */
  readonly replyTo: string;
}

/** One IPv4 address of this machine. */
export interface LocalAddress {
  readonly address: string;
  readonly netmask: string;
}

/**
 * The targets of a discovery request: those named in the settings (`host` or `host:port`), or else the broadcast address
 * of every interface but loopback.
 */
export function probeTargets(
  probe: readonly string[] | undefined,
  local: readonly LocalAddress[] = localAddresses(),
): ProbeTarget[] {
  if (probe) return probe.map((target) => namedTarget(target, local));
  return local
    .filter(({ address, netmask }) => !address.startsWith("127.") && netmask !== "255.255.255.255")
    .map(({ address, netmask }) => ({
      host: broadcastAddress(address, netmask),
      port: UDP_PORTS.request,
      replyTo: address,
    }));
}

export function localAddresses(): LocalAddress[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family }) => family === "IPv4")
    .map(({ address, netmask }) => ({ address, netmask }));
}

function namedTarget(target: string, local: readonly LocalAddress[]): ProbeTarget {
  const [host = target, port] = target.split(":");
  const near = local.find(({ address, netmask }) => isInNetwork(host, address, netmask));
  const far = local.find(({ address }) => !address.startsWith("127."));
  // 127.0.0.0/8 is one network, but answers must come back to an address somebody listens on.
  const replyTo = host.startsWith("127.") ? "127.0.0.1" : (near ?? far)?.address;
  return { host, port: port ? Number(port) : UDP_PORTS.request, replyTo: replyTo ?? "255.255.255.255" };
}

export function broadcastAddress(address: string, netmask: string): string {
  const mask = toNumber(netmask);
  return fromNumber(((toNumber(address) & mask) | ~mask) >>> 0);
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
