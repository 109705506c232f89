import { BlockList, isIP } from "node:net";

/** Where devices can be: private, link-local and loopback IPv4 addresses. */
const LOCAL = new BlockList();
LOCAL.addSubnet("10.0.0.0", 8);
LOCAL.addSubnet("172.16.0.0", 12);
LOCAL.addSubnet("192.168.0.0", 16);
LOCAL.addSubnet("169.254.0.0", 16);
LOCAL.addSubnet("127.0.0.0", 8);

/** Whether an address is one of a local network. False for host names. */
export function isLocalAddress(address: string): boolean {
  return isIP(address) === 4 && LOCAL.check(address);
}

/**
 * Where to believe a device: at the address it names, or, where a device of this network cannot have that address, at the
 * one its packet came from. Names are not looked up, and nobody elsewhere can point at this machine: an announcement must
 * not be able to send a connection anywhere but into the local network.
 */
export function announcedAddress(named: string, sender: string): string {
  const isSelf = named.startsWith("127.") && !sender.startsWith("127.");
  return isLocalAddress(named) && !isSelf ? named : sender;
}
