import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isLinkLocal } from "../link-local";
import { isLocalAddress } from "./local-address";

/*
 * Whoever may ask for a test can make this machine open connections. So it opens them where devices can be and nowhere
 * else: at private and loopback addresses. Link-local ones are where machines in a data centre are told their secrets, and
 * seldom where a device is: there a connection leads only where the device is configured.
 */

/** Where a test may go: an address, or why not, as a sentence. */
export type Target = { readonly ip: string } | { readonly refusal: string };

/**
 * Resolves a host name, so that what was checked is what is connected to. "" stays: the device is then looked for.
 * @param configured the address the device is deployed with
 */
export async function checkTarget(host: string, configured?: string): Promise<Target> {
  if (host === "") return { ip: "" };
  const addresses = isIP(host) ? [host] : await resolve(host);
  // A name nobody knows is for the test itself to tell.
  if (addresses.length === 0) return { ip: host };
  if (!addresses.every(isLocalAddress)) {
    return {
      refusal: `${host} is no address of a local network: devices are looked for at private, link-local and loopback IPv4 addresses only.`,
    };
  }
  if (addresses.some(isLinkLocal) && host !== configured) {
    return {
      refusal: `${host} is a link-local address: a device is looked for there only where it is deployed with that address.`,
    };
  }
  return { ip: addresses[0] ?? "" };
}

/**
 * As `checkTarget`, for a connection that is opened later, and again and again: an address, and no name, which might lead
 * elsewhere by then.
 */
export async function checkAddress(host: string, configured?: string): Promise<Target> {
  const target = await checkTarget(host, configured);
  if ("refusal" in target || target.ip === "" || isIP(target.ip) !== 0) return target;
  return { refusal: `The host name "${host}" is not known. Check the spelling, or enter the IP address.` };
}

/** The address of a name, where it is a local one; rejects for all others, also for names that change their mind. */
export async function resolveLocal(host: string): Promise<string> {
  const address = (await resolve(host)).find((one) => isLocalAddress(one) && !isLinkLocal(one));
  if (address === undefined) throw new Error(`${host} has no local address`);
  return address;
}

async function resolve(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true, family: 4 })).map(({ address }) => address);
  } catch {
    return [];
  }
}
