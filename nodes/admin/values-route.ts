import type { NodeAPI } from "node-red";
import { get } from "./route";
import { configuredNode } from "../link/configured-devices";

/**
 * The route the editor's lists of data points call: `GET tuya/values/<id of a tuya-device node>` (permission `tuya.read`).
 * The answer is what the device has reported, by data point number and as messages show it, with `?raw=true` as the device
 * said it; nothing while it is not connected, and for a node that is not deployed. Register once per load of the module.
 */
export function registerValuesRoute(RED: NodeAPI): void {
  get(RED, "/tuya/values/:id", "Listing the values", (request, response) => {
    const isRaw = request.query["raw"] === "true";
    response.set("Cache-Control", "no-store").json(presentValues(String(request.params["id"]), isRaw));
  });
}

/** Last values of a deployed device, by data point number, as messages show them or as the device said them. */
function presentValues(nodeId: string, isRaw = false): Readonly<Record<string, unknown>> {
  const link = configuredNode(nodeId);
  if (!link || (link.state.kind !== "ready" && link.state.kind !== "asleep")) return {};
  const { cid, dataPoints } = link.profile;
  const known = Object.entries(link.device?.values(cid) ?? {}).filter(([, raw]) => raw !== null);
  return Object.fromEntries(known.map(([dp, raw]) => [dp, isRaw ? raw : dataPoints.decode(dp, raw)]));
}
