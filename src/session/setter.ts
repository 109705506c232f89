import type { TuyaError } from "../errors";
import { readRefusal } from "../protocol/refusal";
import type { Report } from "../protocol/report";
import { type Answer, type Exchange, isInDoubt, type Question } from "./exchange";
import {
  badInputError,
  childOfflineError,
  contradictionError,
  refusalError,
  unansweredError,
  unprovenError,
  unprovenValueError,
  unreadableCommandError,
} from "./failure";
import {
  type ExpectedValues,
  fitsOneFrame,
  readSettable,
  SetCommand,
  type SetOptions,
  type SetResult,
} from "./set-command";
import type { Timings } from "./timings";
import { type Dps, type DpValue, sameValue } from "../protocol/dps";

export interface SetterOptions {
  readonly exchange: Exchange;
  readonly timings: Timings;
  readonly name: string;
  readonly query: (cid: string | undefined) => Promise<Answer>;
  /** Whether the values were read over this connection, as far as they can be. */
  readonly wasRead: (cid: string | undefined) => boolean;
  /** Whether the gateway says that it reaches a sub-device; undefined = it has not spoken of it. */
  readonly childOnline: (cid: string) => boolean | undefined;
  readonly isKeyProven: () => boolean;
  /** What a set ends with that nothing answers. */
  readonly silenceError: () => TuyaError;
  /** What a set ends with when the connection does. */
  readonly lossError: (wasSent: boolean) => TuyaError;
}

/** The sets of one session: merges those that wait, follows those that are sent until everybody has an outcome. */
export class Setter {
  readonly #options: SetterOptions;
  /** In the order in which they will be sent. */
  readonly #waiting = new Map<SetCommand, Question>();
  /** Sent, in this order: somebody waits for the outcome, or the report of an acknowledged one is still expected. */
  readonly #sent = new Map<SetCommand, Question>();
  /** What happens to a sent one that no report settles. */
  readonly #timers = new Map<SetCommand, NodeJS.Timeout>();
  /** By cid: data points that may have another value than the one the device reported last. */
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
   * Takes note of what the device reports. It reports in the order in which it was set: a report with the value of an earlier
   * command belongs to that one, and proves nothing of a later command that asks for the same value.
   *
   * As long as nothing has proved the key, everybody can have said it: then it completes nothing.
   *
   * @param isAnswer whether it answers a query: then it says how things are after all that was sent
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
      // The report of something earlier, or what the device made of the value: only asking tells.
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
    // In their order: whoever sends them anew does so in this one.
    for (const command of this.#sent.keys()) this.#fail(command, lossError(true));
    for (const command of this.#waiting.keys()) command.fail(lossError(false));
    this.#waiting.clear();
  }

  /** Those that wait and may be changed, oldest first: none before one that must be sent as it is. */
  #mergeable(cid: string | undefined): readonly SetCommand[] {
    const waiting = [...this.#waiting.keys()];
    const from = waiting.findLastIndex((command) => !command.canMerge) + 1;
    return waiting.slice(from).filter((command) => command.cid === cid);
  }

  /** Newer values, which leave later, take the place of older ones: so the last values leave in the order they came in. */
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
      this.#later(command, () => this.#demandProof(command));
    } else if (answer.body.kind === "text") {
      const { text } = answer.body;
      const isUnread = !answer.message.encrypted && readRefusal(text) === "unreadable";
      this.#fail(
        command,
        isUnread ? unreadableCommandError(name, text) : refusalError(name, text, command.cid),
      );
    } else {
      // A gateway acknowledges for sub-devices that are gone, too. And everybody can acknowledge: as long as nothing has
      // proved the key, only a report counts.
      command.noteAcknowledgement(isKeyProven() && !this.#isGone(command));
      this.#later(command, () =>
        command.isSettled ? this.#unreported(command) : this.#demandProof(command),
      );
    }
  }

  /** Acknowledged, and nobody wants proof: but what the device made of it is not known. */
  #unreported(command: SetCommand): void {
    this.#doubt(
      command.cid,
      Object.keys(command.dps).filter((dp) => command.awaits(dp)),
    );
    this.#forget(command);
  }

  /** No report came by itself: ask, and judge by what the device says then. */
  #demandProof(command: SetCommand): void {
    const { cid } = command;
    if (this.#isGone(command)) {
      this.#judge(command);
      return;
    }
    command.forgetOthers();
    void this.#options.query(cid).then((answer) => {
      if (command.isSettled) return;
      if (isInDoubt(answer)) command.forgetOthers();
      // A gateway answers from memory, and asks the sub-device then: that is what counts.
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
    else this.#fail(command, unprovenError(name, Object.keys(command.dps), cid));
  }

  #isGone({ cid }: SetCommand): boolean {
    return cid !== undefined && this.#options.childOnline(cid) === false;
  }

  /** The device has a moment to report by itself. */
  #later(command: SetCommand, act: () => void): void {
    clearTimeout(this.#timers.get(command));
    this.#timers.set(command, setTimeout(act, this.#options.timings.reportTimeoutMs));
  }

  /** The device need not have the values that it reported last. */
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
