import type { NodeAPI } from "node-red";
import { friendlyPoints } from "../../src/datapoints/friendly/points";
import { showFriendly } from "../../src/datapoints/friendly/show";
import { get } from "./route";
import { configuredNode } from "../link/configured-devices";
import type { DeviceLink } from "../link/device-link";

/**
 * The route the editor's lists of data points call: `GET tuya/values/<id of a tuya-device node>` (permission `tuya.read`).
 * The answer is what the device has reported, by data point number and as messages show it, with `?raw=true` as the device
 * said it, with `?friendly=true` beside them the values of its friendly names, by name; nothing while it is not connected,
 * and for a node that is not deployed. Register once per load of the module.
 */
export function registerValuesRoute(RED: NodeAPI): void {
  get(RED, "/tuya/values/:id", "Listing the values", (request, response) => {
    const { raw, friendly } = request.query;
    const nodeId = String(request.params["id"]);
    const values = presentValues(nodeId, raw === "true");
    const words = friendly === "true" ? friendlyValues(nodeId) : {};
    response.set("Cache-Control", "no-store").json({ ...words, ...values });
  });
}

/** What the friendly names of a deployed device are at the moment. */
function friendlyValues(nodeId: string): Readonly<Record<string, unknown>> {
  const link = configuredNode(nodeId);
  if (!isPresent(link)) return {};
  const { cid, dataPoints } = link.profile;
  const values = link.device?.values(cid) ?? {};
  const shown = friendlyPoints(dataPoints, values).flatMap((point) => {
    const reading = showFriendly(point, dataPoints, values);
    return reading ? [[point.word, reading.value] as const] : [];
  });
  return Object.fromEntries(shown);
}

function isPresent(link: DeviceLink | undefined): link is DeviceLink {
  return link?.state.kind === "ready" || link?.state.kind === "asleep";
}

/** Last values of a deployed device, by data point number, as messages show them or as the device said them. */
function presentValues(nodeId: string, isRaw = false): Readonly<Record<string, unknown>> {
  const link = configuredNode(nodeId);
  if (!isPresent(link)) return {};
  const { cid, dataPoints } = link.profile;
  const known = Object.entries(link.device?.values(cid) ?? {}).filter(([, raw]) => raw !== null);
  return Object.fromEntries(known.map(([dp, raw]) => [dp, isRaw ? raw : dataPoints.decode(dp, raw)]));
}
