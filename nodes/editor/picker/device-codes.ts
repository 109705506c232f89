import { type DataPoint, isDpNumber, parseDataPoints } from "../../../src/datapoints/datapoint";
import {
  type FriendlyPoint,
  friendlyPoints,
  type FriendlyWord,
  friendlyWordOf,
  PLAIN_WORDS,
} from "../../../src/datapoints/friendly/points";
import { splitDps } from "../base/checks";
import { devicesInEditor, findDevice } from "../base/red";
import { translate } from "../base/texts";

/** How many data points the label of a node names; with more it names none. */
const MAX_IN_LABEL = 2;

/** Stands for all devices where the node id of one is expected. */
export const ALL_DEVICES = "*";

/** A data point or a friendly name, for picking. */
export interface NamedDp {
  /** The number; of a friendly name, and of a code that is meant for all devices, the name itself. */
  readonly dp: string;
  /** The name to choose it by: the code, or the number if it has none; or the friendly name. */
  readonly token: string;
  /** Display name; "" if there is none. */
  readonly label: string;
  /** Its entry in the device's table; also of a friendly name, if both accept the same values. */
  readonly dataPoint?: DataPoint;
  /** The friendly name; absent for a data point. */
  readonly word?: FriendlyWord;
}

/**
 * The friendly names and then the data points of a device, read by the rules of the runtime. Of all devices: each name
 * once. Empty if there is no such device, or it has no table.
 *
 * @param id of a `tuya-device` node, or `ALL_DEVICES`; as in all functions here
 */
export function dpsOfDevice(id: unknown): readonly NamedDp[] {
  if (id === ALL_DEVICES) return dpsOfAll();
  const { dataPoints } = parseDataPoints(findDevice(id)?.datapoints);
  const dps = dataPoints.map((dataPoint) => {
    const { dp, code, label = "" } = dataPoint;
    return { dp, token: code || dp, label, dataPoint };
  });
  return [...friendlyPoints({ dataPoints }).map((point) => namedWord(point, dataPoints)), ...dps];
}

function namedWord({ word, dp }: FriendlyPoint, dataPoints: readonly DataPoint[]): NamedDp {
  const label = translate(`tuya-device.word.${word}`);
  // These accept the same values as their data point.
  const own = dataPoints.find((each) => each.dp === dp);
  const isPlain = word === "on" || PLAIN_WORDS.some((plain) => plain === word);
  return { dp: word, token: word, label, word, ...(isPlain && own && { dataPoint: own }) };
}

/** Friendly names first. Without numbers, which mean something different for each device. */
function dpsOfAll(): readonly NamedDp[] {
  const all = devicesInEditor().flatMap(({ id }) => dpsOfDevice(id));
  const named = all.filter(({ token, word }) => word !== undefined || !isDpNumber(token));
  const byToken = new Map(
    named.map(({ token, label, word }) => [token, { dp: token, token, label, ...(word && { word }) }]),
  );
  const sorted = [...byToken.values()];
  return [
    ...sorted.filter(({ word }) => word !== undefined),
    ...sorted.filter(({ word }) => word === undefined),
  ];
}

/** The label of the data point with this name, if the device has it; otherwise the name. */
export function labelOfDp(id: unknown, name: string): string {
  const known = dpsOfDevice(id).find(({ dp, token }) => dp === name || token === name);
  return known ? known.label || known.token : name;
}

/** The units of the named ones of these data points, each once; of all of them if `names` is empty. */
export function unitsOf(known: readonly NamedDp[], names: readonly string[]): readonly string[] {
  const meant = known.filter(
    ({ dp, token }) => names.length === 0 || names.includes(token) || names.includes(dp),
  );
  return [...new Set(meant.flatMap(({ dataPoint }) => dataPoint?.unit ?? []))];
}

/**
 * The label of a flow node: the device, and one or two data points if only these are chosen; "" without a device.
 *
 * @param device the name of the device
 * @param dps the comma list of the node
 */
export function labelWithDp(device: string, id: unknown, dps: string | undefined): string {
  const names = splitDps(dps ?? "");
  if (device === "" || names.length === 0 || names.length > MAX_IN_LABEL) return device;
  return `${device} · ${names.map((name) => labelOfDp(id, name)).join(", ")}`;
}

/**
 * The first of these names that the device does not have; undefined if it has all of them, or there is no such device.
 * Numbers are always accepted: a device may report any.
 */
export function unknownDp(id: unknown, names: readonly string[]): string | undefined {
  if (id !== ALL_DEVICES && !findDevice(id)) return undefined;
  const known = dpsOfDevice(id);
  // Without a table the device may have the friendly name: its reports will tell.
  const mayBe = (name: string): boolean =>
    known.some(({ token }) => token === name) ||
    (friendlyWordOf(name) !== undefined &&
      (known.length === 0 || known.some(({ word }) => word === friendlyWordOf(name))));
  return names.find((name) => !isDpNumber(name) && !mayBe(name));
}

/**
 * Calls `render` now, and when another device is chosen or the chosen one was edited.
 *
 * @param fields whose change may mean another device
 * @param chosen returns the node id of the chosen device, or `ALL_DEVICES`
 * @param render gets the data points and that id; "" if there is none
 */
export function onDeviceChange(
  fields: JQuery,
  chosen: () => unknown,
  render: (dps: readonly NamedDp[], device: string) => void,
): void {
  const update = (): void => {
    const device = chosen();
    render(dpsOfDevice(device), typeof device === "string" ? device : "");
  };
  fields.on("change", update);
  update();
}
