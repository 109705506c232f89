import { BlockList, isIP } from "node:net";

/** Where devices can be: private, link-local and loopback IPv4 addresses. */
const LOCAL = new BlockList();
LOCAL.addSubnet("10.0.0.0", 8);
LOCAL.addSubnet("172.16.0.0", 12);
LOCAL.addSubnet("192.168.0.0", 16);
LOCAL.addSubnet("169.254.0.0", 16);
LOCAL.addSubnet("127.0.0.0", 8);

/** Whether this is an address in a local network. False for host names. */
export function isLocalAddress(address: string): boolean {
  return isIP(address) === 4 && LOCAL.check(address);
}

/**
 * The address to believe in an announcement: the named one, or the packet's sender if a device of this network cannot
 * have the named one. Host names are not resolved, and a loopback address is not believed from another machine: an
 * announcement must not be able to lead a connection out of the local network, or to this machine.
 */
export function announcedAddress(named: string, sender: string): string {
  const isSelf = named.startsWith("127.") && !sender.startsWith("127.");
  return isLocalAddress(named) && !isSelf ? named : sender;
}
