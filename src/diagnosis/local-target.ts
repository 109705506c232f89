import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/*
 * Whoever may ask for a test can make this machine open connections. So it opens them where devices can be and nowhere
 * else: at private, link-local and loopback addresses.
 */
const LOCAL = new BlockList();
LOCAL.addSubnet("10.0.0.0", 8);
LOCAL.addSubnet("172.16.0.0", 12);
LOCAL.addSubnet("192.168.0.0", 16);
LOCAL.addSubnet("169.254.0.0", 16);
LOCAL.addSubnet("127.0.0.0", 8);

export function isLocalAddress(address: string): boolean {
  return isIP(address) === 4 && LOCAL.check(address);
}

/** Where a test may go: an address, or why not, as a sentence. */
export type Target = { readonly ip: string } | { readonly refusal: string };

/** Resolves a host name, so that what was checked is what is connected to. "" stays: the device is then looked for. */
export async function checkTarget(host: string): Promise<Target> {
  if (host === "") return { ip: "" };
  const addresses = isIP(host) ? [host] : await resolve(host);
  // A name nobody knows is for the test itself to tell.
  if (addresses.length === 0) return { ip: host };
  if (!addresses.every(isLocalAddress)) {
    return {
      refusal: `${host} is no address of a local network: only private, link-local and loopback IPv4 addresses can be tested.`,
    };
  }
  return { ip: addresses[0] ?? "" };
}

async function resolve(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true, family: 4 })).map(({ address }) => address);
  } catch {
    return [];
  }
}
