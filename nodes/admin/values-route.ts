import type { NodeAPI } from "node-red";
import { friendlyPoints } from "../../src/datapoints/friendly/points";
import { showFriendly } from "../../src/datapoints/friendly/show";
import type { PresentValues } from "../contract/values";
import { get } from "./route";
import { configuredNode } from "../link/configured-devices";
import type { DeviceLink } from "../link/device-link";

/**
 * `GET tuya/values/<node id>` (permission `tuya.read`), which the editor's lists of data points call: see `PresentValues`.
 * Register once per load of the module.
 */
export function registerValuesRoute(RED: NodeAPI): void {
  get(RED, "/tuya/values/:id", "Listing the values", (request, response) => {
    const { raw, friendly } = request.query;
    const nodeId = String(request.params["id"]);
    const values = presentValues(nodeId, raw === "true");
    const words = friendly === "true" ? friendlyValues(nodeId) : {};
    const answer: PresentValues = { ...words, ...values };
    response.set("Cache-Control", "no-store").json(answer);
  });
}

/** The present values of the friendly names of a deployed device. */
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

/** Last values of a deployed device, by data point number, as messages show them or as the device reported them. */
function presentValues(nodeId: string, isRaw = false): Readonly<Record<string, unknown>> {
  const link = configuredNode(nodeId);
  if (!isPresent(link)) return {};
  const { cid, dataPoints } = link.profile;
  const known = Object.entries(link.device?.values(cid) ?? {}).filter(([, raw]) => raw !== null);
  return Object.fromEntries(known.map(([dp, raw]) => [dp, isRaw ? raw : dataPoints.decode(dp, raw)]));
}
