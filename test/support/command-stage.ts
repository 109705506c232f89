import { once } from "node:events";
import { DirectLink } from "../../nodes/link/direct-link";
import { CommandRunner } from "../../nodes/tuya-out/command-runner";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { Device } from "../../src/device/device";
import { TuyaError } from "../../src/errors";
import { SILENT } from "../../src/logger";
import type { Dps } from "../../src/protocol/dps";
import type { ProtocolVersion } from "../../src/protocol/version";
import type { Timings } from "../../src/session/timings";
import type { VirtualDeviceOptions } from "../../src/virtual/options";
import { VirtualDevice } from "../../src/virtual/virtual-device";

/*
 * A device and the tuya-out that commands it, without a test runner around them: the matrix of commands is printed by a
 * program as well.
 */

const ID = "vdev0000000000000001";
const KEY = "7{O<&\"$M}N0z/'|q";

/** Time enough for whatever is answered, and little for what is not. */
export const PATIENT: Partial<Timings> = {
  replyTimeoutMs: 5_000,
  probeTimeoutMs: 5_000,
  reportTimeoutMs: 150,
  ackGraceMs: 50,
  stalledFrameMs: 200,
  pauseMs: 10,
  backoffMs: [20],
  heartbeatIntervalMs: 20_000,
};
/** For devices that do not answer. */
export const IMPATIENT: Partial<Timings> = { ...PATIENT, replyTimeoutMs: 300 };

/** How a tuya-out is set up, and what it commands. */
export interface Setting {
  readonly version: ProtocolVersion;
  readonly offline: "fail" | "queue";
  readonly confirm: "ack" | "report";
}

/** What the flow is told of a command. */
export interface Told {
  /** "done", or the code of the error. */
  readonly outcome: string;
  readonly sentence: string;
  readonly confirmed: Dps;
}

export interface StageOptions {
  readonly timings: Partial<Timings>;
  readonly device?: Partial<VirtualDeviceOptions> | undefined;
  /** How long a message of a node with a queue waits, in milliseconds. */
  readonly queueMs?: number | undefined;
}

/** A connected device whose key is proven, and the tuya-out before it. */
export class Stage {
  readonly setting: Setting;
  readonly virtual: VirtualDevice;
  /** Bodies of the sets that reached the device, whatever it made of them. */
  readonly arrived: string[] = [];
  readonly #link: DirectLink;
  readonly #runners: CommandRunner[] = [];
  readonly #queueMs: number;

  private constructor(setting: Setting, { timings, device, queueMs = 10_000 }: StageOptions) {
    const { version } = setting;
    this.setting = setting;
    this.#queueMs = queueMs;
    this.virtual = new VirtualDevice({
      id: ID,
      localKey: KEY,
      version,
      dps: { "1": false, "2": 0, "3": "low" },
      ...device,
      overrides: { statusFirst: 0, sequencesSwapped: 0, wrongType: "zeroed", ...device?.overrides },
    });
    this.virtual.on("request", ({ payload }) => {
      const text = payload.toString("utf8");
      if (text.includes('"dps":{"')) this.arrived.push(text);
    });
    const settings = (): ConstructorParameters<typeof Device>[0] => ({
      deviceId: ID,
      localKey: KEY,
      ip: this.virtual.host,
      port: this.virtual.port,
      version,
    });
    const profile = { name: "Lamp", deviceId: ID, cid: undefined, dataPoints: DataPointMap.EMPTY };
    this.#link = new DirectLink(
      profile,
      { ...settings() },
      () => {
        const own = new Device(settings(), { timings, random: () => 0.5 });
        return { device: own, twins: [], conflicts: [], release: () => own.close() };
      },
      SILENT,
    );
  }

  /** Connects, and has one command reported, so that the key is proven. */
  static async set(setting: Setting, options: StageOptions): Promise<Stage> {
    const stage = new Stage(setting, options);
    await stage.virtual.listen();
    stage.#link.register({ id: "out" });
    await stage.state("ready");
    await stage.tell({ payload: { "2": 1 } }, { offline: "fail", confirm: "report" });
    stage.arrived.length = 0;
    return stage;
  }

  /** Sends a message to a tuya-out; resolves with what the flow is told of it. */
  async tell(
    msg: Readonly<Record<string, unknown>>,
    { offline, confirm }: Omit<Setting, "version"> = { offline: "fail", confirm: "ack" },
  ): Promise<Told> {
    const runner = new CommandRunner({
      link: () => this.#link,
      chosen: "",
      confirm,
      queueMs: offline === "queue" ? this.#queueMs : undefined,
      warn: () => undefined,
      queued: () => undefined,
    });
    this.#runners.push(runner);
    try {
      const { tuya } = await runner.run(msg);
      return { outcome: "done", sentence: "", confirmed: (tuya["confirmed"] ?? {}) as Dps };
    } catch (error) {
      if (!(error instanceof TuyaError)) throw error;
      return { outcome: error.code, sentence: error.message, confirmed: {} };
    }
  }

  /** Resolves when the node sees its device in this state, or in any other one. */
  async state(kind: string, isIt = true): Promise<void> {
    if ((this.#link.state.kind === kind) === isIt) return;
    await new Promise<void>((resolve) => {
      const remove = this.#link.on("state", (state) => {
        if ((state.kind === kind) !== isIt) return;
        remove();
        resolve();
      });
    });
  }

  /** Resolves when the device has obeyed the next set. */
  async obeyed(): Promise<void> {
    await once(this.virtual, "set");
  }

  async clear(): Promise<void> {
    for (const runner of this.#runners) runner.close();
    await this.#link.close();
    await this.virtual.close();
  }
}
