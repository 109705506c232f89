import type { OverviewRow } from "../../contract/overview";
import { hasWords } from "../base/checks";
import { distinctionOf, idsByName, withDistinction } from "../base/distinction";
import { stateBadge, type OverviewBadge } from "./state-badge";

/** A `tuya-device` as the editor holds it. */
export interface EditorDevice {
  readonly id: string;
  readonly name: string;
  readonly deviceId: string;
  readonly cid: string;
  /** Id of its gateway's node; "" where it has none. */
  readonly gateway: string;
  /** As set; what is measured comes from the runtime. */
  readonly ip: string;
  readonly version: string;
  /** Nodes that name it. */
  readonly users: number;
  /** New, or not as it was deployed. */
  readonly isChanged: boolean;
  /** It, or the flow it is on. */
  readonly isDisabled: boolean;
  /** Why Node-RED calls it incomplete; "" where it does not. */
  readonly problem: string;
}

/** One line of the list. */
export interface DeviceRow {
  readonly device: EditorDevice;
  /** As the runtime told it last; undefined where nothing runs. */
  readonly live: OverviewRow | undefined;
  readonly badge: OverviewBadge;
  /** Beginning of the id, where others have the same name. */
  readonly distinction: string;
  /** Among all of them by name. */
  readonly place: number;
  /** Name of the gateway, where that is not the line above. */
  readonly behind: string;
  /** 1 below its gateway. */
  readonly level: 0 | 1;
  readonly isGateway: boolean;
  readonly isInTrouble: boolean;
  readonly isUnused: boolean;
  readonly isUndeployed: boolean;
  /** What is wrong, as a sentence; "" where nothing is. */
  readonly sentence: string;
  /** Whether it passed its last test, where nothing has happened since. */
  readonly isTested: boolean | undefined;
  /** Its last test. */
  readonly test: TestOutcome | undefined;
}

/** What became of a test, and when, in milliseconds since 1970. */
export interface TestOutcome {
  readonly isGood: boolean;
  readonly sentence: string;
  readonly time: number;
}

export const FILTERS = ["all", "trouble", "unused", "gateway", "undeployed"] as const;
export type Filter = (typeof FILTERS)[number];

export const ORDERS = ["name", "state", "address", "version", "seen", "users"] as const;
export type Order = (typeof ORDERS)[number];

/** What of the list is shown, and how. */
export interface ListView {
  /** Words all of which must occur. */
  readonly search: string;
  readonly filter: Filter;
  readonly order: Order;
}

const MATCHES: Readonly<Record<Filter, (row: DeviceRow) => boolean>> = {
  all: () => true,
  trouble: ({ isInTrouble }) => isInTrouble,
  unused: ({ isUnused }) => isUnused,
  gateway: ({ isGateway }) => isGateway,
  undeployed: ({ isUndeployed }) => isUndeployed,
};

/**
 * All devices of the editor, with what the runtime says of them. Lines of `before` in which nothing has changed are the
 * same objects again.
 */
export function deviceRows(
  devices: readonly EditorDevice[],
  live: ReadonlyMap<string, OverviewRow>,
  tests: ReadonlyMap<string, TestOutcome>,
  before: readonly DeviceRow[] = [],
): DeviceRow[] {
  const liveOf = finder(live);
  const former = new Map(before.map((row) => [row.device, row]));
  // The editor's devices are looked at anew all together.
  const isSameHouse = devices.length === before.length && devices.every((device) => former.has(device));
  const places = isSameHouse ? undefined : placesOf(devices);
  const gateways = new Set(devices.map(({ gateway }) => gateway));
  const namesakes = idsByName(devices.map((device) => ({ name: device.name, id: idOf(device) })));
  const byId = new Map(devices.map((device) => [device.id, device]));
  const labelOf = (device: EditorDevice | undefined): string =>
    device ? withDistinction(device.name, idOf(device), namesakes.get(device.name) ?? []) : "";
  return devices.map((device): DeviceRow => {
    const row = liveOf(device.id);
    const last = tests.get(device.id);
    const same = former.get(device);
    if (isSameHouse && same && same.live === row && same.test === last) return same;
    const badge = stateBadge(device, row);
    const test = last && last.time > (row?.since ?? 0) ? last : undefined;
    const failure = test?.isGood === false ? test.sentence : undefined;
    return {
      device,
      live: row,
      badge,
      place: places?.get(device) ?? same?.place ?? 0,
      distinction: distinctionOf(idOf(device), namesakes.get(device.name) ?? []),
      behind: labelOf(byId.get(device.gateway)),
      level: 0,
      isGateway: gateways.has(device.id),
      isInTrouble: badge.isTrouble,
      isUnused: row ? row.state === "unused" : device.users === 0,
      isUndeployed: device.isChanged || badge.key === "undeployed",
      sentence: failure ?? row?.error?.message ?? (badge.key === "undeployed" ? device.problem : ""),
      isTested: test?.isGood,
      test: last,
    };
  });
}

function idOf({ deviceId, cid }: EditorDevice): string {
  return deviceId || cid;
}

/** How many there are of each kind. */
export function countsOf(rows: readonly DeviceRow[]): Readonly<Record<Filter, number>> {
  const count = (filter: Filter): number => rows.filter(MATCHES[filter]).length;
  return {
    all: rows.length,
    trouble: count("trouble"),
    unused: count("unused"),
    gateway: count("gateway"),
    undeployed: count("undeployed"),
  };
}

/** The lines to show, in their order: sub-devices below their gateway, where that is shown. */
export function shownRows(rows: readonly DeviceRow[], { search, filter, order }: ListView): DeviceRow[] {
  const isFound = search.trim() === "" ? () => true : (row: DeviceRow) => hasWords(textOf(row), search);
  const shown = rows.filter((row) => MATCHES[filter](row) && isFound(row));
  const compare = comparing(order);
  const children = new Map<string, DeviceRow[]>();
  const ids = new Set(shown.map(({ device }) => device.id));
  const top = shown.filter((row) => {
    const { gateway } = row.device;
    if (gateway === "" || !ids.has(gateway)) return true;
    children.set(gateway, [...(children.get(gateway) ?? []), row]);
    return false;
  });
  /** What a group is sorted by: its first line, or what is worst in it. */
  const first = new Map(
    top.map((row) => {
      const group = order === "state" ? [row, ...(children.get(row.device.id) ?? [])] : [row];
      return [row, group.sort(compare)[0] ?? row];
    }),
  );
  top.sort((a, b) => compare(first.get(a) ?? a, first.get(b) ?? b) || compare(a, b));
  return top.flatMap((row) => [row, ...(children.get(row.device.id) ?? []).sort(compare).map(indented)]);
}

const below = new WeakMap<DeviceRow, DeviceRow>();

/** A line as it is below its gateway: the same one for the same line. */
function indented(row: DeviceRow): DeviceRow {
  const known = below.get(row);
  if (known) return known;
  const child: DeviceRow = { ...row, level: 1, behind: "" };
  below.set(row, child);
  return child;
}

/** What the search looks at. */
function textOf({ device, live, behind }: DeviceRow): string {
  const { name, deviceId, cid, ip } = device;
  return [name, deviceId, cid, live?.ip ?? ip, live?.version ?? "", behind, live?.error?.message ?? ""].join(
    " ",
  );
}

function comparing(order: Order): (a: DeviceRow, b: DeviceRow) => number {
  const byName = (a: DeviceRow, b: DeviceRow): number => a.place - b.place;
  const by = (value: (row: DeviceRow) => number | string) => (a: DeviceRow, b: DeviceRow) => {
    const [one, other] = [value(a), value(b)];
    return one < other ? -1 : one > other ? 1 : byName(a, b);
  };
  switch (order) {
    case "name":
      return byName;
    case "state":
      return by(({ badge }) => badge.rank);
    case "address":
      return by(({ device, live }) => addressKey(live?.ip ?? device.ip));
    case "version":
      return by(({ live }) => live?.version ?? "~");
    case "seen":
      return by(({ live }) => -(live?.lastSeen ?? 0));
    case "users":
      return by(({ device, live }) => -Math.max(device.users, live?.users ?? 0));
  }
}

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Which place each has among all by name: comparing texts as people do is slow, and names seldom change. */
function placesOf(devices: readonly EditorDevice[]): ReadonlyMap<EditorDevice, number> {
  const sorted = [...devices].sort(
    (a, b) => names.compare(a.name, b.name) || names.compare(a.deviceId, b.deviceId),
  );
  return new Map(sorted.map((device, place) => [device, place]));
}

/** Addresses in the order of their numbers, then names of hosts, then what has none. */
function addressKey(ip: string): string {
  if (ip === "") return "~~";
  return /^[\d.]+$/.test(ip) ? ip.replace(/\d+/g, (number) => number.padStart(3, "0")) : `~${ip}`;
}

/** Finds the runtime's row of a node. Of one within a subflow there is a row for each instance: the worst counts. */
function finder(live: ReadonlyMap<string, OverviewRow>): (id: string) => OverviewRow | undefined {
  const instances = new Map<string, OverviewRow[]>();
  for (const row of live.values()) {
    // A subflow within another one has several dashes.
    for (let at = row.id.indexOf("-"); at >= 0; at = row.id.indexOf("-", at + 1)) {
      const id = row.id.slice(at + 1);
      instances.set(id, [...(instances.get(id) ?? []), row]);
    }
  }
  return (id) => live.get(id) ?? worstOf(instances.get(id) ?? []);
}

function worstOf(rows: readonly OverviewRow[]): OverviewRow | undefined {
  return rows.find(({ error }) => error) ?? rows.find(({ state }) => state !== "ready") ?? rows[0];
}
