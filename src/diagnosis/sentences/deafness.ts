import type { Deafness } from "./cause";
import { heldPorts, udpPorts } from "./phrases";

/** Why nothing is heard, in words, and what to do about it. */
export function explainDeafness(deafness: Deafness): { says: string; hint: string } {
  switch (deafness.why) {
    case "switched-off":
      return {
        says: "No address is entered, and nobody listens for announcements.",
        hint: "Enter the address, or switch discovery on again (tuyaDeviceDiscovery in settings.js).",
      };
    case "ports-taken":
      return {
        says: `Announcements cannot be heard: ${heldPorts(deafness.ports)}.`,
        hint: "Stop the other program or have it share the port, or enter the address.",
      };
    case "container":
      return {
        says: `Not a single Tuya device was heard on ${udpPorts(deafness.ports)}: as in a container without the host's network.`,
        hint: `Give the container the host's network (network_mode: host), or enter the address.${takenToo(deafness.taken)}`,
      };
    case "network":
      return {
        says: `Not a single Tuya device was heard on ${udpPorts(deafness.ports)}.`,
        hint: `Devices in another network (VLAN, guest Wi-Fi) or behind a firewall are not heard: enter the address.${takenToo(deafness.taken)}`,
      };
  }
}

function takenToo(ports: readonly number[]): string {
  return ports.length === 0 ? "" : ` Besides, ${heldPorts(ports)}.`;
}
