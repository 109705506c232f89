import { isIPv4 } from "node:net";

/**
 * Where to believe a device: at the address it names, or, where no device can have that address, at the one its packet
 * came from. Names are not looked up, and nobody elsewhere can point at this machine: an announcement must not be able to
 * send a connection anywhere but into the local network.
 */
export function announcedAddress(named: string, sender: string): string {
  if (!isIPv4(named)) return sender;
  const first = Number(named.split(".")[0]);
  const isDevice = first >= 1 && first <= 223 && (first !== 127 || sender.startsWith("127."));
  return isDevice ? named : sender;
}
