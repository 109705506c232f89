import type { DiscoverySettings } from "../discovery/discovery";
import {
  DEVICE_HELP,
  DEVICE_OPTIONS,
  DISCOVERY_HELP,
  DISCOVERY_OPTIONS,
  discoverySettings,
  KEY_HELP,
  type NamedDevice,
  namedDevice,
  parseOptions,
} from "./arguments";
import { obtainLocalKey } from "./local-key";

const OPTIONS = {
  ...DEVICE_OPTIONS,
  ...DISCOVERY_OPTIONS,
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** The arguments of a command about one device. */
export interface DeviceArguments {
  /** The key is not checked. */
  readonly device: NamedDevice & { readonly localKey: string };
  readonly discovery: DiscoverySettings;
  /** Whether to print JSON instead of sentences. */
  readonly json: boolean;
}

/** The part of the help about options and key; `json` describes the lines of the JSON output. */
export function deviceHelp(json: string): string {
  return `Options:
${DEVICE_HELP}
${DISCOVERY_HELP}
  --json                  print one JSON object per line${json}
  --help                  print this

${KEY_HELP}`;
}

/**
 * Reads the arguments of a command about one device, and obtains its key: a person may have to type it. Undefined if the
 * help was asked for, which is printed here.
 *
 * @throws UsageError; InterruptedError for Ctrl-C
 */
export async function readDeviceArguments(
  args: readonly string[],
  help: string,
): Promise<DeviceArguments | undefined> {
  const values = parseOptions(args, OPTIONS);
  if (values.help) {
    process.stdout.write(help);
    return undefined;
  }
  const named = namedDevice(values);
  const discovery = discoverySettings(values);
  const localKey = await obtainLocalKey();
  return { device: { ...named, localKey }, discovery, json: values.json };
}
