import { Device } from "../device/device";
import type { DeviceReport, DeviceState } from "../device/types";
import { explain } from "../diagnosis/sentences/explain";
import { judgeSettings } from "../diagnosis/settings";
import { Discovery } from "../discovery/discovery";
import { Following } from "../discovery/following";
import { UsageError } from "./arguments";
import { deviceHelp, readDeviceArguments } from "./device-arguments";
import { INTERRUPTED, interruption, untilInterrupted } from "./interrupt";
import { paintFor, plain, type Paint } from "./terminal";

const HELP = `Usage: tuya-lan watch --id <text> [options]

Follows a device until Ctrl-C: its connection, and its data points as they change. Occupies one of the few
places a device has for programs.

${deviceHelp("")}

Exit status: 0 after Ctrl-C, 2 for impossible arguments, ${INTERRUPTED} for Ctrl-C instead of the key.
`;

/**
 * `tuya-lan watch`: runs until Ctrl-C, and resolves with the exit status.
 *
 * @throws UsageError; InterruptedError for Ctrl-C instead of the key
 */
export async function runWatch(args: readonly string[]): Promise<number> {
  const told = await readDeviceArguments(args, HELP);
  if (!told) return 0;
  const { device: settings, json } = told;
  refuseImpossible(settings);

  const { signal, release } = untilInterrupted();
  const device = new Device(settings);
  const narrate = json ? inJson() : inWords();
  device.on("state", narrate.state);
  device.on("report", narrate.report);
  // With an address, no announcements are needed.
  const discovery = settings.ip === "" ? new Discovery(told.discovery) : undefined;
  await discovery?.open();
  const following = discovery && new Following(discovery, device);
  if (settings.cid !== undefined) device.addChild(settings.cid);
  device.connect();
  await interruption(signal);
  release();
  following?.end();
  await Promise.all([device.close(), discovery?.close()]);
  return 0;
}

/** @throws UsageError if the settings cannot be right */
function refuseImpossible(settings: Parameters<typeof judgeSettings>[0]): void {
  const judged = judgeSettings(settings);
  if (!("cause" in judged)) return;
  const { says, hint } = explain(judged.cause, { name: "", ip: "", port: 0, heardAt: undefined });
  throw new UsageError(`${says}\n${hint}`);
}

/** Prints what happens to the device. */
interface Narrator {
  readonly state: (state: DeviceState) => void;
  readonly report: (report: DeviceReport) => void;
}

function inJson(): Narrator {
  const write = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  return {
    state: (state) => write({ event: "state", time: Date.now(), ...presentable(state) }),
    report: ({ cid, dps, changed, previous, reason, t }) =>
      write({ event: "report", time: Date.now(), cid, dps, changed, previous, reason, t }),
  };
}

/** The state, with its error as data. */
function presentable(state: DeviceState): object {
  const { kind, ...rest } = state;
  if (state.kind !== "waiting") return { state: kind, ...rest };
  const { error, retryAt } = state;
  return { state: kind, code: error.code, message: error.message, retryAt };
}

function inWords(): Narrator {
  const paint = paintFor(process.stdout);
  return {
    state: (state) => say(paint, stateInWords(state), toneOf(state, paint)),
    report: (report) => {
      for (const dp of report.changed) say(paint, changeInWords(report, dp));
    },
  };
}

function say(paint: Paint, text: string, tone: (text: string) => string = (same) => same): void {
  const time = new Date().toLocaleTimeString(undefined, { hour12: false });
  process.stdout.write(`${paint.dim(time)}  ${tone(plain(text))}\n`);
}

function toneOf(state: DeviceState, paint: Paint): (text: string) => string {
  if (state.kind === "ready") return state.refusal ? paint.yellow : paint.green;
  return state.kind === "waiting" ? paint.red : paint.yellow;
}

function stateInWords(state: DeviceState): string {
  switch (state.kind) {
    case "idle":
      return "not connected";
    case "searching":
      return "waiting for an announcement";
    case "connecting":
      return `connecting to ${state.ip}`;
    case "checking":
      return `connected to ${state.ip}, trying protocol ${state.version}`;
    case "ready":
      return state.refusal?.message ?? `ready at ${state.ip}, protocol ${state.version}`;
    case "waiting":
      return `${state.error.code}: ${state.error.message}`;
    case "asleep":
      return "asleep";
    case "closed":
      return "closed";
  }
}

function changeInWords({ cid, dps, previous }: DeviceReport, dp: string): string {
  const before = previous[dp] === undefined ? "" : `  (was ${JSON.stringify(previous[dp])})`;
  return `${cid === undefined ? "" : `${cid} `}${dp} = ${JSON.stringify(dps[dp])}${before}`;
}
