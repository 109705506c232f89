import type { Translate } from "../../base/red";
import { type AdminRequest, type Outcome, requestJson } from "../../base/requests";
import { type FoundDevice, readFoundDevices } from "./found-device";
import { type HealthView, readHealth } from "./network-findings";

/** Requests the devices heard so far. It also keeps the server listening for a while. */
export function requestDevices(outcome: Outcome<FoundDevice[]>, translate: Translate): AdminRequest {
  return requestJson("tuya/devices", readFoundDevices, outcome, translate);
}

/** Asks whether announcements can be heard. */
export function requestHealth(outcome: Outcome<HealthView>, translate: Translate): AdminRequest {
  return requestJson("tuya/health", readHealth, outcome, translate);
}
