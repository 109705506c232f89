import type { TuyaError } from "../errors";
import type { Report } from "../protocol/report";
import type { Answer, Exchange, Question } from "./exchange";
import {
  badInputError,
  childOfflineError,
  contradictionError,
  ignoredCommandError,
  refusalError,
  timeoutError,
  unprovenError,
} from "./failure";
import { readSettable, SetCommand, type SetOptions, type SetResult } from "./set-command";
import type { Timings } from "./timings";
import type { Dps } from "../protocol/dps";

export interface SetterOptions {
  readonly exchange: Exchange;
  readonly timings: Timings;
  readonly name: string;
  readonly query: (cid: string | undefined) => Promise<Answer>;
  /** Whether the gateway says that it reaches a sub-device; undefined = it has not spoken of it. */
  readonly childOnline: (cid: string) => boolean | undefined;
  readonly isKeyProven: () => boolean;
  /** What a set ends with when the connection does. */
  readonly lossError: (wasSent: boolean) => TuyaError;
}

/** The sets of one session: merges those that wait, follows those that are sent until everybody has an outcome. */
export class Setter {
  readonly #options: SetterOptions;
  readonly #waiting = new Map<SetCommand, Question>();
  /** Sent, and somebody still waits for the acknowledgement or for proof. */
  readonly #sent = new Map<SetCommand, Question>();
  readonly #proofTimers = new Map<SetCommand, NodeJS.Timeout>();

  constructor(options: SetterOptions) {
    this.#options = options;
  }

  /** See `TuyaDevice.set`. */
  set(values: Dps, { cid, confirm = "ack", merge = true }: SetOptions): Promise<SetResult> {
    const settable = readSettable(values);
    if ("obstacle" in settable) return Promise.reject(badInputError(this.#options.name, settable.obstacle));
    const { dps } = settable;
    const [first, ...others] = merge ? this.#waitingFor(dps, cid) : [];
    if (!first) {
      const command = new SetCommand(cid, dps, merge);
      const outcome = command.outcome(confirm);
      this.#submit(command);
      return outcome;
    }
    for (const other of others) {
      this.#options.exchange.withdraw(this.#waiting.get(other)!);
      this.#waiting.delete(other);
      first.absorb(other.dps, other);
    }
    first.absorb(dps);
    return first.outcome(confirm);
  }

  noteReport({ cid, dps }: Report): void {
    for (const [command, question] of this.#sent) {
      if (command.cid !== cid) continue;
      command.noteReport(dps);
      if (!command.isSettled) continue;
      this.#forget(command);
      this.#options.exchange.release(question);
    }
  }

  end(): void {
    const { lossError } = this.#options;
    // In their order: whoever sends them anew does so in this one.
    for (const command of this.#sent.keys()) this.#fail(command, lossError(true));
    for (const command of this.#waiting.keys()) command.fail(lossError(false));
    this.#waiting.clear();
  }

  #waitingFor(dps: Dps, cid: string | undefined): readonly SetCommand[] {
    const waiting = [...this.#waiting.keys()];
    return waiting.filter((command) => command.canMerge && command.cid === cid && command.touches(dps));
  }

  #submit(command: SetCommand): void {
    const question: Question = {
      request: () => ({ kind: "set", dps: command.dps, cid: command.cid }),
      sent: () => {
        this.#waiting.delete(command);
        this.#sent.set(command, question);
      },
      done: (answer) => this.#done(command, answer),
    };
    this.#waiting.set(command, question);
    this.#options.exchange.ask(question);
  }

  #done(command: SetCommand, answer: Answer): void {
    const { name, timings, isKeyProven } = this.#options;
    if (command.isSettled) return;
    if (answer.kind === "ended") {
      this.#waiting.delete(command);
      this.#fail(command, this.#options.lossError(false));
    } else if (answer.kind !== "answered") {
      this.#fail(
        command,
        isKeyProven() ? timeoutError(name, timings.replyTimeoutMs) : ignoredCommandError(name),
      );
    } else if (answer.body.kind === "text") {
      this.#fail(command, refusalError(name, answer.body.text, command.cid));
    } else {
      // A gateway acknowledges for sub-devices that are gone, too.
      if (!this.#isGone(command)) command.noteAcknowledgement();
      if (command.isSettled) this.#forget(command);
      else this.#later(command, () => this.#demandProof(command));
    }
  }

  /** No report came by itself: ask, and judge by what the device says then. */
  #demandProof(command: SetCommand): void {
    const { cid } = command;
    if (this.#isGone(command)) {
      this.#judge(command);
      return;
    }
    void this.#options.query(cid).then(() => {
      if (command.isSettled) return;
      // A gateway answers from memory, and asks the sub-device then: that is what counts.
      if (cid !== undefined) this.#later(command, () => this.#judge(command));
      else this.#judge(command);
    });
  }

  #judge(command: SetCommand): void {
    const { name } = this.#options;
    const { cid } = command;
    const contradiction = command.contradiction();
    if (this.#isGone(command)) this.#fail(command, childOfflineError(name, cid ?? "", true));
    else if (contradiction) this.#fail(command, contradictionError(name, contradiction, cid));
    else this.#fail(command, unprovenError(name, Object.keys(command.dps), cid));
  }

  #isGone({ cid }: SetCommand): boolean {
    return cid !== undefined && this.#options.childOnline(cid) === false;
  }

  /** The device has a moment to report by itself. */
  #later(command: SetCommand, act: () => void): void {
    this.#proofTimers.set(command, setTimeout(act, this.#options.timings.reportTimeoutMs));
  }

  #fail(command: SetCommand, error: TuyaError): void {
    this.#forget(command);
    command.fail(error);
  }

  #forget(command: SetCommand): void {
    this.#sent.delete(command);
    clearTimeout(this.#proofTimers.get(command));
    this.#proofTimers.delete(command);
  }
}
