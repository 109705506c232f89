import { DEFAULT_PORT } from "../limits";
import { isProtocolVersion, PROTOCOL_VERSIONS } from "../protocol/version";
import { BEHAVIOURS, DEFAULT_BEHAVIOUR, isBehaviourName } from "../virtual/behaviours";
import type { VirtualDeviceOptions } from "../virtual/options";
import { isPresetName, PRESETS } from "../virtual/presets";
import { VirtualDevice } from "../virtual/virtual-device";
import { parseOptions, portOf, UsageError } from "./arguments";
import { interruption, untilInterrupted } from "./interrupt";
import { plain } from "./terminal";

/** Characters in the second column of the help. */
const HELP_COLUMN = 54;

const DEMO_ID = "vdev0000000000000001";
/** An invented, public key: for virtual devices on this machine only. */
const DEMO_KEY = "0123456789abcdef";

/** Words in lines of the help, which begin where its second column does. */
function wrapped(words: readonly string[]): string {
  const lines: string[] = [""];
  for (const word of words) {
    const line = `${lines.at(-1)}${word}, `;
    if (line.length > HELP_COLUMN) lines.push(`${word}, `);
    else lines[lines.length - 1] = line;
  }
  return lines
    .map((line) => line.trimEnd())
    .join(`\n${" ".repeat(26)}`)
    .slice(0, -1);
}

const HELP = `Usage: tuya-lan virtual [options]

Starts a Tuya device in software. It listens on loopback (127.0.0.0/8) only.

Options:
  --preset <name>         product (default plug), one of
                          ${wrapped(Object.keys(PRESETS))}
  --id <text>             device id (default ${DEMO_ID})
  --version <number>      protocol version: ${PROTOCOL_VERSIONS.join(", ")} (default: the product's)
  --behaviour <name>      firmware generation: ${Object.keys(BEHAVIOURS).join(", ")}
  --host <address>        address to listen on (default 127.0.0.1)
  --port <number>         TCP port (default ${DEFAULT_PORT}; 0 = one that is free)
  --announce-port <number>
                          send announcements to this UDP port of 127.0.0.1
  --json                  print one JSON object per line
  --help                  print this

The local key is taken from the environment variable TUYA_LOCAL_KEY (16 characters).
Without it the device has the demo key ${DEMO_KEY}.

Prints a line for every connection and every set; Ctrl-C stops it.

Exit status: 0 after Ctrl-C, 1 when it cannot listen there, 2 for impossible arguments.
`;

const OPTIONS = {
  preset: { type: "string", default: "plug" },
  id: { type: "string", default: DEMO_ID },
  version: { type: "string" },
  behaviour: { type: "string" },
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string", default: String(DEFAULT_PORT) },
  "announce-port": { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** The virtual device that the arguments describe. */
interface Plan {
  readonly device: VirtualDeviceOptions;
  /** What the product is called. */
  readonly title: string;
  /** The UDP port announcements go to; undefined = none are sent. */
  readonly announcePort: number | undefined;
  readonly json: boolean;
}

/**
 * `tuya-lan virtual`: runs until Ctrl-C. Resolves with the exit status: 1 if it cannot listen.
 *
 * @throws UsageError
 */
export async function runVirtual(args: readonly string[]): Promise<number> {
  const plan = readPlan(args, process.env["TUYA_LOCAL_KEY"] ?? DEMO_KEY);
  if (!plan) {
    process.stdout.write(HELP);
    return 0;
  }
  const device = deviceOf(plan);
  const { signal, release } = untilInterrupted();
  try {
    await device.listen();
  } catch (error) {
    release();
    process.stderr.write(`${sentenceOf(error)}\n`);
    return 1;
  }
  const { announcePort } = plan;
  if (announcePort !== undefined) device.startAnnouncing({ port: announcePort });
  narrate(device, plan);
  await interruption(signal);
  release();
  await device.close();
  return 0;
}

/**
 * Reads the arguments; undefined if they ask for help.
 *
 * @throws UsageError
 */
export function readPlan(args: readonly string[], localKey: string): Plan | undefined {
  const values = parseOptions(args, OPTIONS);
  if (values.help) return undefined;
  if (!isPresetName(values.preset))
    throw new UsageError(`There is no product "${values.preset}": use ${Object.keys(PRESETS).join(", ")}.`);
  const { title, ...preset } = PRESETS[values.preset];
  const version = values.version ?? preset.version;
  if (!isProtocolVersion(version))
    throw new UsageError(`There is no version "${version}": use ${PROTOCOL_VERSIONS.join(", ")}.`);
  const behaviour = values.behaviour ?? DEFAULT_BEHAVIOUR[version];
  if (!isBehaviourName(behaviour))
    throw new UsageError(`There is no behaviour "${behaviour}": use ${Object.keys(BEHAVIOURS).join(", ")}.`);
  const { id, host, json, "announce-port": announcePort } = values;
  const port = portOf("--port", values.port, 0);
  return {
    device: { ...preset, id, host, localKey, version, behaviour, port },
    title,
    announcePort: announcePort === undefined ? undefined : portOf("--announce-port", announcePort),
    json,
  };
}

/** @throws UsageError if the key, the address or the behaviour is impossible */
function deviceOf({ device }: Plan): VirtualDevice {
  try {
    return new VirtualDevice(device);
  } catch (error) {
    throw new UsageError(sentenceOf(error));
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Prints what happens, one line each. Never the key, only its length. */
function narrate(device: VirtualDevice, { title, json, device: options }: Plan): void {
  const say = (event: string, text: string, details: object): void => {
    process.stdout.write(json ? `${JSON.stringify({ event, ...details })}\n` : `${text}\n`);
  };
  const { id, host, port, version } = device;
  const keyLength = options.localKey.length;
  say(
    "listening",
    `${title} ${id}, protocol ${version}, listens on ${host}:${port} (local key: ${keyLength} characters)`,
    { id, host, port, version, behaviour: options.behaviour, keyLength },
  );
  device.on("connect", (client) => say("connect", `client ${client} connected`, { client }));
  device.on("disconnect", (client) => say("disconnect", `client ${client} left`, { client }));
  device.on("reject", () => say("reject", "a client was turned away: all places are taken", {}));
  device.on("set", ({ client, cid, dps, changed }) => {
    const whose = cid === undefined ? "" : ` of ${plain(cid)}`;
    say("set", `client ${client} set${whose} ${plain(JSON.stringify(dps))}`, { client, cid, dps, changed });
  });
}
