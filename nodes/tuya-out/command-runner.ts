import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { closedError } from "../../src/session/failure";
import type { TuyaDevice } from "../../src/device/types";
import type { Dps } from "../../src/protocol/dps";
import { TuyaError } from "../../src/errors";
import { type Command, readCommand } from "./command";
import { linkForCid } from "../link/configured-devices";
import type { DeviceLink } from "../link/device-link";
import { linkError, NO_DEVICE } from "../link/link-state";
import { EchoGuard } from "./echo-guard";
import { isVain, whenReady } from "./when-ready";
import type { Message } from "../runtime/properties";

export interface CommandRunnerOptions {
  /** The device a message is for, at the time of asking. Throws BAD_INPUT where the message names none. */
  readonly link: (msg: Message) => DeviceLink | undefined;
  /** How `msg.topic` calls a device, besides the name and the ids of the one the message is for. */
  readonly called?: (msg: Message) => string | undefined;
  /** The data point chosen in the node, by number or code; "" = none. */
  readonly chosen: string;
  readonly confirm: "ack" | "report";
  /** How long a message waits for a device that is not connected; undefined = not at all. */
  readonly queueMs: number | undefined;
  /** Something the message asks for has no effect, as a sentence. */
  readonly warn: (sentence: string) => void;
  /** The number of waiting messages changed. */
  readonly queued: (count: number) => void;
}

/** What a completed command adds to its message. */
export interface CommandResult {
  readonly tuya: Readonly<Record<string, unknown>>;
  /** The values by name; only of a query. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

type SetCommand = Extract<Command, { kind: "set" }>;

/** Of a set that says back what the device has said. */
const NOTHING_SENT: CommandResult = { tuya: { dps: {}, confirmed: {} } };

type FindLink = () => DeviceLink | undefined;

/** How long "connect" and "reconnect" wait for the outcome where the node has no time of its own. */
const CONNECT_MS = 15_000;
/** Messages that wait at the same time. A flow that goes on sending for hours must not fill the memory. */
const MAX_QUEUED = 1000;

/** Carries out the messages of one tuya-out. */
export class CommandRunner {
  readonly #options: CommandRunnerOptions;
  /** One for each message on its way, oldest first. */
  readonly #running = new Set<AbortController>();
  readonly #queued = new Set<AbortController>();
  readonly #echoes = new EchoGuard();
  /** For the sentence about messages that are not done when the node closes: by then the device may not be found. */
  #name = "The device";
  #closed = false;

  constructor(options: CommandRunnerOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the device has confirmed the message; rejects with a `TuyaError`. The message stays as it is.
   *
   * @param link the device, where the message does not say it
   */
  run(msg: Message, link = () => this.#options.link(msg)): Promise<CommandResult> {
    if (this.#closed) return Promise.reject(closedError(this.#name));
    const controller = new AbortController();
    this.#running.add(controller);
    return new Promise((resolve, reject) => {
      controller.signal.addEventListener("abort", () => reject(controller.signal.reason as TuyaError));
      this.#execute(msg, link, controller)
        .then(resolve, reject)
        .finally(() => this.#running.delete(controller));
    });
  }

  /** The node is closing: everything that is not done yet fails with CLOSED. */
  close(): void {
    this.#closed = true;
    for (const controller of this.#running) controller.abort(closedError(this.#name));
  }

  async #execute(msg: Message, find: FindLink, controller: AbortController): Promise<CommandResult> {
    const startedAt = performance.now();
    const { command, link } = await this.#prepare(msg, find, controller);
    const isEcho = command.kind === "set" && this.#isEcho(msg, command, link);
    const result = isEcho ? NOTHING_SENT : await this.#perform(command, link, controller.signal);
    const { deviceId, name, cid } = link.profile;
    const ms = Math.round(performance.now() - startedAt);
    const addressee = "cid" in command ? command.cid : cid;
    return {
      ...result,
      tuya: { deviceId, name, ...(addressee !== undefined && { cid: addressee }), ...result.tuya, ms },
    };
  }

  #isEcho(msg: Message, { dps, cid, merge }: SetCommand, link: DeviceLink): boolean {
    // Two equal infra-red codes are two presses of a key.
    if (merge === false) return false;
    const dataPoints = dataPointsBehind(link, cid);
    const values = link.device?.values(cid) ?? {};
    return this.#echoes.isEcho(msg, dps, { deviceId: link.profile.deviceId, cid, dataPoints, values });
  }

  /** What is to be done, once it can be. */
  async #prepare(
    msg: Message,
    find: FindLink,
    controller: AbortController,
  ): Promise<{ command: Exclude<Command, { kind: "undecided" }>; link: DeviceLink }> {
    let link = this.#requireLink(find);
    let command = this.#read(msg, link);
    if (!canGo(command, link)) {
      await this.#wait(link, controller);
      // Meanwhile the node of the device may be another one, and its values are known.
      link = this.#requireLink(find);
      command = this.#read(msg, link);
    }
    if (command.kind !== "undecided") return { command, link };
    const { error, cid } = command;
    await link
      .requireDevice()
      .query({ cid })
      .catch(() => undefined);
    command = this.#read(msg, link);
    if (command.kind === "undecided") throw error;
    return { command, link };
  }

  async #wait(link: DeviceLink, controller: AbortController): Promise<void> {
    const { queueMs } = this.#options;
    if (queueMs === undefined || isVain(link.state)) throw linkError(link.state, link.profile.name);
    const [oldest] = this.#queued;
    if (oldest && this.#queued.size >= MAX_QUEUED) {
      this.#queued.delete(oldest);
      oldest.abort(overflowError(link.profile.name));
    }
    this.#queued.add(controller);
    this.#options.queued(this.#queued.size);
    try {
      await whenReady(link, queueMs, controller.signal);
    } finally {
      this.#queued.delete(controller);
      this.#options.queued(this.#queued.size);
    }
  }

  async #perform(
    command: Exclude<Command, { kind: "undecided" }>,
    link: DeviceLink,
    signal: AbortSignal,
  ): Promise<CommandResult> {
    if (command.kind === "event-mode" || command.kind === "nothing") return this.#tune(command, link);
    const device = link.requireDevice();
    switch (command.kind) {
      case "set": {
        const { dps, cid, merge } = command;
        const options = { cid, confirm: this.#options.confirm, ...(merge === false && { merge }) };
        const { confirmed } = await device.set(dps, options);
        return { tuya: { dps, confirmed: { ...confirmed } } };
      }
      case "query":
        return this.#query(device, link, command.cid);
      case "refresh":
        await device.refresh(command.dps, { cid: command.cid });
        return { tuya: {} };
      case "disconnect":
        device.disconnect();
        return { tuya: {} };
      case "connect":
      case "reconnect":
        device[command.kind]();
        await whenReady(link, this.#options.queueMs ?? CONNECT_MS, signal);
        return { tuya: {} };
    }
  }

  /** What another package tuned at runtime. */
  #tune(command: Extract<Command, { kind: "event-mode" | "nothing" }>, link: DeviceLink): CommandResult {
    if (command.kind === "nothing") this.#options.warn(command.says);
    else if (!link.setEventMode(command.mode)) {
      this.#options.warn(
        `SET_EVENT_MODE has no effect: no tuya-in of ${link.profile.name} has the output of tuya-smart-device.`,
      );
    }
    return { tuya: {} };
  }

  async #query(device: TuyaDevice, link: DeviceLink, cid: string | undefined): Promise<CommandResult> {
    const dps: Dps = structuredClone(await device.query({ cid }));
    return { payload: dataPointsBehind(link, cid).decodeAll(dps), tuya: { dps } };
  }

  #requireLink(find: FindLink): DeviceLink {
    const link = find();
    if (!link) throw NO_DEVICE.error;
    this.#name = link.profile.name;
    return link;
  }

  #read(msg: Message, link: DeviceLink): Command {
    const { deviceId, name, cid, dataPoints } = link.profile;
    return readCommand(msg, {
      deviceId,
      name,
      called: this.#options.called?.(msg),
      cid,
      dataPoints,
      chosen: this.#options.chosen,
      dataPointsOf: (addressee) => dataPointsBehind(link, addressee),
      values: (addressee) => link.device?.values(addressee) ?? {},
    });
  }
}

/** What is configured for the device with this cid; nothing where it is not. */
function dataPointsBehind(link: DeviceLink, cid: string | undefined): DataPointMap {
  return linkForCid(link, cid)?.profile.dataPoints ?? DataPointMap.EMPTY;
}

/** Whether the command can be carried out as things stand. */
function canGo(command: Command, { state }: DeviceLink): boolean {
  switch (command.kind) {
    case "set":
    case "undecided":
      return state.kind === "ready";
    case "query":
    case "refresh":
      // The gateway answers for a sub-device that sleeps.
      return state.kind === "ready" || state.kind === "childOffline";
    case "connect":
    case "disconnect":
    case "reconnect":
    case "event-mode":
    case "nothing":
      return true;
  }
}

function overflowError(name: string): TuyaError {
  return new TuyaError(
    "OFFLINE",
    `${name} is not connected and ${MAX_QUEUED} newer messages wait for it, so this one was dropped.`,
  );
}
