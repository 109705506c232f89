import type { ImportedDevice } from "../../../src/import/imported-device";
import { type ExistingDevice, type ImportPlan, planImport } from "../../../src/import/plan";
import { distinctionOf, idsByName, withDistinction } from "../base/distinction";
import { countCharacters, LOCAL_KEY_LENGTH, readLocalKey } from "../../../src/local-key";

/**
 * Where the nodes get their addresses from: `auto` = the list's where a device has not been heard. An address keeps no
 * device from being followed when it is heard elsewhere, so it is never worse than none.
 */
export type AddressRule = "auto" | "announced" | "listed";

/** What becomes of a device. */
export type Outcome = "create" | "updateKey" | "addKey" | "same" | "impossible";

/** Where a device was heard, and the version it announced. */
export interface Heard {
  readonly ip: string;
  readonly version: string;
}

/** Data points of a template for a device of which the list names none. */
export interface TemplateForDevice {
  /** What the template is called. */
  readonly name: string;
  readonly datapoints: ImportedDevice["datapoints"];
}

/** What the rows depend on besides the list. */
export interface RowsView {
  readonly existing: readonly ExistingDevice[];
  /** By device id. */
  readonly heard: ReadonlyMap<string, Heard>;
  /** What the user ticked or unticked, by device id. */
  readonly choices: ReadonlyMap<string, boolean>;
  /** Names the user gave, by device id; "" = that of the list. */
  readonly names: ReadonlyMap<string, string>;
  /** Only devices that are on the network now: those heard, and those behind a gateway that is. */
  readonly isOnlyHeard: boolean;
  /** By device id. */
  readonly templates: ReadonlyMap<string, TemplateForDevice>;
  readonly addresses: AddressRule;
  readonly newId: () => string;
}

/** One line of the preview. Never contains a key. */
export interface ImportRow {
  readonly id: string;
  readonly name: string;
  /** As the list calls it. */
  readonly listedName: string;
  /** Beginning of the id, where another device is called the same. */
  readonly distinction: string;
  readonly kind: ImportedDevice["kind"];
  /** Of a child: name of its gateway; "" where that is not known. */
  readonly gateway: string;
  readonly address: { readonly ip: string; readonly origin: "heard" | "listed" | "none" | "gateway" };
  /** Characters; undefined of children, which need none of their own. */
  readonly keyLength: number | undefined;
  readonly isKeyOdd: boolean;
  readonly dataPoints: { readonly count: number; readonly template: string };
  readonly outcome: Outcome;
  readonly isTicked: boolean;
  readonly isTickable: boolean;
  /** Why it cannot be ticked: last part of a catalogue key. */
  readonly obstacle: "gatewayUnticked" | "gatewayUnknown" | "incomplete" | undefined;
}

export interface ImportRows {
  readonly rows: readonly ImportRow[];
  /** What pressing the button does: that of the ticked rows. */
  readonly plan: ImportPlan;
  /** What is wrong with devices of the list, a sentence each. Never contains a key. */
  readonly problems: readonly string[];
  /** Names that several devices would have, ticked and configured ones. */
  readonly namesakes: readonly string[];
}

/** The lines of the preview, in the order of the list, children behind their gateway. */
export function toImportRows(list: readonly ImportedDevice[], view: RowsView): ImportRows {
  const devices = list
    .filter((device) => !view.isOnlyHeard || isHeard(device, view))
    .map((device) => ({ ...device, name: view.names.get(device.id)?.trim() || device.name }));
  const whole = planImport(devices, view.existing, { newId: view.newId });
  const outcomes = outcomesOf(devices, whole, view.existing);
  const ids = idsOfNames(devices, view.existing);
  const listedNames = new Map(list.map(({ id, name }) => [id, name]));
  const ticked = new Set<string>();
  const rows = inFamilies(devices).map((device): ImportRow => {
    const { id, name } = device;
    const outcome = outcomes.get(id) ?? "impossible";
    const obstacle = obstacleOf(device, outcome, ticked, devices, view.existing);
    const isTickable = obstacle === undefined && outcome !== "same";
    const isTicked = isTickable && (view.choices.get(id) ?? isTickedAtFirst(device, outcome));
    if (isTicked) ticked.add(id);
    return {
      ...rowOf(device, devices, view, ids),
      listedName: listedNames.get(id) ?? name,
      distinction: distinctionOf(id, ids.get(name) ?? []),
      outcome,
      // A list without a key says nothing against the stored one.
      isKeyOdd:
        device.kind !== "child" && isKeyOdd(device) && !(outcome === "same" && keyLengthOf(device) === 0),
      isTicked,
      isTickable,
      obstacle,
    };
  });
  const chosen = devices.filter(({ id }) => ticked.has(id)).map((device) => completed(device, view));
  const plan = planImport(chosen, view.existing, { newId: view.newId, addresses: true });
  const created = chosen.filter(({ id }) => outcomes.get(id) === "create");
  const names = idsOfNames(created, view.existing);
  const namesakes = created.map(({ name }) => name).filter((name) => (names.get(name)?.length ?? 0) > 1);
  return { rows, plan, problems: whole.problems, namesakes: [...new Set(namesakes)] };
}

function isHeard({ id, kind, gatewayId }: ImportedDevice, { heard }: RowsView): boolean {
  return heard.has(kind === "child" ? (gatewayId ?? "") : id);
}

/** Of a list, and of what is configured besides. */
function idsOfNames(
  devices: readonly ImportedDevice[],
  existing: readonly ExistingDevice[],
): ReadonlyMap<string, readonly string[]> {
  const listed = new Set(devices.map(({ id }) => id));
  const others = existing
    .map(({ name, deviceId, cid }) => ({ name, id: deviceId || cid }))
    .filter(({ id }) => !listed.has(id));
  return idsByName([...devices, ...others]);
}

function outcomesOf(
  devices: readonly ImportedDevice[],
  { create, updateKey, unchanged }: ImportPlan,
  existing: readonly ExistingDevice[],
): ReadonlyMap<string, Outcome> {
  const isKeyless = (nodeId: string): boolean =>
    existing.some((node) => node.nodeId === nodeId && !node.hasKey);
  const keyless = updateKey.filter(({ nodeId }) => isKeyless(nodeId));
  return new Map<string, Outcome>([
    ...devices.map(({ id }) => [id, "impossible"] as const),
    ...unchanged.map(({ source }) => [source, "same"] as const),
    ...keyless.map(({ source }) => [source, "addKey"] as const),
    ...updateKey
      .filter(({ nodeId }) => !isKeyless(nodeId))
      .map(({ source }) => [source, "updateKey"] as const),
    ...create.map(({ source }) => [source, "create"] as const),
  ]);
}

/** A stored key is not replaced unasked, unless it is known to be another one: the list may be the older of the two. */
function isTickedAtFirst(device: ImportedDevice, outcome: Outcome): boolean {
  switch (outcome) {
    case "create":
      return device.kind === "child" || keyLengthOf(device) > 0;
    case "addKey":
      return true;
    case "updateKey":
      return device.keyState === "other";
    case "same":
    case "impossible":
      return false;
  }
}

function obstacleOf(
  { kind, gatewayId }: ImportedDevice,
  outcome: Outcome,
  ticked: ReadonlySet<string>,
  devices: readonly ImportedDevice[],
  existing: readonly ExistingDevice[],
): ImportRow["obstacle"] {
  if (kind !== "child" || outcome === "same") return undefined;
  const isListed = devices.some(({ id }) => id === gatewayId);
  const isConfigured = existing.some(({ deviceId }) => deviceId !== "" && deviceId === gatewayId);
  if (outcome === "impossible") return isListed || isConfigured ? "incomplete" : "gatewayUnknown";
  return isConfigured || ticked.has(gatewayId ?? "") ? undefined : "gatewayUnticked";
}

/** Children where their gateway is: right behind it. Those of gateways elsewhere come last. */
function inFamilies(devices: readonly ImportedDevice[]): readonly ImportedDevice[] {
  const children = new Map<string, ImportedDevice[]>();
  for (const device of devices) {
    if (device.kind !== "child") continue;
    const siblings = children.get(device.gatewayId ?? "");
    if (siblings) siblings.push(device);
    else children.set(device.gatewayId ?? "", [device]);
  }
  const families = devices.flatMap((device) => {
    if (device.kind === "child") return [];
    const family = [device, ...(children.get(device.id) ?? [])];
    children.delete(device.id);
    return family;
  });
  return [...families, ...[...children.values()].flat()];
}

function rowOf(
  device: ImportedDevice,
  devices: readonly ImportedDevice[],
  view: RowsView,
  ids: ReadonlyMap<string, readonly string[]>,
) {
  const { id, name, kind, gatewayId = "", datapoints } = device;
  const gatewayNode = view.existing.find(({ deviceId }) => deviceId !== "" && deviceId === gatewayId);
  const gatewayName = devices.find((other) => other.id === gatewayId)?.name ?? gatewayNode?.name ?? "";
  const gateway = withDistinction(gatewayName, gatewayId, ids.get(gatewayName) ?? []);
  const keyLength = kind === "child" ? undefined : keyLengthOf(device);
  const template = templateFor(device, view);
  return {
    id,
    name,
    kind,
    gateway,
    address: addressOf(device, view),
    keyLength,
    dataPoints: {
      count: datapoints.length || (template?.datapoints.length ?? 0),
      template: template?.name ?? "",
    },
  };
}

function keyLengthOf({ localKey, keyLength }: ImportedDevice): number {
  return keyLength ?? countCharacters(localKey);
}

function isKeyOdd({ localKey, keyLength }: ImportedDevice): boolean {
  if (keyLength !== undefined) return keyLength !== LOCAL_KEY_LENGTH;
  const { kind } = readLocalKey(localKey);
  return kind !== "key" && kind !== "variable";
}

/** What was heard is true now; what stands in a list was true once. */
function addressOf({ id, kind, ip }: ImportedDevice, { heard }: RowsView): ImportRow["address"] {
  if (kind === "child") return { ip: "", origin: "gateway" };
  const heardAt = heard.get(id)?.ip ?? "";
  if (heardAt !== "") return { ip: heardAt, origin: "heard" };
  return ip ? { ip, origin: "listed" } : { ip: "", origin: "none" };
}

function templateFor({ id, datapoints }: ImportedDevice, view: RowsView): TemplateForDevice | undefined {
  return datapoints.length > 0 ? undefined : view.templates.get(id);
}

/**
 * The device as its node is to be: with the address that gets, if any, the data points of a template where it has none of
 * its own, and a version that what was heard does not contradict.
 */
function completed(device: ImportedDevice, view: RowsView): ImportedDevice {
  const { ip, origin } = addressOf(device, view);
  const isWritten = view.addresses === "listed" || (view.addresses === "auto" && origin === "listed");
  const heard = view.heard.get(device.id)?.version ?? "";
  const isContradicted = heard !== "" && device.version !== undefined && heard !== device.version;
  return {
    ...device,
    ip: isWritten && ip !== "" ? ip : undefined,
    ...(isContradicted && { version: undefined }),
    datapoints: templateFor(device, view)?.datapoints ?? device.datapoints,
  };
}
