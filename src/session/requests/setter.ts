import type { TuyaError } from "../../errors";
import { readRefusal } from "../../protocol/refusal";
import type { Report } from "../../protocol/report";
import { type Answer, type Exchange, isInDoubt, type Question } from "./exchange";
import {
  badInputError,
  childOfflineError,
  contradictionError,
  refusalError,
  unansweredError,
  unreportedError,
  unprovenValueError,
  unreadableCommandError,
} from "../failure";
import {
  type ExpectedValues,
  fitsOneFrame,
  readSettable,
  SetCommand,
  type SetOptions,
  type SetResult,
} from "./set-command";
import type { Timings } from "../timings";
import { type Dps, type DpValue, sameValue } from "../../protocol/dps";

export interface SetterOptions {
  readonly exchange: Exchange;
  readonly timings: Timings;
  readonly name: string;
  readonly query: (cid: string | undefined) => Promise<Answer>;
  /** See `Queries.wasRead`. */
  readonly wasRead: (cid: string | undefined) => boolean;
  /** Whether the gateway says that the sub-device is online; undefined = not known. */
  readonly childOnline: (cid: string) => boolean | undefined;
  readonly isKeyProven: () => boolean;
  /** The error of a set that is not answered. */
  readonly silenceError: () => TuyaError;
  /** The error of a set that is open when the connection ends. */
  readonly lossError: (wasSent: boolean) => TuyaError;
}

/**
 * The sets of one session: merges those that wait, and watches those that were sent until all their callers have a
 * result.
 */
export class Setter {
  readonly #options: SetterOptions;
  /** Sets that wait, in the order in which they will be sent. */
  readonly #waiting = new Map<SetCommand, Question>();
  /**
   * Sets that were sent, in this order: a caller waits for the result, or the report of an acknowledged one is still
   * expected.
   */
  readonly #sent = new Map<SetCommand, Question>();
  /** The timer of a sent set, for the case that no report comes. */
  readonly #timers = new Map<SetCommand, NodeJS.Timeout>();
  /** Data points that may have another value than the last reported one, by cid. */
  readonly #unsure = new Map<string | undefined, Set<string>>();

  constructor(options: SetterOptions) {
    this.#options = options;
  }

  /** See `TuyaDevice.set`. */
  set(values: Dps, { cid, confirm = "ack", merge = true }: SetOptions): Promise<SetResult> {
    const settable = readSettable(values);
    if ("obstacle" in settable) return Promise.reject(badInputError(this.#options.name, settable.obstacle));
    const { dps } = settable;
    const mergeable = merge ? this.#mergeable(cid) : [];
    const last = mergeable.at(-1);
    const isTaken = last !== undefined && last.touches(dps) && fitsOneFrame({ ...last.dps, ...dps });
    const command = isTaken ? last : new SetCommand(cid, dps, merge);
    const outcome = command.outcome(confirm);
    if (isTaken) command.absorb(dps);
    else this.#submit(command);
    for (const older of mergeable) if (older !== command && older.touches(dps)) this.#replace(older, command);
    return outcome;
  }

  /**
   * Compares a report with the sets. Devices report in the order of the sets: a report with the value of an earlier set
   * belongs to that one, and proves nothing about a later set to the same value.
   *
   * Before the key is proved, anybody may have sent the report: then it completes no set.
   *
   * @param isAnswer whether it answers a query: then it shows the state after everything that was sent
   */
  noteReport({ cid, dps }: Report, isAnswer: boolean): void {
    const unsure = this.#unsure.get(cid);
    if (unsure) for (const dp of Object.keys(dps)) unsure.delete(dp);
    if (this.#sent.size === 0) return;
    const commands = [...this.#sent.keys()].filter((command) => command.cid === cid);
    for (const [dp, value] of Object.entries(dps)) {
      const awaiting = commands.filter((command) => command.awaits(dp));
      const fits = (command: SetCommand): boolean => sameValue(command.dps[dp]!, value);
      if (!this.#options.isKeyProven() && awaiting.some(fits)) {
        for (const command of awaiting.filter(fits)) command.noteClaimed(dp);
        continue;
      }
      const index = isAnswer ? awaiting.findLastIndex(fits) : awaiting.findIndex(fits);
      awaiting[index]?.noteConfirmed(dp);
      for (const earlier of awaiting.slice(0, Math.max(0, index))) earlier.noteReplaced(dp, value);
      if (index >= 0 || awaiting.length === 0) continue;
      for (const command of awaiting) command.noteOther(dp, value);
      // This may be the report of an earlier set, or a value the device has changed: only a query tells.
      if (!isAnswer) this.#doubt(cid, [dp]);
    }
    for (const command of commands) if (command.isReported) this.#over(command);
  }

  /** See `TuyaDevice.expected`; `known` are the values last reported. */
  expected(cid: string | undefined, known: Dps): ExpectedValues {
    const ofCid = (commands: ReadonlyMap<SetCommand, unknown>): readonly SetCommand[] =>
      [...commands.keys()].filter((command) => command.cid === cid);
    const [sent, waiting] = [ofCid(this.#sent), ofCid(this.#waiting)];
    const dps: Record<string, DpValue> = { ...known };
    for (const command of [...sent, ...waiting]) {
      for (const [dp, value] of Object.entries(command.dps)) if (command.expects(dp)) dps[dp] = value;
    }
    const isSure = (dp: string): boolean => {
      const expects = (command: SetCommand): boolean => command.expects(dp);
      if (waiting.some(expects)) return true;
      return !this.#unsure.get(cid)?.has(dp) && (sent.some(expects) || this.#options.wasRead(cid));
    };
    return { dps, isSure };
  }

  end(): void {
    const { lossError } = this.#options;
    // In their order, so that callers who repeat them do so in the same order.
    for (const command of this.#sent.keys()) this.#fail(command, lossError(true));
    for (const command of this.#waiting.keys()) command.fail(lossError(false));
    this.#waiting.clear();
  }

  /** Waiting sets that may be merged, oldest first; only those behind the last one that must be sent unchanged. */
  #mergeable(cid: string | undefined): readonly SetCommand[] {
    const waiting = [...this.#waiting.keys()];
    const from = waiting.findLastIndex((command) => !command.canMerge) + 1;
    return waiting.slice(from).filter((command) => command.cid === cid);
  }

  /**
   * Values of the newer set, which is sent later, replace those of the older one, so that the last values are sent in the
   * order of the calls.
   */
  #replace(older: SetCommand, newer: SetCommand): void {
    older.giveWay(newer);
    if (Object.keys(older.dps).length > 0) return;
    this.#options.exchange.withdraw(this.#waiting.get(older)!);
    this.#waiting.delete(older);
  }

  #submit(command: SetCommand): void {
    const question: Question = {
      request: () => ({ kind: "set", dps: command.dps, cid: command.cid }),
      sending: () => {
        this.#waiting.delete(command);
        this.#sent.set(command, question);
      },
      done: (answer) => this.#done(command, answer),
    };
    this.#waiting.set(command, question);
    this.#options.exchange.ask(question);
  }

  #done(command: SetCommand, answer: Answer): void {
    const { name, isKeyProven, silenceError } = this.#options;
    if (command.isSettled) return;
    if (answer.kind === "ended") {
      this.#waiting.delete(command);
      this.#fail(command, this.#options.lossError(false));
    } else if (answer.kind !== "answered") {
      this.#doubt(command.cid, Object.keys(command.dps));
      this.#fail(command, silenceError());
    } else if (answer.isInDoubt) {
      this.#doubt(command.cid, Object.keys(command.dps));
      this.#later(command, () => this.#decideByQuery(command));
    } else if (answer.body.kind === "text") {
      const { text } = answer.body;
      const isUnread = !answer.message.encrypted && readRefusal(text) === "unreadable";
      this.#fail(
        command,
        isUnread ? unreadableCommandError(name, text) : refusalError(name, text, command.cid),
      );
    } else {
      // A gateway acknowledges for sub-devices that are gone, too. And before the key is proved anybody can acknowledge,
      // so only a report counts.
      command.noteAcknowledgement(isKeyProven() && !this.#isGone(command));
      this.#later(command, () =>
        command.isSettled ? this.#unreported(command) : this.#decideByQuery(command),
      );
    }
  }

  /** Acknowledged, and no caller wants a report. But it is not known what value the device has now. */
  #unreported(command: SetCommand): void {
    this.#doubt(
      command.cid,
      Object.keys(command.dps).filter((dp) => command.awaits(dp)),
    );
    this.#forget(command);
  }

  /** No report came by itself: queries the device, and decides by its answer. */
  #decideByQuery(command: SetCommand): void {
    const { cid } = command;
    if (this.#isGone(command)) {
      this.#judge(command);
      return;
    }
    command.forgetOthers();
    void this.#options.query(cid).then((answer) => {
      if (command.isSettled) return;
      if (isInDoubt(answer)) command.forgetOthers();
      // A gateway answers from memory first. It asks the sub-device then, and only that report counts.
      if (cid !== undefined) this.#later(command, () => this.#judge(command));
      else this.#judge(command);
    });
  }

  #judge(command: SetCommand): void {
    const { name } = this.#options;
    const { cid, isAcknowledged } = command;
    const contradiction = command.contradiction();
    if (this.#isGone(command)) this.#fail(command, childOfflineError(name, cid ?? "", true));
    else if (!isAcknowledged) this.#fail(command, unansweredError(name, contradiction));
    else if (contradiction) this.#fail(command, contradictionError(name, contradiction, cid));
    else if (command.isClaimed) this.#fail(command, unprovenValueError(name));
    else this.#fail(command, unreportedError(name, Object.keys(command.dps), cid));
  }

  #isGone({ cid }: SetCommand): boolean {
    return cid !== undefined && this.#options.childOnline(cid) === false;
  }

  /** Gives the device a moment to report by itself. */
  #later(command: SetCommand, act: () => void): void {
    clearTimeout(this.#timers.get(command));
    this.#timers.set(command, setTimeout(act, this.#options.timings.reportTimeoutMs));
  }

  /** Notes that the device may have other values than it reported last. */
  #doubt(cid: string | undefined, dps: readonly string[]): void {
    const unsure = this.#unsure.get(cid) ?? new Set();
    for (const dp of dps) unsure.add(dp);
    this.#unsure.set(cid, unsure);
  }

  #over(command: SetCommand): void {
    const question = this.#sent.get(command);
    this.#forget(command);
    if (question) this.#options.exchange.release(question);
  }

  #fail(command: SetCommand, error: TuyaError): void {
    this.#forget(command);
    command.fail(error);
  }

  #forget(command: SetCommand): void {
    this.#sent.delete(command);
    clearTimeout(this.#timers.get(command));
    this.#timers.delete(command);
  }
}
