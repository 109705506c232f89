import type { DeviceReport, DeviceSettings, DeviceState, TuyaDevice } from "../../../src/device/types";
import type { Dps } from "../../../src/protocol/dps";
import { OLDER_MEASUREMENTS, USUAL_MEASUREMENTS } from "../../../src/protocol/request";
import { configuredDevice } from "../../link/configured-devices";
import { EditorLease, type EditorLeaseContext } from "../editor-lease";
import type { LearnLine } from "../../contract/learn";

/** The device to learn from. */
export interface LearnSubject {
  /** Settings for a connection, used if no flow uses the device; for a sub-device those of its gateway. */
  readonly settings: DeviceSettings;
  /** Display name for sentences; for a sub-device its own. */
  readonly name: string;
  readonly cid: string | undefined;
  /** Data points for UPDATEDPS; empty = chosen by its values. */
  readonly refreshDps: readonly number[];
}

export interface LearnContext extends EditorLeaseContext {
  readonly tell: (line: LearnLine) => void;
  /** `performance.now()`, or another clock in tests. */
  readonly now: () => number;
}

/** For so long after a request, unchanged values count as its answer. Slow devices take a second. */
const ANSWER_MS = 3_000;

const MEASUREMENTS = [USUAL_MEASUREMENTS, OLDER_MEASUREMENTS];

/**
 * Tells what a device reports. Uses the connection of the flows, or its own one if there is none. Sends only requests
 * that read.
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

  /** Call it every few seconds: changes to the connection of the flows after a deploy, and asks meters to measure. */
  tick(): void {
    const present = this.#deployed ?? this.#lease?.device;
    if (this.#device !== present || this.#device?.state.kind === "closed") this.#attach();
    // The flows use the device now, too, and their settings count.
    else if (this.#lease && this.#deployed) this.#giveLeaseBack();
    this.#measure();
  }

  /** Ends learning. Resolves when its own connection is gone, if it had one; never rejects. */
  async stop(): Promise<void> {
    this.#detach();
    await this.#released;
  }

  /** The device as the flows use it; undefined if they do not. */
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

  /** Tells the state if it has changed. New attempts after a failure are no change. */
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

  /** Asks a meter to measure: by UPDATEDPS, or by a query if UPDATEDPS brought no report. */
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

  /** A refused query is not told: values may come nevertheless. */
  #query(): void {
    const device = this.#device;
    if (device?.state.kind !== "ready") return;
    this.#askedAt = this.#context.now();
    device.query({ cid: this.#subject.cid }).catch(() => undefined);
  }
}

/**
 * The line for a state; undefined if there is nothing to tell, because another connection follows at once.
 * @param isDeployed whether it is the connection of the flows
 */
function lineOf(state: DeviceState, name: string, isDeployed: boolean): LearnLine | undefined {
  switch (state.kind) {
    case "searching":
      return { state: "searching" };
    case "connecting":
    case "checking":
      return { state: "connecting", ip: state.ip };
    case "ready":
      return { state: "listening", ip: state.ip };
    case "waiting": {
      const { code, message } = state.error;
      const remedy = isDeployed
        ? " These are the deployed settings: deploy what you have changed, for it to be used."
        : "";
      return { state: "trouble", code, says: `${message}${remedy}` };
    }
    case "asleep":
      return {
        state: "trouble",
        says: `${name} is asleep: its values come when it wakes. Press one of its buttons to wake it.`,
      };
    case "idle":
      return {
        state: "trouble",
        says: `A flow has disconnected ${name}: its values come when the flow connects it again (operation "connect").`,
      };
    case "closed":
      return undefined;
  }
}
