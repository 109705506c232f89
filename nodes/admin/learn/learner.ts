import type { DeviceReport, DeviceSettings, TuyaDevice } from "../../../src/device/types";
import type { Dps } from "../../../src/protocol/dps";
import { configuredDevice } from "../../link/configured-devices";
import { EditorLease, type EditorLeaseContext } from "../editor-lease";
import { lineOf } from "./learn-line";
import type { LearnLine } from "../../contract/learn";

/** Whom to learn from. */
export interface LearnSubject {
  /** How to reach it where no flow does; of a sub-device, its gateway. */
  readonly settings: DeviceSettings;
  /** For sentences; of a sub-device its own. */
  readonly name: string;
  readonly cid: string | undefined;
  /** What to ask for in UPDATEDPS; empty = as its values suggest. */
  readonly refreshDps: readonly number[];
}

export interface LearnContext extends EditorLeaseContext {
  readonly tell: (line: LearnLine) => void;
  /** A steady clock, in milliseconds. */
  readonly now: () => number;
}

/** For so long after a device was asked, values that are no news are answers. Slow ones take a second. */
const ANSWER_MS = 3_000;

/** Current, power and voltage, of newer and of older plugs. */
const MEASUREMENTS = [
  [18, 19, 20],
  [4, 5, 6],
] as const;

/**
 * Tells what a device reports, over the connection the flows have to it, and only where there is none over one of its
 * own. It never sends but what reads.
 */
export class Learner {
  readonly #subject: LearnSubject;
  readonly #context: LearnContext;
  #device: TuyaDevice | undefined;
  #lease: EditorLease | undefined;
  #removers: (() => void)[] = [];
  #released: Promise<void> = Promise.resolve();
  #said = "";
  #isInTrouble = false;
  #askedAt = -Infinity;
  #gotReport = true;

  constructor(subject: LearnSubject, context: LearnContext) {
    this.#subject = subject;
    this.#context = context;
  }

  start(): void {
    this.#attach();
  }

  /** To be called every few seconds: follows the flows when they are deployed, and keeps a meter measuring. */
  tick(): void {
    const present = this.#deployed ?? this.#lease?.device;
    if (this.#device !== present || this.#device?.state.kind === "closed") this.#attach();
    // The flows have the device now, too: theirs are the settings that count.
    else if (this.#lease && this.#deployed) this.#giveLeaseBack();
    this.#measure();
  }

  /** Ends it. Resolves when a connection of its own is gone; never rejects. */
  async stop(): Promise<void> {
    this.#detach();
    await this.#released;
  }

  /** The device the flows are connected to, or try to be. */
  get #deployed(): TuyaDevice | undefined {
    return configuredDevice(this.#subject.settings.deviceId)?.device;
  }

  #attach(): void {
    this.#detach();
    const device = this.#deployed ?? this.#borrow();
    const { cid } = this.#subject;
    this.#device = device;
    this.#removers.push(
      device.on("state", () => this.#tellState()),
      device.on("report", (report) => this.#report(report)),
      device.on("children", () => this.#tellState()),
    );
    const values = device.values(cid);
    if (this.#lease) device.connect();
    else if (Object.keys(values).length === 0) this.#query();
    this.#tellState();
    this.#tellValues(values);
    if (cid !== undefined) this.#removers.push(device.addChild(cid));
  }

  #borrow(): TuyaDevice {
    this.#lease = new EditorLease(this.#subject.settings, this.#context);
    return this.#lease.device;
  }

  #detach(): void {
    for (const remove of this.#removers) remove();
    this.#removers = [];
    this.#device = undefined;
    this.#giveLeaseBack();
  }

  #giveLeaseBack(): void {
    const lease = this.#lease;
    this.#lease = undefined;
    if (!lease) return;
    this.#released = Promise.all([this.#released, lease.release()]).then(() => undefined);
  }

  /** What was said is said once; and while it fails, new attempts are no news. */
  #tellState(): void {
    const device = this.#device;
    if (!device) return;
    const { name = "The device" } = device.settings;
    const line = this.#childTrouble(device) ?? lineOf(device.state, name, this.#lease === undefined);
    if (!line || !("state" in line)) return;
    if (this.#isInTrouble && line.state === "connecting") return;
    this.#isInTrouble = line.state === "trouble";
    const text = JSON.stringify(line);
    if (text === this.#said) return;
    this.#said = text;
    this.#context.tell(line);
  }

  #childTrouble(device: TuyaDevice): LearnLine | undefined {
    const { cid, name } = this.#subject;
    if (cid === undefined || device.state.kind !== "ready" || device.childOnline(cid) !== false) {
      return undefined;
    }
    return {
      state: "trouble",
      code: "CHILD_OFFLINE",
      says: `The gateway says that ${name} is offline. Its values come when it is back.`,
    };
  }

  #tellValues(dps: Dps): void {
    if (Object.keys(dps).length > 0) this.#context.tell({ dps, pushed: false, asked: false });
  }

  #report({ cid, dps, reason }: DeviceReport): void {
    if (cid !== this.#subject.cid) return;
    this.#gotReport = true;
    const isMeasuring = this.#device?.settings.refreshSeconds !== undefined;
    const asked = isMeasuring || this.#context.now() - this.#askedAt < ANSWER_MS;
    this.#context.tell({ dps, pushed: reason === "push", asked });
  }

  /** Meters measure while somebody asks. Where UPDATEDPS brought nothing, a query takes its turn. */
  #measure(): void {
    const device = this.#device;
    if (!device || device.state.kind !== "ready" || this.#subject.cid !== undefined) return;
    if (device.settings.refreshSeconds !== undefined) return;
    const dps = this.#measurements(device);
    if (dps.length === 0) return;
    if (this.#gotReport) {
      this.#askedAt = this.#context.now();
      device.refresh(dps).catch(() => undefined);
    } else {
      this.#query();
    }
    this.#gotReport = !this.#gotReport;
  }

  #measurements(device: TuyaDevice): readonly number[] {
    const { refreshDps } = this.#subject;
    const { settings } = device;
    const set = settings.refreshDps ?? settings.measuredDps ?? refreshDps;
    if (set.length > 0) return set;
    const values = device.values();
    return MEASUREMENTS.find((dps) => dps.every((dp) => typeof values[dp] === "number")) ?? [];
  }

  /** What a query is refused with is no news: values may come all the same. */
  #query(): void {
    const device = this.#device;
    if (device?.state.kind !== "ready") return;
    this.#askedAt = this.#context.now();
    device.query({ cid: this.#subject.cid }).catch(() => undefined);
  }
}
