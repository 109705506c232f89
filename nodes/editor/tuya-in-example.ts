import { MQTT_OUTPUT } from "./mqtt/defaults";
import { parseBand } from "../../src/datapoints/band";
import type { Translate } from "./base/red";
import type { NamedDp } from "./picker/device-codes";
import { type ExampleValue, exampleValues } from "./picker/example-values";
import type { LiveValues } from "./picker/live-values";

/** How many values of a message are shown. */
const SHOWN = 3;

/** The facts that an example message depends on. */
export interface ExampleView {
  /** The property `output` of the node. */
  readonly output: string;
  /** The name of the device in topics. */
  readonly device: string;
  /** Its data points; empty if they are not known, or the node is for all devices. */
  readonly known: readonly NamedDp[];
  /** The names of data points in the node's list; empty = all. */
  readonly chosen: readonly string[];
  /** The present values of the device. */
  readonly live: LiveValues;
}

/** An example message: with data points of the device if they are known, otherwise with typical ones; "" for MQTT. */
export function exampleMessage(view: ExampleView, translate: Translate): string {
  const { output, device, known, chosen, live } = view;
  // MQTT topics are shown in a list of their own.
  if (output === MQTT_OUTPUT) return "";
  const values = exampleValues(known, output === "compatible" ? [] : chosen, live, SHOWN);
  // A number is a better example than a switch.
  const one = chosen.length > 0 ? values[0] : values.at(-1);
  if (!one) return translate(`tuya-in.example.${output}`);
  const isPart = chosen.length > 0 ? chosen.length > values.length : known.length > values.length;
  const end = isPart ? ", …" : "";
  const message = `topic = ${JSON.stringify(`${device}/${one.token}`)}, payload = ${one.shown}`;
  switch (output) {
    case "each":
      return message;
    case "ports":
      return translate("tuya-in.example.own", { message });
    case "compatible":
      return `payload.data.dps = {${values.map(({ dp, raw }) => `"${dp}": ${raw}`).join(", ")}${end}}`;
    default:
      return `payload = {${values.map(member).join(", ")}${end}}`;
  }
}

/** A property as JavaScript writes it. */
function member({ token, shown }: ExampleValue): string {
  return `${/^[A-Za-z_]\w*$/.test(token) ? token : JSON.stringify(token)}: ${shown}`;
}

/**
 * A sentence that says what the typed deadband does.
 *
 * @param units of the values that the node sends
 */
export function deadbandSentence(typed: string, units: readonly string[], translate: Translate): string {
  const band = parseBand(typed);
  if (!band) return translate("tuya-in.hint.deadband");
  const [unit = ""] = units;
  // With several units none is shown.
  const ofUnit = units.length === 1 ? unit : "";
  const size = band.isPercent ? `${band.size}%` : `${band.size} ${ofUnit}`.trim();
  return translate("tuya-in.hint.deadbandSet", { size });
}
