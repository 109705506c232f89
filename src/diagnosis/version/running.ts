import type { DeviceState, TuyaDevice } from "../../device/types";
import { DEFAULT_PORT } from "../../limits";
import type { ProtocolVersion } from "../../protocol/version";
import type { Answering, ShownValues } from "./answering";
import { Once } from "../once";
import { FrameClues } from "./frame-clues";
import type { Deadline } from "../deadline";
import type { DiagnosisTimings } from "../timings";
import type { FrameEvent } from "../../session/connection/frame-event";

type Ready = DeviceState & { readonly kind: "ready" };

/** The device that the settings to test mean. */
export interface Target {
  readonly deviceId: string;
  readonly ip: string;
  readonly port: number;
}

/**
 * The state of the running device with its numeric address, if it is connected to the device, address and port in the
 * settings to test. Host names are resolved. Undefined if not.
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

/** Waits while the running device is just connecting, so that its connection can be used; for `joinMs` at most. */
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

/** A device that this process is connected to: queried over that connection, which stays open. */
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
      // `FrameClues` reads a refusal from the frames.
      const asked = device.query({ cid }).catch(() => undefined);
      const listed = cid === undefined ? undefined : device.listChildren();
      await this.#deadline.wait(Promise.all([asked, listed]), valuesMs, heartbeatMs);
      look();
      // The gateway answers with values from its memory. Whether the sub-device is online comes later, in the list or
      // with its own report.
      const hasValues = Object.keys(device.values(cid)).length > 0;
      if (hasValues) {
        await this.#deadline.wait(known.promise, valuesMs, heartbeatMs);
      } else if (cid === undefined) {
        // A gateway may have no data points of its own. Then its sub-devices show that it is one.
        await this.#deadline.wait(device.listChildren(), valuesMs, heartbeatMs);
      }
    } finally {
      for (const remove of removers) remove();
    }
    for (const child of device.knownChildren()) {
      // Gateways up to 3.3 say of no sub-device whether it is online: that they answered for it shows that they are gateways.
      const isReported = cid === undefined && Object.keys(device.values(child.cid)).length > 0;
      const online = child.online ?? (isReported ? true : undefined);
      if (online !== undefined) this.children.set(child.cid, online);
    }
    const { refusal } = this.#clues;
    return { dps: device.values(cid), refusal, isLost: device.state.kind !== "ready" };
  }

  /** The connection sends heartbeats itself, and would have ended without answers. */
  beat(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
