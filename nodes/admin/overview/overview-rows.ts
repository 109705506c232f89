import type { DeviceStory, OverviewRow } from "../../contract/overview";
import { configuredNodes } from "../../link/configured-devices";
import type { DeviceLink } from "../../link/device-link";

/** In characters. Longer than our sentences, but cuts those with a very long host name. */
const MAX_MESSAGE = 1_000;

/** The rows of all deployed devices, or only of those with these ids. */
export function overviewRows(ids?: ReadonlySet<string>): OverviewRow[] {
  const nodes = configuredNodes();
  const idOf = new Map(Array.from(nodes, ([id, link]) => [link, id]));
  return Array.from(nodes)
    .filter(([id]) => ids?.has(id) ?? true)
    .map(([id, link]) => rowOf(id, link, idOf));
}

function rowOf(id: string, link: DeviceLink, idOf: ReadonlyMap<DeviceLink, string>): OverviewRow {
  const { profile, state, history, settings } = link;
  const { name, deviceId, cid } = profile;
  const gateway = link.gateway && idOf.get(link.gateway);
  const ip = "ip" in state ? state.ip : (history.ip ?? settings?.ip);
  const version = state.kind === "ready" ? state.version : history.version;
  const { lastSeen } = link;
  const { error } = history;
  return {
    id,
    name,
    deviceId,
    ...(cid !== undefined && { cid }),
    ...(gateway !== undefined && { gateway }),
    state: link.hasUsers ? state.kind : "unused",
    ...(ip !== undefined && ip !== "" && { ip }),
    ...(version !== undefined && { version }),
    ...(state.kind === "ready" && { keyProven: state.keyProven }),
    since: history.since,
    ...(lastSeen !== undefined && { lastSeen }),
    users: link.users.length,
    drops: sumOf(history.drops.values()),
    ...(error && { error: { code: error.code, message: error.message.slice(0, MAX_MESSAGE) } }),
  };
}

/** `lastSeen` of all deployed devices that were seen. */
export function lastSeenById(): Map<string, number> {
  const seen = new Map<string, number>();
  for (const [id, { lastSeen }] of configuredNodes()) if (lastSeen !== undefined) seen.set(id, lastSeen);
  return seen;
}

/** The events and the statistics of a device. */
export function storyOf(link: DeviceLink): DeviceStory {
  const { history } = link;
  const { roundTripMs, bytesIn = 0, bytesOut = 0, notAuthentic = 0 } = link.device?.statistics() ?? {};
  return {
    events: history.log.events,
    connects: history.connects,
    drops: Object.fromEntries(history.drops),
    ...(roundTripMs !== undefined && { roundTripMs }),
    bytesIn,
    bytesOut,
    notAuthentic,
  };
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
