import { isDpNumber } from "../../src/datapoints/datapoint";
import { toRows } from "./data-point";
import { findDevice } from "./red";

/** A data point as a person picks it. */
export interface NamedDp {
  readonly dp: string;
  /** The code where it has one, otherwise the number. */
  readonly token: string;
  /** What people call it; "" where nobody said. */
  readonly label: string;
}

/** The data points the chosen device is known to have. */
export function dpsOfDevice(id: unknown): readonly NamedDp[] {
  return toRows(findDevice(id)?.datapoints)
    .map(({ dp, code, label }) => ({ dp, token: code || dp, label: label.trim() }))
    .filter(({ token }) => token !== "");
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
