import { MQTT_OUTPUT } from "./mqtt/defaults";
import { parseBand } from "../../src/datapoints/band";
import type { Translate } from "./base/red";
import type { NamedDp } from "./picker/device-codes";
import { type ExampleValue, exampleValues } from "./picker/example-values";
import type { LiveValues } from "./picker/live-values";

/** Values shown of a message that has several. */
const SHOWN = 3;

/** What an example of a message depends on. */
export interface ExampleView {
  readonly output: string;
  /** What the device is called, in topics. */
  readonly device: string;
  /** Its data points; none where nothing is known of it, or all devices are heard. */
  readonly known: readonly NamedDp[];
  /** The names somebody chose. */
  readonly chosen: readonly string[];
  readonly live: LiveValues;
}

/** What a message looks like: with data points of this device where they are known, otherwise with those of any. */
export function exampleMessage(view: ExampleView, translate: Translate): string {
  const { output, device, known, chosen, live } = view;
  // Its topics are a list of their own.
  if (output === MQTT_OUTPUT) return "";
  const values = exampleValues(known, output === "compatible" ? [] : chosen, live, SHOWN);
  // A number tells more than a switch.
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

function member({ token, shown }: ExampleValue): string {
  return `${/^[A-Za-z_]\w*$/.test(token) ? token : JSON.stringify(token)}: ${shown}`;
}

/** What a deadband does, with the value that was typed. */
export function deadbandSentence(typed: string, units: readonly string[], translate: Translate): string {
  const band = parseBand(typed);
  if (!band) return translate("tuya-in.hint.deadband");
  const [unit = ""] = units;
  // Several numbers may have several units.
  const ofUnit = units.length === 1 ? unit : "";
  const size = band.isPercent ? `${band.size}%` : `${band.size} ${ofUnit}`.trim();
  return translate("tuya-in.hint.deadbandSet", { size });
}
