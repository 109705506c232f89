import { isFields } from "../../../src/import/fields";
import type { DeviceEvent, DeviceStory, OverviewRow } from "../../contract/overview";
import { requestJson, type AdminRequest, type Outcome } from "../base/requests";
import { translate } from "../base/texts";

/** Requests the rows of all deployed devices. */
export function requestOverview(outcome: Outcome<readonly OverviewRow[]>): AdminRequest {
  return requestJson("tuya/overview", readRows, outcome, translate);
}

/** Requests the events of a deployed device. */
export function requestStory(nodeId: string, outcome: Outcome<DeviceStory>): AdminRequest {
  return requestJson(`tuya/overview/${encodeURIComponent(nodeId)}`, readStory, outcome, translate);
}

/** Reconnects deployed devices; the answer is their number. */
export function requestReconnect(nodeIds: readonly string[], outcome: Outcome<number>): AdminRequest {
  const read = (answer: unknown): number => (isFields(answer) ? Number(answer["reconnected"]) || 0 : 0);
  return requestJson("tuya/reconnect", read, outcome, translate, { nodes: nodeIds });
}

/** Reads the rows in an answer, whatever it is. */
function readRows(answer: unknown): readonly OverviewRow[] {
  const entries: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return entries.filter((entry) => isFields(entry) && typeof entry["id"] === "string") as OverviewRow[];
}

function readStory(answer: unknown): DeviceStory {
  const { events, connects, drops, roundTripMs, bytesIn, bytesOut, notAuthentic } = isFields(answer)
    ? answer
    : {};
  return {
    events: (Array.isArray(events) ? events : []) as DeviceEvent[],
    connects: Number(connects) || 0,
    drops: isFields(drops) ? (drops as Record<string, number>) : {},
    ...(typeof roundTripMs === "number" && { roundTripMs }),
    bytesIn: Number(bytesIn) || 0,
    bytesOut: Number(bytesOut) || 0,
    notAuthentic: Number(notAuthentic) || 0,
  };
}
