/** The answer of `GET tuya/health`. */
export type { NetworkHealth } from "../../src/diagnosis/address/network-health";
