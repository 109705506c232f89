import type { ImportedDevice } from "../../../src/import/imported-device";
import { type ExistingDevice, type ImportPlan, planImport } from "../../../src/import/plan";
import { distinctionOf, idsByName, withDistinction } from "../base/distinction";
import { countCharacters, LOCAL_KEY_LENGTH, readLocalKey } from "../../../src/local-key";

/**
 * Where the nodes get their addresses from. `auto`: from announcements; from the list for devices that were not heard. A
 * device with an address is still followed when it moves, so an address is never worse than none.
 */
export type AddressRule = "auto" | "announced" | "listed";

/**
 * What the import does with a device, if it is ticked. `addKey`: its node has no key yet; `same`: there is nothing to do;
 * `impossible`: no node can be made for it.
 */
export type ImportOutcome = "create" | "updateKey" | "addKey" | "same" | "impossible";

/** The address and the version a device announced. */
export interface Heard {
  readonly ip: string;
  readonly version: string;
}

/** A template for a device without data points in the list. */
export interface TemplateForDevice {
  /** The name of the template. */
  readonly name: string;
  readonly datapoints: ImportedDevice["datapoints"];
}

/** The other facts that the rows depend on. */
export interface RowsView {
  /** The devices of the editor. */
  readonly existing: readonly ExistingDevice[];
  /** By device id. */
  readonly heard: ReadonlyMap<string, Heard>;
  /** Boxes that the user ticked or unticked, by device id. */
  readonly choices: ReadonlyMap<string, boolean>;
  /** Names that the user gave, by device id; "" = the name in the list. */
  readonly names: ReadonlyMap<string, string>;
  /** Whether to show only devices in the network: heard ones, and sub-devices of a heard gateway. */
  readonly isOnlyHeard: boolean;
  /** Templates to fill tables from, by device id. */
  readonly templates: ReadonlyMap<string, TemplateForDevice>;
  readonly addresses: AddressRule;
  /** Returns an id for a new node. */
  readonly newId: () => string;
}

/** One line of the preview. Never contains a key. */
export interface ImportRow {
  /** The device id. */
  readonly id: string;
  /** The name its node gets. */
  readonly name: string;
  /** The name in the list. */
  readonly listedName: string;
  /** The beginning of the id, if another device has the same name; otherwise "". */
  readonly distinction: string;
  readonly kind: ImportedDevice["kind"];
  /** For a sub-device: the name of its gateway; "" if it is not known. */
  readonly gateway: string;
  /** The address, and where it is from; "" = none is known. `gateway`: a sub-device has none of its own. */
  readonly address: { readonly ip: string; readonly origin: "heard" | "listed" | "none" | "gateway" };
  /** In characters; undefined for sub-devices, which need no key of their own. */
  readonly keyLength: number | undefined;
  /** Whether the key, or that there is none, is worth a look. */
  readonly isKeyOdd: boolean;
  /** How many there are, and the name of the template they are from; "" = they are from the list. */
  readonly dataPoints: { readonly count: number; readonly template: string };
  readonly outcome: ImportOutcome;
  readonly isTicked: boolean;
  readonly isTickable: boolean;
  /** Why it cannot be ticked, as the last part of a catalogue key; undefined if it can, or there is nothing to do. */
  readonly obstacle: "gatewayUnticked" | "gatewayUnknown" | "incomplete" | undefined;
}

/** The preview of a list of devices. */
export interface ImportRows {
  readonly rows: readonly ImportRow[];
  /** The plan of the import, for the ticked rows. */
  readonly plan: ImportPlan;
  /** Problems of devices in the list, a sentence each. Never contains a key. */
  readonly problems: readonly string[];
  /** Names that several devices, ticked or configured, would have. */
  readonly namesakes: readonly string[];
}

/** The preview of a list, in the order of the list but with sub-devices behind their gateway. */
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
      // A list without a key does not make the stored one wrong.
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

/** Whether a device is in the network: it was heard, or its gateway was. */
function isHeard({ id, kind, gatewayId }: ImportedDevice, { heard }: RowsView): boolean {
  return heard.has(kind === "child" ? (gatewayId ?? "") : id);
}

/** The ids by name, of the list and of configured devices. */
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

/** The outcome of each device, by device id, if all were ticked. */
function outcomesOf(
  devices: readonly ImportedDevice[],
  { create, updateKey, unchanged }: ImportPlan,
  existing: readonly ExistingDevice[],
): ReadonlyMap<string, ImportOutcome> {
  const isKeyless = (nodeId: string): boolean =>
    existing.some((node) => node.nodeId === nodeId && !node.hasKey);
  const keyless = updateKey.filter(({ nodeId }) => isKeyless(nodeId));
  return new Map<string, ImportOutcome>([
    ...devices.map(({ id }) => [id, "impossible"] as const),
    ...unchanged.map(({ source }) => [source, "same"] as const),
    ...keyless.map(({ source }) => [source, "addKey"] as const),
    ...updateKey
      .filter(({ nodeId }) => !isKeyless(nodeId))
      .map(({ source }) => [source, "updateKey"] as const),
    ...create.map(({ source }) => [source, "create"] as const),
  ]);
}

/**
 * Whether a row is ticked at first. A stored key is replaced only if it is known to differ, and otherwise only if the
 * user ticks it: the list may be older.
 */
function isTickedAtFirst(device: ImportedDevice, outcome: ImportOutcome): boolean {
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

/** Why a sub-device cannot be ticked; `ticked` has the devices above it that are. */
function obstacleOf(
  { kind, gatewayId }: ImportedDevice,
  outcome: ImportOutcome,
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

/** Sub-devices right behind their gateway; those of gateways that are not in the list come last. */
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

/** An announced address is up to date; one in a list may be out of date. */
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
 * The device as its node will be: with an address, with the data points of a template if it has none, and with a version
 * that fits the announced one.
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
