import { parseArgs, type ParseArgsConfig } from "node:util";
import type { DiscoverySettings } from "../discovery/discovery";
import { readProbeTarget } from "../discovery/probe-targets";
import { isIPv4 } from "../ipv4";
import { DEFAULT_PORT, isPort } from "../limits";
import { isProtocolVersion, PROTOCOL_VERSIONS, type ProtocolVersion } from "../protocol/version";

/** The arguments are wrong. The message is a sentence for the person at the terminal. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads the values of the options.
 *
 * @throws UsageError for an option that is not known, a value that is missing, and for words that belong to no option.
 *   Such words are not repeated, because one of them may be the local key.
 */
export function parseOptions<T extends Options>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: false }>>["values"] {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL")
      throw new UsageError("There is a word too many: this command takes options only.");
    // Only the first sentence is used: it names the option. The rest is advice for programmers.
    const [sentence = "The options cannot be read"] = (error as Error).message.split(/[.\n]\s/);
    throw new UsageError(`${sentence.replace(/\.$/, "")}.`);
  }
}

/** Options for discovery: where to listen, and where to send requests. */
export const DISCOVERY_OPTIONS = {
  bind: { type: "string" },
  ports: { type: "string" },
  probe: { type: "string", multiple: true },
} as const;

/** The lines of a help about `DISCOVERY_OPTIONS`. */
export const DISCOVERY_HELP = `  --bind <address>        address to listen on for announcements (default all)
  --ports <list>          UDP ports to listen on (default 6666,6667,7000)
  --probe <host[:port]>   where to ask devices to announce themselves; repeatable, "none" = never
                          (default: the broadcast address of every network)`;

/**
 * Reads the values of `DISCOVERY_OPTIONS`.
 *
 * @throws UsageError
 */
export function discoverySettings(values: {
  readonly bind?: string | undefined;
  readonly ports?: string | undefined;
  readonly probe?: readonly string[] | undefined;
}): DiscoverySettings {
  const { bind, ports, probe } = values;
  if (bind !== undefined && !isIPv4(bind))
    throw new UsageError(`--bind wants an IPv4 address, not "${bind}".`);
  const numbers = ports?.split(",").map((port) => portOf("--ports", port.trim()));
  return {
    bind,
    ports: numbers && [...new Set(numbers)],
    probe: probe && probe.filter((target) => target !== "none").map(probeTarget),
  };
}

function probeTarget(target: string): string {
  if (readProbeTarget(target)) return target;
  throw new UsageError(`--probe wants host or host:port, with a port from 1 to 65535, not "${target}".`);
}

/** Options that name a device. */
export const DEVICE_OPTIONS = {
  id: { type: "string" },
  ip: { type: "string", default: "" },
  port: { type: "string" },
  version: { type: "string", default: "auto" },
  cid: { type: "string" },
  name: { type: "string" },
} as const;

/** The lines of a help about `DEVICE_OPTIONS`. */
export const DEVICE_HELP = `  --id <text>             device id; of the gateway where --cid is given
  --ip <address>          address or host name (default: wherever the device announces itself)
  --port <number>         TCP port (default ${DEFAULT_PORT})
  --version <number>      protocol version: ${PROTOCOL_VERSIONS.join(", ")} or auto (default auto)
  --cid <text>            node id of a sub-device behind a gateway
  --name <text>           what to call the device`;

/** The end of a help: where the key comes from. */
export const KEY_HELP = `The local key is taken from the environment variable TUYA_LOCAL_KEY; without it, it is asked for and
not shown. It is never taken from the command line, where other users and the shell's history see it.`;

/** The device that the arguments name. */
export interface NamedDevice {
  /** With a `cid`: the id of its gateway. */
  readonly deviceId: string;
  /** "" = wherever the device announces itself. */
  readonly ip: string;
  /** Undefined = the usual one. */
  readonly port: number | undefined;
  readonly version: ProtocolVersion | "auto";
  /** Node id of a sub-device; undefined for a device with a connection of its own. */
  readonly cid: string | undefined;
  /** What sentences call the device; undefined = by its id. */
  readonly name: string | undefined;
}

/**
 * Reads the values of `DEVICE_OPTIONS`.
 *
 * @throws UsageError
 */
export function namedDevice(values: {
  readonly id?: string | undefined;
  readonly ip: string;
  readonly port?: string | undefined;
  readonly version: string;
  readonly cid?: string | undefined;
  readonly name?: string | undefined;
}): NamedDevice {
  const { id, ip, port, version, cid, name } = values;
  if (!id) throw new UsageError('--id is missing: "tuya-lan scan" lists the ids of devices nearby.');
  if (version !== "auto" && !isProtocolVersion(version))
    throw new UsageError(`There is no version "${version}": use ${PROTOCOL_VERSIONS.join(", ")} or auto.`);
  return {
    deviceId: id,
    ip,
    port: port === undefined ? undefined : portOf("--port", port),
    version,
    cid: cid || undefined,
    name,
  };
}

/** @throws UsageError for anything but a number from `least` to 65535; 0 = a port that is free */
export function portOf(option: string, text: string, least: 0 | 1 = 1): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || !(isPort(port) || port === least))
    throw new UsageError(`${option} wants a number from ${least} to 65535, not "${text}".`);
  return port;
}

/** @throws UsageError if there is a local key among the arguments. The sentence does not repeat it. */
export function refuseKey(args: readonly string[]): void {
  if (args.some((argument) => /^--?(local-?)?key(=|$)/i.test(argument)))
    throw new UsageError(
      "The local key is not taken from the command line: other users of this machine and the shell's history would see it. Set the environment variable TUYA_LOCAL_KEY, or type the key when you are asked.",
    );
}
