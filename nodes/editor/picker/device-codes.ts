import { type DataPoint, isDpNumber, parseDataPoints } from "../../../src/datapoints/datapoint";
import {
  type FriendlyPoint,
  friendlyPoints,
  type FriendlyWord,
  friendlyWordOf,
} from "../../../src/datapoints/friendly/points";
import { splitDps } from "../base/checks";
import { devicesInEditor, findDevice } from "../base/red";
import { translate } from "../base/texts";

const MAX_IN_LABEL = 2;

/** Instead of the id of a device: all of them, where each message or report says whose it is. */
export const ALL_DEVICES = "*";

/** A data point as a person picks it. */
export interface NamedDp {
  readonly dp: string;
  /** The code where it has one, otherwise the number. */
  readonly token: string;
  /** What people call it; "" where nobody said. */
  readonly label: string;
  /** All that the device's table says of it; undefined for one that is not there. */
  readonly dataPoint?: DataPoint;
  /** Of a friendly name, which stands for what it says and not for one data point. */
  readonly word?: FriendlyWord;
}

/**
 * The friendly names and the data points the chosen device is known to have, read as the runtime reads them. Of all
 * devices what has a name, once.
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
  // What such a name takes is what its data point does, where it is but another name for it.
  const own = dataPoints.find((each) => each.dp === dp);
  const isPlain = word === "on" || word === "target" || word === "mode" || word === "speed";
  return { dp: word, token: word, label, word, ...(isPlain && own && { dataPoint: own }) };
}

/** Friendly names first. A number means something else to each device. */
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

/** What the data point of a name is called, where the device has it; otherwise the name. */
export function labelOfDp(id: unknown, name: string): string {
  const known = dpsOfDevice(id).find(({ dp, token }) => dp === name || token === name);
  return known ? known.label || known.token : name;
}

/** The units of these data points that have one, once each; of all of them where none is named. */
export function unitsOf(known: readonly NamedDp[], names: readonly string[]): readonly string[] {
  const meant = known.filter(
    ({ dp, token }) => names.length === 0 || names.includes(token) || names.includes(dp),
  );
  return [...new Set(meant.flatMap(({ dataPoint }) => dataPoint?.unit ?? []))];
}

/** A node's label: the device, and what of it where that is but one or two data points. */
export function labelWithDp(device: string, id: unknown, dps: string | undefined): string {
  const names = splitDps(dps ?? "");
  if (device === "" || names.length === 0 || names.length > MAX_IN_LABEL) return device;
  return `${device} · ${names.map((name) => labelOfDp(id, name)).join(", ")}`;
}

/** The first of these names that the chosen device does not know. Numbers are always right: devices report as they like. */
export function unknownDp(id: unknown, names: readonly string[]): string | undefined {
  if (id !== ALL_DEVICES && !findDevice(id)) return undefined;
  const known = dpsOfDevice(id);
  // Without a table, what the device reports will tell its friendly names.
  const mayBe = (name: string): boolean =>
    known.some(({ token }) => token === name) ||
    (friendlyWordOf(name) !== undefined &&
      (known.length === 0 || known.some(({ word }) => word === friendlyWordOf(name))));
  return names.find((name) => !isDpNumber(name) && !mayBe(name));
}

/** Calls `render` now and whenever another device is chosen or the chosen one was edited; `chosen` says which it is. */
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
