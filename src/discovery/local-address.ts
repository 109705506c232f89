import { isPrivateAddress } from "../ipv4";

/**
 * The address to believe in an announcement: the named one, or the packet's sender if a device of this network cannot
 * have the named one. Host names are not resolved, and a loopback address is not believed from another machine: an
 * announcement must not be able to lead a connection out of the local network, or to this machine.
 */
export function announcedAddress(named: string, sender: string): string {
  const isSelf = named.startsWith("127.") && !sender.startsWith("127.");
  return isPrivateAddress(named) && !isSelf ? named : sender;
}
