import { closedError, NothingSentError } from "../../src/session/failure";
import type { ExpectedValues } from "../../src/session/requests/set-command";
import { TuyaError } from "../../src/errors";
import {
  carryOut,
  type CarryOutOptions,
  type CommandResult,
  dataPointsFor,
  type DecidedCommand,
} from "./carry-out";
import { type Command, readCommand } from "./command";
import type { DeviceLink } from "../link/device-link";
import { linkError, NO_DEVICE } from "../link/link-state";
import { EchoGuard } from "./echo-guard";
import { Errand } from "./errand";
import { Turns } from "./turns";
import { isVain, whenReady } from "./when-ready";
import type { Properties } from "../runtime/properties";

export interface CommandRunnerOptions extends CarryOutOptions {
  /** The device a message is for, looked up at each call. Throws BAD_INPUT if the message names none. */
  readonly link: (msg: Properties) => DeviceLink | undefined;
  /** A further name that `msg.topic` may have for the device, besides its name and ids. */
  readonly called?: (msg: Properties) => string | undefined;
  /** The data point chosen in the node, by number or code; "" = none. */
  readonly chosen: string;
  /** The number of waiting messages changed. */
  readonly queued: (count: number) => void;
}

type SetCommand = Extract<Command, { kind: "set" }>;

/** The result of a set that was left out as an echo. */
const NOTHING_SENT: CommandResult = { tuya: { dps: {}, confirmed: {} } };

type FindLink = () => DeviceLink | undefined;

interface BegunCommand {
  readonly command: DecidedCommand;
  readonly link: DeviceLink;
  readonly outcome: Promise<CommandResult>;
}

/** The most messages that wait, so that a flow that sends for hours does not fill the memory. */
const MAX_QUEUED = 1000;
const NOTHING_EXPECTED: ExpectedValues = { dps: {}, isSure: () => false };

/** Carries out the messages of one tuya-out. */
export class CommandRunner {
  readonly #options: CommandRunnerOptions;
  /** One for each message that is not done, oldest first. */
  readonly #running = new Set<Errand>();
  readonly #queued = new Set<Errand>();
  readonly #echoes = new EchoGuard();
  readonly #turns = new Turns();
  /** The device's name for errors when the node closes: then the device may not be found any more. */
  #name = "The device";
  #closed = false;

  constructor(options: CommandRunnerOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the device has confirmed the message; rejects with a `TuyaError`. The message is not changed.
   *
   * @param link finds the device
   */
  run(msg: Properties, link = () => this.#options.link(msg)): Promise<CommandResult> {
    if (this.#closed) return Promise.reject(closedError(this.#name));
    return new Promise((resolve, reject) => {
      const errand = new Errand(reject);
      this.#running.add(errand);
      this.#execute(msg, link, errand).then(resolve, reject);
    });
  }

  /** The node is closing: all messages that are not done fail with CLOSED. */
  close(): void {
    this.#closed = true;
    for (const errand of this.#running) errand.fail(closedError(this.#name));
  }

  async #execute(msg: Properties, find: FindLink, errand: Errand): Promise<CommandResult> {
    const startedAt = performance.now();
    try {
      for (;;) {
        const begun =
          this.#beginAtOnce(msg, find, errand) ?? (await this.#begin(msg, find, errand, startedAt));
        const { command, link, outcome } = begun;
        try {
          return describeResult(command, link, await outcome, startedAt);
        } catch (error) {
          // The connection ended before anything was sent: the message waits for the next connection.
          const isNothingSent = error instanceof NothingSentError && !canGo(command, link);
          if (this.#options.queueMs === undefined || !isNothingSent) throw error;
        }
      }
    } finally {
      this.#running.delete(errand);
    }
  }

  #isEcho(msg: Properties, { dps, cid, merge }: SetCommand, link: DeviceLink): boolean {
    // Not for commands that must each be sent: two equal infra-red codes are two presses of a key.
    if (merge === false) return false;
    const dataPoints = dataPointsFor(link, cid);
    const values = link.device?.values(cid) ?? {};
    const { profile, reportedAt } = link;
    const context = { deviceId: profile.deviceId, cid, dataPoints, values, reportedAt };
    return this.#echoes.isEcho(msg, dps, context);
  }

  /**
   * Begins to carry out a message at once, if the device is ready and no earlier message waits to begin; otherwise
   * undefined.
   */
  #beginAtOnce(msg: Properties, find: FindLink, errand: Errand): BegunCommand | undefined {
    const link = this.#requireLink(find);
    const command = this.#read(msg, link);
    const isItsTurn = isAboutConnection(command) || (canGo(command, link) && this.#turns.isFree(link));
    return isItsTurn && command.kind !== "undecided" ? this.#start(msg, command, link, errand) : undefined;
  }

  /** Begins to carry out a message when the device is ready. */
  async #begin(msg: Properties, find: FindLink, errand: Errand, startedAt: number): Promise<BegunCommand> {
    const link = this.#requireLink(find);
    if (!canGo(this.#read(msg, link), link)) await this.#wait(link, errand, startedAt);
    // The device's node may have been replaced meanwhile.
    const present = this.#requireLink(find);
    return this.#turns.take(present, () => this.#decide(msg, find, errand));
  }

  /** Reads the message when its turn comes, when all earlier messages have begun. */
  async #decide(msg: Properties, find: FindLink, errand: Errand): Promise<BegunCommand> {
    errand.throwIfFailed();
    const link = this.#requireLink(find);
    const command = this.#read(msg, link);
    if (command.kind !== "undecided") return this.#start(msg, command, link, errand);
    const { error, cid } = command;
    await link
      .requireDevice()
      .query({ cid })
      .catch(() => undefined);
    errand.throwIfFailed();
    const present = this.#requireLink(find);
    // The device was just queried, so its values count as certain.
    const decided = this.#read(msg, present, { isRead: true });
    if (decided.kind === "undecided") throw error;
    return this.#start(msg, decided, present, errand);
  }

  /** The result is wrapped in an object, so that the next message waits only for the beginning and not for the result. */
  #start(msg: Properties, command: DecidedCommand, link: DeviceLink, errand: Errand): BegunCommand {
    const isEcho = command.kind === "set" && this.#isEcho(msg, command, link);
    const outcome = isEcho ? Promise.resolve(NOTHING_SENT) : carryOut(command, link, this.#options, errand);
    return { command, link, outcome };
  }

  async #wait(link: DeviceLink, errand: Errand, startedAt: number): Promise<void> {
    const { queueMs } = this.#options;
    if (queueMs === undefined || isVain(link.state)) throw linkError(link.state, link.profile.name);
    const [oldest] = this.#queued;
    if (oldest && this.#queued.size >= MAX_QUEUED) {
      this.#queued.delete(oldest);
      oldest.fail(overflowError(link.profile.name));
    }
    this.#queued.add(errand);
    this.#options.queued(this.#queued.size);
    try {
      await whenReady(link, queueMs - (performance.now() - startedAt), errand.signal);
    } finally {
      this.#queued.delete(errand);
      this.#options.queued(this.#queued.size);
    }
  }

  #requireLink(find: FindLink): DeviceLink {
    const link = find();
    if (!link) throw NO_DEVICE.error;
    this.#name = link.profile.name;
    return link;
  }

  #read(msg: Properties, link: DeviceLink, { isRead = false } = {}): Command {
    const { deviceId, name, cid, dataPoints } = link.profile;
    return readCommand(msg, {
      deviceId,
      name,
      called: this.#options.called?.(msg),
      cid,
      dataPoints,
      chosen: this.#options.chosen,
      dataPointsOf: (addressee) => dataPointsFor(link, addressee),
      values: (addressee) => link.device?.values(addressee) ?? {},
      ownValues: (addressee) => link.device?.ownValues(addressee) ?? {},
      expected: (addressee) => link.device?.expected(addressee) ?? NOTHING_EXPECTED,
      isRead,
    });
  }
}

function describeResult(
  command: DecidedCommand,
  link: DeviceLink,
  { tuya, payload }: CommandResult,
  startedAt: number,
): CommandResult {
  const { deviceId, name, cid } = link.profile;
  const ms = Math.round(performance.now() - startedAt);
  const addressee = "cid" in command ? command.cid : cid;
  return {
    ...(payload && { payload }),
    tuya: { deviceId, name, ...(addressee !== undefined && { cid: addressee }), ...tuya, ms },
  };
}

type ConnectionCommand = Exclude<DecidedCommand, { kind: "set" | "query" | "refresh" }>;

/** Whether a command is about the connection. Then it must not wait behind messages that wait for a connection. */
function isAboutConnection(command: Command): command is ConnectionCommand {
  const { kind } = command;
  return kind !== "set" && kind !== "undecided" && kind !== "query" && kind !== "refresh";
}

/** Whether the command can be carried out now. */
function canGo(command: Command, { state, device }: DeviceLink): boolean {
  // A gateway also answers queries for a sleeping sub-device.
  const isRead = command.kind === "query" || command.kind === "refresh";
  const isReached = state.kind === "ready" || (state.kind === "checking" && device?.isProving === true);
  return isReached || (isRead && state.kind === "childOffline") || isAboutConnection(command);
}

function overflowError(name: string): TuyaError {
  return new TuyaError(
    "OFFLINE",
    `This message was dropped: ${name} is not connected, and ${MAX_QUEUED} newer ones wait for it.`,
  );
}
