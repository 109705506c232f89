import { MQTT_OUTPUT } from "./mqtt/defaults";
import { splitDps } from "./base/checks";
import { CONNECTION, type Output, VALUES } from "./output-map";
import { dpsOfDevice } from "./picker/device-codes";

/**
 * The first of these names whose data point an earlier one means already; undefined if each means another one.
 *
 * @param device a node id
 */
export function twiceIn(device: unknown, names: readonly string[]): string | undefined {
  const known = dpsOfDevice(device);
  const dps = names.map((name) => known.find(({ token }) => token === name)?.dp ?? name);
  return names.find((_name, index) => dps.indexOf(dps[index] ?? "") < index);
}

/** The properties of a tuya-in that decide which outputs it has. */
export interface OutputSettings {
  readonly scope: string | undefined;
  /** A node id. */
  readonly device: string;
  readonly output: string;
  /** A comma list. */
  readonly dps: string;
  /** Whether there is an output for the state of the connection. */
  readonly state: boolean;
}

/**
 * The names of the data points with outputs of their own. By the rules of the runtime: if none is chosen, all with a
 * code.
 */
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
  // Availability has its own topic, so there is no second output.
  if (settings.output === MQTT_OUTPUT) return [VALUES];
  // Not for all devices, because the outputs depend on the device.
  const hasPorts = settings.output === "ports" && settings.scope !== "all";
  const ports = hasPorts ? portsOf(settings) : [];
  const values = ports.map((token) => ({
    token,
    dp: known.find((each) => each.token === token)?.dp ?? token,
  }));
  return [...(values.length > 0 ? values : [VALUES]), ...(settings.state ? [CONNECTION] : [])];
}
