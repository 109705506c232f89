import { Command } from "../protocol/command";
import type { Message } from "../protocol/message";
import { reportNumber } from "../protocol/report";

/** What tells a STATUS from others. The rest of its message is not kept: with it would be the bytes its frame came in. */
interface Told {
  readonly sequence: number;
  readonly payload: Buffer;
  readonly number: number;
  readonly time: number;
}

/** The last STATUS there was, to know it again: some devices, and some networks, send every frame twice. */
export class Repetition {
  readonly #likelyMs: number;
  #last: Told | undefined;

  /** @param likelyMs how soon the same without a number is taken for the same once more, in milliseconds */
  constructor(likelyMs: number) {
    this.#likelyMs = likelyMs;
  }

  /**
   * Whether this is the STATUS before it once more, which must not be added up twice. One with a number of its own is
   * "certain". Without numbers (3.1) it is "likely" where the same bytes follow at once and nothing comes between: nobody
   * presses a button twice as fast.
   */
  note(message: Message): "certain" | "likely" | undefined {
    const last = this.#last;
    if (message.command !== Command.STATUS) {
      if (last && last.number === 0) this.#last = undefined;
      return undefined;
    }
    const { sequence, payload } = message;
    const number = reportNumber(message);
    const time = number === 0 ? performance.now() : 0;
    this.#last = { sequence, payload, number, time };
    const isSame = last?.number === number && last.sequence === sequence && last.payload.equals(payload);
    if (!isSame) return undefined;
    if (number !== 0) return "certain";
    return time - last.time < this.#likelyMs ? "likely" : undefined;
  }
}
