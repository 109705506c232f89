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
