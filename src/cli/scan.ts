import { explain } from "../diagnosis/sentences/explain";
import { Discovery } from "../discovery/discovery";
import type { HeardDevice } from "../discovery/heard-devices";
import { type Logger, SILENT } from "../logger";
import { DISCOVERY_HELP, DISCOVERY_OPTIONS, discoverySettings, parseOptions, UsageError } from "./arguments";
import { pause, untilInterrupted } from "./interrupt";
import { paintFor, plain, Progress, table } from "./terminal";
import { deafnessOf } from "../diagnosis/address/network-health";

const HELP = `Usage: tuya-lan scan [options]

Lists the Tuya devices that announce themselves nearby. Needs no key.

Options:
  --seconds <number>      how long to listen (default 10)
${DISCOVERY_HELP}
  --json                  print one JSON object per line: a device as soon as it is heard, and again when it changed
  --help                  print this

Exit status: 0 when at least one device was heard, 1 when none was, 2 for impossible arguments.
Ctrl-C ends listening early.
`;

const OPTIONS = {
  seconds: { type: "string", default: "10" },
  ...DISCOVERY_OPTIONS,
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** The longest scan, in seconds. Devices announce themselves every 5 s. */
const MOST_SECONDS = 3_600;
const PROGRESS_MS = 200;

/**
 * `tuya-lan scan`: resolves with the exit status.
 *
 * @throws UsageError
 */
export async function runScan(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, OPTIONS);
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const seconds = secondsOf(values.seconds);
  const { json } = values;
  const progress = new Progress(process.stderr);
  const discovery = new Discovery(discoverySettings(values), { logger: complain(progress) });
  const { signal, release } = untilInterrupted();
  const tell = (device: HeardDevice): void =>
    void (json && process.stdout.write(`${JSON.stringify(described(device))}\n`));
  discovery.on("found", tell);
  discovery.on("changed", tell);
  const endSeeking = discovery.seek();
  const until = performance.now() + seconds * 1000;
  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    progress.show(`${discovery.devices().length} found, listening for another ${left} s …`);
  }, PROGRESS_MS);
  try {
    await discovery.open();
    await pause(until - performance.now(), signal);
  } finally {
    clearInterval(timer);
    progress.clear();
    endSeeking();
    release();
  }
  const health = discovery.health();
  await discovery.close();
  const devices = discovery.devices();
  if (devices.length === 0) {
    const { says, hint } = explain({ cause: "deaf", deafness: deafnessOf(health) }, NOBODY);
    process.stderr.write(`${says}\n${hint}\n`);
    return 1;
  }
  if (!json) list(devices);
  return 0;
}

const NOBODY = { name: "", ip: "", port: 0, heardAt: undefined };

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds <= 0 || seconds > MOST_SECONDS)
    throw new UsageError(`--seconds wants a number above 0, ${MOST_SECONDS} at most, not "${text}".`);
  return seconds;
}

function complain(progress: Progress): Logger {
  const say = (text: string): void => {
    progress.clear();
    process.stderr.write(`${text}\n`);
  };
  return { ...SILENT, warn: say, error: say };
}

/** A device as a line of the JSON output. */
function described(device: HeardDevice): object {
  const { id, ip, sender, version, productKey, encrypted, paired, firstSeen, lastSeen } = device;
  return { id, ip, sender, version, productKey, encrypted, paired, firstSeen, lastSeen };
}

function list(devices: readonly HeardDevice[]): void {
  const paint = paintFor(process.stdout);
  const rows = [...devices]
    .sort((a, b) => addressOrder(a.ip) - addressOrder(b.ip))
    .map(({ id, ip, sender, version = "?", productKey = "", paired }) =>
      [id, ip, version, productKey, remark(ip, sender, paired)].map(plain),
    );
  const [head = "", ...lines] = table([["ID", "ADDRESS", "VERSION", "PRODUCT", ""], ...rows]);
  const count = `${devices.length} device${devices.length === 1 ? "" : "s"}`;
  process.stdout.write(`${[paint.bold(head), ...lines, paint.dim(count)].join("\n")}\n`);
}

function remark(ip: string, sender: string, paired: boolean): string {
  return [...(paired ? [] : ["not paired"]), ...(sender === ip ? [] : [`heard from ${sender}`])].join(", ");
}

function addressOrder(ip: string): number {
  return ip.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}
