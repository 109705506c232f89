import { setTimeout as delay } from "node:timers/promises";
import type { Dps } from "../../src/protocol/dps";
import type { Faults } from "../../src/virtual/faults";
import { IMPATIENT, PATIENT, type Setting, type Stage, type StageOptions, type Told } from "./command-stage";

/** What the flow is told, in short. */
export type Verdict =
  | "done"
  | "REJECTED"
  /** It may or may not have been obeyed. */
  | "TIMEOUT"
  /** Not connected any more: it may or may not have been obeyed. */
  | "OFFLINE, perhaps sent"
  /** Not connected: it was certainly not obeyed. */
  | "OFFLINE, not sent";

type Play = (stage: Stage, command: () => Promise<Told>) => Promise<Told>;

/** One way in which a command can fail, or nearly. */
export interface FailurePoint {
  /** What the device does, as a sentence without a subject. */
  readonly name: string;
  readonly options: StageOptions;
  /** The value that is asked of data point 2, or several data points. Default 5. */
  readonly asked?: Dps;
  /** Has it happen to the command; default: nothing, but the command. */
  readonly play?: Play;
  /** What the device has made of the command by then. */
  readonly obeys: boolean | ((setting: Setting) => boolean);
  readonly told: Verdict | ((setting: Setting) => Verdict);
}

const LATE_MS = 450;

/** The device has these faults from now on. */
function withFaults(faults: Faults): Play {
  return (stage, command) => {
    stage.virtual.faults = faults;
    return command();
  };
}

/** What is told where only the device's acknowledgement came, and the device then denies it. */
const acknowledgedOnly = ({ confirm }: Setting): Verdict => (confirm === "ack" ? "done" : "REJECTED");

/** What becomes of a command that was not sent, where the device is there again soon. */
const unsent = ({ offline }: Setting): Verdict => (offline === "queue" ? "done" : "OFFLINE, not sent");
const isQueued = ({ offline }: Setting): boolean => offline === "queue";

/** All points at which a command is tried. */
export const FAILURE_POINTS: readonly FailurePoint[] = [
  { name: "obeys, acknowledges and reports", options: { timings: PATIENT }, obeys: true, told: "done" },
  {
    name: "reports before it acknowledges",
    options: { timings: PATIENT, device: { overrides: { statusFirst: 1 } } },
    obeys: true,
    told: "done",
  },
  {
    name: "answers in pieces of three bytes",
    options: { timings: PATIENT },
    play: withFaults({ splitBytes: 3 }),
    obeys: true,
    told: "done",
  },
  {
    name: "answers slowly",
    options: { timings: PATIENT },
    play: withFaults({ slowMs: 60 }),
    obeys: true,
    told: "done",
  },
  {
    name: "sends every frame twice",
    options: { timings: PATIENT, device: { faults: { repeatFrames: true } } },
    obeys: true,
    told: "done",
  },
  {
    name: "answers the negotiation twice",
    options: { timings: PATIENT, device: { faults: { repeatNegotiation: true } } },
    obeys: true,
    told: "done",
  },
  {
    name: "obeys and acknowledges, but does not report",
    options: { timings: PATIENT },
    play: withFaults({ noReport: true }),
    obeys: true,
    told: "done",
  },
  {
    name: "obeys and reports, but does not acknowledge",
    options: { timings: PATIENT },
    play: withFaults({ noAck: true }),
    obeys: true,
    told: "done",
  },
  {
    name: "reports the command before only after this one was sent",
    options: { timings: PATIENT },
    play: async (stage, command) => {
      stage.virtual.faults = { lateReport: true, lateMs: 40 };
      const before = stage.tell({ payload: { "2": 4 } });
      const told = await command();
      await before;
      return told;
    },
    obeys: true,
    told: "done",
  },
  {
    name: "obeys without a word",
    options: { timings: IMPATIENT },
    play: withFaults({ noAck: true, noReport: true }),
    obeys: true,
    told: "TIMEOUT",
  },
  {
    name: "obeys, and acknowledges too late",
    options: { timings: IMPATIENT },
    play: withFaults({ lateAck: true, lateMs: LATE_MS, noReport: true }),
    obeys: true,
    told: "TIMEOUT",
  },
  {
    name: "obeys, and sends half an acknowledgement",
    options: { timings: PATIENT },
    play: withFaults({ halfFrame: 1 }),
    obeys: true,
    told: "OFFLINE, perhaps sent",
  },
  {
    name: "obeys, and its acknowledgement is damaged on the way",
    options: { timings: PATIENT },
    play: withFaults({ corrupt: 1 }),
    obeys: true,
    // From 3.4 on the keys could be out of step, so the connection ends; before that the report is still read.
    told: ({ version }) => (version >= "3.4" ? "OFFLINE, perhaps sent" : "done"),
  },
  {
    name: "obeys, and resets the connection before it acknowledges",
    options: { timings: PATIENT },
    play: withFaults({ resetAfterSet: 1 }),
    obeys: true,
    told: "OFFLINE, perhaps sent",
  },
  {
    name: "obeys and acknowledges, and hangs up before it reports",
    options: { timings: PATIENT },
    play: withFaults({ hangUpAfterAck: 1 }),
    obeys: true,
    told: ({ confirm }) => (confirm === "ack" ? "done" : "OFFLINE, perhaps sent"),
  },
  {
    name: "obeys, and starts anew before it acknowledges",
    options: { timings: PATIENT },
    play: async (stage, command) => {
      stage.virtual.faults = { noAck: 1, noReport: 1 };
      const obeyed = stage.obeyed().then(() => stage.virtual.reboot(30));
      const told = await command();
      await obeyed;
      return told;
    },
    obeys: true,
    told: "OFFLINE, perhaps sent",
  },
  {
    name: "acknowledges, and does nothing",
    options: { timings: PATIENT },
    play: withFaults({ forgetSet: 1 }),
    obeys: false,
    told: acknowledgedOnly,
  },
  {
    name: "acknowledges, and has no such data point",
    options: { timings: PATIENT },
    asked: { "99": 5 },
    obeys: false,
    told: ({ confirm }) => (confirm === "ack" ? "done" : "TIMEOUT"),
  },
  {
    name: "acknowledges, and takes another value",
    options: { timings: PATIENT },
    asked: { "2": "five" },
    obeys: false,
    told: acknowledgedOnly,
  },
  {
    name: "acknowledges and does nothing, while the report of an earlier command for the same value is under way",
    options: { timings: { ...PATIENT, reportTimeoutMs: 400 } },
    play: async (stage, command) => {
      stage.virtual.faults = { lateReport: true, lateMs: 100 };
      for (const value of [5, 6]) await stage.tell({ payload: { "2": value } });
      stage.virtual.faults = { forgetSet: 1 };
      return command();
    },
    obeys: false,
    told: acknowledgedOnly,
  },
  {
    name: "refuses",
    options: { timings: PATIENT },
    play: withFaults({ refuseSet: true, refusal: "json obj data unvalid" }),
    obeys: false,
    told: "REJECTED",
  },
  {
    name: "ignores it",
    options: { timings: IMPATIENT },
    play: withFaults({ ignoreSet: true }),
    obeys: false,
    told: "TIMEOUT",
  },
  {
    name: "ignores it, and acknowledges the command before too late",
    options: { timings: IMPATIENT },
    play: async (stage, command) => {
      stage.virtual.faults = { lateAck: 1, lateMs: LATE_MS, noReport: true };
      await stage.tell({ payload: { "2": 4 } });
      stage.virtual.faults = { ignoreSet: true };
      return command();
    },
    obeys: false,
    told: "TIMEOUT",
  },
  {
    name: "ignores it, and acknowledges the command before twice",
    options: { timings: IMPATIENT, device: { faults: { repeatFrames: true } } },
    play: async (stage, command) => {
      const faults = { repeatFrames: true, noReport: true };
      stage.virtual.faults = faults;
      const obeyed = stage.obeyed().then(() => (stage.virtual.faults = { ...faults, ignoreSet: true }));
      const before = stage.tell({ payload: { "3": "x" } });
      const told = await command();
      await Promise.all([before, obeyed]);
      return told;
    },
    obeys: false,
    told: "TIMEOUT",
  },
  {
    name: "hangs",
    options: { timings: IMPATIENT },
    play: withFaults({ hangs: true }),
    obeys: false,
    told: "TIMEOUT",
  },
  {
    name: "resets the connection instead of reading it",
    options: { timings: PATIENT },
    play: withFaults({ reset: 1 }),
    obeys: false,
    told: "OFFLINE, perhaps sent",
  },
  {
    name: "goes while the command waits for its turn, and comes back",
    options: { timings: PATIENT },
    play: async (stage, command) => {
      stage.virtual.faults = { ignoreQuery: true };
      const query = stage.tell({ operation: "query" });
      const told = command();
      await delay(20);
      await stage.virtual.close();
      stage.virtual.faults = {};
      await stage.state("ready", false);
      await stage.virtual.listen();
      await query;
      return told;
    },
    obeys: isQueued,
    told: unsent,
  },
  {
    name: "is away, and comes back",
    options: { timings: PATIENT },
    play: async (stage, command) => {
      await stage.virtual.close();
      await stage.state("ready", false);
      const told = command();
      await stage.virtual.listen();
      return told;
    },
    obeys: isQueued,
    told: unsent,
  },
  {
    name: "has no place left, and then one",
    options: { timings: PATIENT },
    play: async (stage, command) => {
      await stage.virtual.close();
      stage.virtual.faults = { busy: 3 };
      await stage.state("ready", false);
      await stage.virtual.listen();
      return command();
    },
    obeys: isQueued,
    told: unsent,
  },
  {
    name: "is away, and stays away",
    options: { timings: PATIENT, queueMs: 200 },
    play: async (stage, command) => {
      await stage.virtual.close();
      await stage.state("ready", false);
      return command();
    },
    obeys: false,
    told: "OFFLINE, not sent",
  },
];
