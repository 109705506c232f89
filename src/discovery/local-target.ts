import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isLinkLocal } from "../link-local";
import { isPrivateAddress } from "../ipv4";

/*
 * A user who may test a device can make this machine open connections. So they are opened only where devices can be: at
 * private and loopback addresses. Link-local addresses serve secrets to machines in data centres, and devices seldom have
 * one: they are allowed only if the device is configured with it.
 */

/** The address a test may connect to, or the sentence that says why it may not. */
export type Target = { readonly ip: string } | { readonly refusal: string };

/**
 * Resolves a host name and checks the address, so that the connection goes to the checked address. "" is returned as it
 * is: the device is then searched for. So is a name that cannot be resolved.
 *
 * @param configured the address in the deployed configuration
 */
export async function checkTarget(host: string, configured?: string): Promise<Target> {
  if (host === "") return { ip: "" };
  const addresses = isIP(host) ? [host] : await resolve(host);
  // The test itself reports a name that is not known.
  if (addresses.length === 0) return { ip: host };
  if (!addresses.every(isPrivateAddress)) {
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
 * As `checkTarget`, for a connection that is opened later, or repeatedly. Returns "" or an address, never a name: a name
 * might lead elsewhere by then.
 */
export async function checkAddress(host: string, configured?: string): Promise<Target> {
  const target = await checkTarget(host, configured);
  if ("refusal" in target || target.ip === "" || isIP(target.ip) !== 0) return target;
  return { refusal: `The host name "${host}" is not known. Check the spelling, or enter the IP address.` };
}

/**
 * Resolves a name to a local address that is not link-local; rejects if it has none. For names that were checked before:
 * they may lead elsewhere by now.
 */
export async function resolveLocal(host: string): Promise<string> {
  const address = (await resolve(host)).find((one) => isPrivateAddress(one) && !isLinkLocal(one));
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
