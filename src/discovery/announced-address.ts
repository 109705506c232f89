import { isLocalAddress } from "./local-address";

/**
 * Where to believe a device: at the address it names, or, where a device of this network cannot have that address, at the
 * one its packet came from. Names are not looked up, and nobody elsewhere can point at this machine: an announcement must
 * not be able to send a connection anywhere but into the local network.
 */
export function announcedAddress(named: string, sender: string): string {
  const isSelf = named.startsWith("127.") && !sender.startsWith("127.");
  return isLocalAddress(named) && !isSelf ? named : sender;
}
