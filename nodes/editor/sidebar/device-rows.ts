import type { OverviewRow } from "../../contract/overview";
import { hasWords } from "../base/checks";
import { distinctionOf, idsByName, withDistinction } from "../base/distinction";
import { stateBadge, type OverviewBadge } from "./state-badge";

/** A `tuya-device` in the editor, deployed or not. */
export interface EditorDevice {
  /** The id of the node. */
  readonly id: string;
  /** Its label. */
  readonly name: string;
  /** "" = none is entered. */
  readonly deviceId: string;
  /** "" = none is entered. */
  readonly cid: string;
  /** Id of its gateway's node; "" if it has none. */
  readonly gateway: string;
  /** The configured address, "" = none; the one in use comes from the runtime. */
  readonly ip: string;
  /** The configured version, or "auto"; the one in use comes from the runtime. */
  readonly version: string;
  /** How many nodes name it or, if it is a gateway, one of its sub-devices. */
  readonly users: number;
  /** Whether it is new or has changed since the last deploy. */
  readonly isChanged: boolean;
  /** Whether it, or its flow, is disabled. */
  readonly isDisabled: boolean;
  /** Why Node-RED marks it as invalid; "" if it does not. */
  readonly problem: string;
}

/** One line of the list. */
export interface DeviceRow {
  readonly device: EditorDevice;
  /** The last row from the runtime; undefined if the device does not run. */
  readonly live: OverviewRow | undefined;
  readonly badge: OverviewBadge;
  /** The beginning of the id, if other devices have the same name; otherwise "". */
  readonly distinction: string;
  /** The position among all devices by name. */
  readonly place: number;
  /** The name of the gateway, if that is not a line above; otherwise "". */
  readonly behind: string;
  /** 1 = indented below its gateway. */
  readonly level: 0 | 1;
  /** Whether a sub-device in the editor names it as its gateway. */
  readonly isGateway: boolean;
  /** Whether somebody should look at it: see `OverviewBadge`. */
  readonly isInTrouble: boolean;
  /** Whether no node uses it, so that it does not connect. */
  readonly isUnused: boolean;
  /** Whether a deploy would change it. */
  readonly isUndeployed: boolean;
  /** A sentence about what is wrong; "" if nothing is. */
  readonly sentence: string;
  /** Whether it passed its last test; undefined if there was none, or its state has changed since. */
  readonly isTested: boolean | undefined;
  /** Its last test; undefined if there was none. */
  readonly test: TestOutcome | undefined;
}

/** The result of a test. */
export interface TestOutcome {
  readonly isGood: boolean;
  /** What the test says. */
  readonly sentence: string;
  /** When it ended, in milliseconds since 1970. */
  readonly time: number;
}

/** Which devices the list shows. */
export const FILTERS = ["all", "trouble", "unused", "gateway", "undeployed"] as const;
/** One of `FILTERS`. */
export type Filter = (typeof FILTERS)[number];

/** What the list is ordered by. */
export const ORDERS = ["name", "state", "address", "version", "seen", "users"] as const;
/** One of `ORDERS`. */
export type Order = (typeof ORDERS)[number];

/** Search, filter and order of the list. */
export interface ListView {
  /** Only devices with all these words are shown; "" = all. */
  readonly search: string;
  readonly filter: Filter;
  readonly order: Order;
}

/** Which lines a filter shows. */
const MATCHES: Readonly<Record<Filter, (row: DeviceRow) => boolean>> = {
  all: () => true,
  trouble: ({ isInTrouble }) => isInTrouble,
  unused: ({ isUnused }) => isUnused,
  gateway: ({ isGateway }) => isGateway,
  undeployed: ({ isUndeployed }) => isUndeployed,
};

/**
 * The lines of all devices in the editor, in their order, with the data from the runtime.
 *
 * @param live the rows from the runtime, by the id of the running node
 * @param tests the last tests, by node id
 * @param before the former lines: unchanged ones are returned as the same objects, if `devices` has the same objects
 */
export function deviceRows(
  devices: readonly EditorDevice[],
  live: ReadonlyMap<string, OverviewRow>,
  tests: ReadonlyMap<string, TestOutcome>,
  before: readonly DeviceRow[] = [],
): DeviceRow[] {
  const liveOf = finder(live);
  const former = new Map(before.map((row) => [row.device, row]));
  // If one of the editor's devices has changed, all lines are made again: labels and places may depend on it.
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

/** The number of devices for each filter. */
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

/** The lines to show, in their order, with sub-devices below their gateway if that is shown. */
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
  /** The line by which a group is sorted: its first one, or the one in the worst state. */
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

/** The indented copy of a line; the same object for the same line. */
function indented(row: DeviceRow): DeviceRow {
  const known = below.get(row);
  if (known) return known;
  const child: DeviceRow = { ...row, level: 1, behind: "" };
  below.set(row, child);
  return child;
}

/** The text that the search looks at. */
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

/**
 * The position of each device by name. Computed once, because comparing texts by language rules is slow, and names seldom
 * change.
 */
function placesOf(devices: readonly EditorDevice[]): ReadonlyMap<EditorDevice, number> {
  const sorted = [...devices].sort(
    (a, b) => names.compare(a.name, b.name) || names.compare(a.deviceId, b.deviceId),
  );
  return new Map(sorted.map((device, place) => [device, place]));
}

/** A sort key: addresses by their numbers, then host names, then devices without either. */
function addressKey(ip: string): string {
  if (ip === "") return "~~";
  return /^[\d.]+$/.test(ip) ? ip.replace(/\d+/g, (number) => number.padStart(3, "0")) : `~${ip}`;
}

/**
 * Returns a function that finds the runtime's row of a node. A node within a subflow has a row for each instance: the one
 * in the worst state is used.
 */
function finder(live: ReadonlyMap<string, OverviewRow>): (id: string) => OverviewRow | undefined {
  const instances = new Map<string, OverviewRow[]>();
  for (const row of live.values()) {
    // With nested subflows the id has several dashes.
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
