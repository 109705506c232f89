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

const MAX_IN_LABEL = 2;

/** Used in place of the id of a device: all devices. */
export const ALL_DEVICES = "*";

/** A data point or a friendly name, for picking. */
export interface NamedDp {
  readonly dp: string;
  /** The code; the number if it has none. */
  readonly token: string;
  /** Display name; "" if there is none. */
  readonly label: string;
  /** The data point in the device's table; undefined if it is not there. */
  readonly dataPoint?: DataPoint;
  /** Set for a friendly name. */
  readonly word?: FriendlyWord;
}

/**
 * The friendly names and the data points of the chosen device, read by the rules of the runtime. For all devices: each
 * name once.
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

/** The units of the named data points, each once; of all data points if `names` is empty. */
export function unitsOf(known: readonly NamedDp[], names: readonly string[]): readonly string[] {
  const meant = known.filter(
    ({ dp, token }) => names.length === 0 || names.includes(token) || names.includes(dp),
  );
  return [...new Set(meant.flatMap(({ dataPoint }) => dataPoint?.unit ?? []))];
}

/** The label of a node: the device, and one or two data points if only these are chosen. */
export function labelWithDp(device: string, id: unknown, dps: string | undefined): string {
  const names = splitDps(dps ?? "");
  if (device === "" || names.length === 0 || names.length > MAX_IN_LABEL) return device;
  return `${device} · ${names.map((name) => labelOfDp(id, name)).join(", ")}`;
}

/** The first of these names that the chosen device does not have. Numbers are always accepted: a device may report any. */
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

/** Calls `render` now, and when another device is chosen or the chosen one was edited. `chosen` returns its id. */
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
