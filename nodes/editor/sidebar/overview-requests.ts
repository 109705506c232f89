import { isFields } from "../../../src/import/fields";
import type {
  DeviceEvent,
  DeviceStory,
  OverviewRow,
  ReconnectAnswer,
  ReconnectRequest,
} from "../../contract/overview";
import type { Unchecked } from "../../contract/unchecked";
import { objectOf, listOf, numberOf } from "../base/answers";
import { requestJson, type AdminRequest, type Outcome } from "../base/requests";
import { translate } from "../base/texts";

/** Requests the rows of all deployed devices. */
export function requestOverview(outcome: Outcome<readonly OverviewRow[]>): AdminRequest {
  return requestJson("tuya/overview", readRows, outcome, translate);
}

/** Requests the recent events of a deployed device, and statistics of its connections. */
export function requestStory(nodeId: string, outcome: Outcome<DeviceStory>): AdminRequest {
  return requestJson(`tuya/overview/${encodeURIComponent(nodeId)}`, readStory, outcome, translate);
}

/** Makes the connections of these `tuya-device` nodes anew; the result is how many those are. */
export function requestReconnect(nodes: readonly string[], outcome: Outcome<number>): AdminRequest {
  const read = (answer: unknown): number => {
    const { reconnected }: Unchecked<ReconnectAnswer> = objectOf(answer);
    return numberOf(reconnected);
  };
  const body: ReconnectRequest = { nodes };
  return requestJson("tuya/reconnect", read, outcome, translate, body);
}

/** Reads the rows in an answer, whatever it is. */
function readRows(answer: unknown): readonly OverviewRow[] {
  return listOf(answer).filter(
    (entry) => isFields(entry) && typeof entry["id"] === "string",
  ) as OverviewRow[];
}

function readStory(answer: unknown): DeviceStory {
  const { events, connects, drops, roundTripMs, bytesIn, bytesOut, notAuthentic }: Unchecked<DeviceStory> =
    objectOf(answer);
  return {
    events: listOf(events) as readonly DeviceEvent[],
    connects: numberOf(connects),
    drops: objectOf(drops) as Readonly<Record<string, number>>,
    ...(typeof roundTripMs === "number" && { roundTripMs }),
    bytesIn: numberOf(bytesIn),
    bytesOut: numberOf(bytesOut),
    notAuthentic: numberOf(notAuthentic),
  };
}
