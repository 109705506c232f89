import { type DeviceState, type TuyaDevice, DEFAULT_PORT } from "../../device/types";
import type { ProtocolVersion } from "../../protocol/version";
import type { Answering, ShownValues } from "./answering";
import { Once } from "../once";
import { FrameClues } from "./frame-clues";
import type { Deadline } from "../deadline";
import type { DiagnosisTimings } from "../timings";
import type { FrameEvent } from "../../session/frame-event";

type Ready = DeviceState & { readonly kind: "ready" };

/** Where the settings to judge point to. */
export interface Target {
  readonly deviceId: string;
  readonly ip: string;
  readonly port: number;
}

/**
 * The connection of this process to a device, if it is up and leads where the settings point to: with its address, host
 * names resolved.
 */
export async function readyState(
  device: TuyaDevice | undefined,
  target: Target,
  resolve: (host: string) => Promise<string | undefined>,
): Promise<Ready | undefined> {
  if (device?.state.kind !== "ready") return undefined;
  const { deviceId, port = DEFAULT_PORT } = device.settings;
  if (deviceId !== target.deviceId || port !== target.port) return undefined;
  const ip = (await resolve(device.state.ip)) ?? device.state.ip;
  const isThere = target.ip === "" || target.ip === device.settings.ip || (await resolve(target.ip)) === ip;
  return isThere && device.state.kind === "ready" ? { ...device.state, ip } : undefined;
}

/** Waits as long as a device is just connecting: a connection that is about to stand saves another one. */
export async function untilSettled(
  device: TuyaDevice | undefined,
  deadline: Deadline,
  { joinMs }: DiagnosisTimings,
): Promise<void> {
  if (!device || !isUndecided(device.state)) return;
  let remove: (() => void) | undefined;
  const settled = new Promise<void>((resolve) => {
    remove = device.on("state", (state) => {
      if (!isUndecided(state)) resolve();
    });
  });
  try {
    await deadline.wait(settled, joinMs);
  } finally {
    remove?.();
  }
}

function isUndecided({ kind }: DeviceState): boolean {
  return kind === "connecting" || kind === "checking";
}

/** A device this process is connected to: observed and queried over that connection, which stays as it is. */
export class RunningAnswering implements Answering {
  readonly ip: string;
  readonly version: ProtocolVersion;
  readonly keyProven: boolean;
  readonly children = new Map<string, boolean>();
  readonly #device: TuyaDevice;
  readonly #deadline: Deadline;
  readonly #timings: DiagnosisTimings;
  readonly #clues = new FrameClues();

  constructor(device: TuyaDevice, state: Ready, deadline: Deadline, timings: DiagnosisTimings) {
    this.ip = state.ip;
    this.version = state.version;
    this.keyProven = state.keyProven;
    this.#device = device;
    this.#deadline = deadline;
    this.#timings = timings;
  }

  get namedIds(): ReadonlySet<string> {
    return this.#clues.namedIds;
  }

  async showValues(cid: string | undefined): Promise<ShownValues> {
    const { valuesMs, heartbeatMs } = this.#timings;
    const device = this.#device;
    const known = new Once<void>();
    const look = (): void => {
      if (cid === undefined || device.childOnline(cid) !== undefined) known.done();
    };
    const removers = [
      device.on("frame", (frame: FrameEvent) => this.#clues.note(frame)),
      device.on("children", look),
      device.on("report", (report) => {
        if (cid === undefined || report.cid !== cid || report.reason !== "push") return;
        this.children.set(cid, true);
        known.done();
      }),
    ];
    try {
      // A refusal is read from the frames.
      const asked = device.query({ cid }).catch(() => undefined);
      const listed = cid === undefined ? undefined : device.listChildren();
      await this.#deadline.wait(Promise.all([asked, listed]), valuesMs, heartbeatMs);
      look();
      // Its values came from the gateway's memory: what it is itself comes later, in the list or from its own mouth.
      const hasValues = Object.keys(device.values(cid)).length > 0;
      if (hasValues) await this.#deadline.wait(known.promise, valuesMs, heartbeatMs);
    } finally {
      for (const remove of removers) remove();
    }
    for (const child of device.knownChildren())
      if (child.online !== undefined) this.children.set(child.cid, child.online);
    const { refusal } = this.#clues;
    return { dps: device.values(cid), refusal, isLost: device.state.kind !== "ready" };
  }

  /** The connection sees to its heartbeats itself, and would not be up without. */
  beat(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
