import { MQTT_OUTPUT } from "./mqtt/defaults";
import { splitDps } from "./base/checks";
import { CONNECTION, type Output, VALUES } from "./output-map";
import { dpsOfDevice } from "./picker/device-codes";

/** The first name of a data point another name stands for already. */
export function twiceIn(device: unknown, names: readonly string[]): string | undefined {
  const known = dpsOfDevice(device);
  const dps = names.map((name) => known.find(({ token }) => token === name)?.dp ?? name);
  return names.find((_name, index) => dps.indexOf(dps[index] ?? "") < index);
}

/** What decides which outputs there are. */
export interface OutputSettings {
  readonly scope: string | undefined;
  readonly device: string;
  readonly output: string;
  readonly dps: string;
  readonly state: boolean;
}

/** The names of the data points that have outputs of their own. As in the runtime, all those with a name where none is chosen. */
function portsOf({ device, dps }: OutputSettings): readonly string[] {
  const chosen = splitDps(dps ?? "").filter((name) => name !== "");
  if (chosen.length > 0) return chosen;
  return dpsOfDevice(device)
    .filter(({ dp, token }) => token !== dp)
    .map(({ token }) => token);
}

/** The outputs a node with these settings has, in their order. */
export function outputsOf(settings: OutputSettings): readonly Output[] {
  const known = dpsOfDevice(settings.device);
  // Whether a device is there has a topic of its own.
  if (settings.output === MQTT_OUTPUT) return [VALUES];
  // Which outputs there would be depends on the device.
  const hasPorts = settings.output === "ports" && settings.scope !== "all";
  const ports = hasPorts ? portsOf(settings) : [];
  const values = ports.map((token) => ({
    token,
    dp: known.find((each) => each.token === token)?.dp ?? token,
  }));
  return [...(values.length > 0 ? values : [VALUES]), ...(settings.state ? [CONNECTION] : [])];
}
