import { type DataPoint, isDpNumber, parseDataPoints } from "../../../src/datapoints/datapoint";
import { findDevice } from "../base/red";

/** A data point as a person picks it. */
export interface NamedDp {
  readonly dp: string;
  /** The code where it has one, otherwise the number. */
  readonly token: string;
  /** What people call it; "" where nobody said. */
  readonly label: string;
  /** All that the device's table says of it; undefined for one that is not there. */
  readonly dataPoint?: DataPoint;
}

/** The data points the chosen device is known to have, read as the runtime reads them. */
export function dpsOfDevice(id: unknown): readonly NamedDp[] {
  return parseDataPoints(findDevice(id)?.datapoints).dataPoints.map((dataPoint) => {
    const { dp, code, label = "" } = dataPoint;
    return { dp, token: code || dp, label, dataPoint };
  });
}

/** What the data point of a name is called, where the device has it; otherwise the name. */
export function labelOfDp(id: unknown, name: string): string {
  const known = dpsOfDevice(id).find(({ dp, token }) => dp === name || token === name);
  return known ? known.label || known.token : name;
}

/** The first of these names that the chosen device does not know. Numbers are always right: devices report as they like. */
export function unknownDp(id: unknown, names: readonly string[]): string | undefined {
  if (!findDevice(id)) return undefined;
  const known = dpsOfDevice(id).map(({ token }) => token);
  return names.find((name) => !isDpNumber(name) && !known.includes(name));
}

/** Calls `render` now and whenever another device is chosen or the chosen one was edited. */
export function onDeviceChange(select: JQuery, render: (dps: readonly NamedDp[]) => void): void {
  const update = (): void => render(dpsOfDevice(select.val()));
  select.on("change", update);
  update();
}
