import { Command } from "../protocol/command";
import type { Message } from "../protocol/message";

/**
 * The parts of a STATUS that tell it from others. Not the whole message, which would keep the bytes of its frame in
 * memory.
 */
interface Told {
  readonly sequence: number;
  readonly payload: Buffer;
  readonly number: number;
  readonly time: number;
}

/** Remembers the last STATUS, to recognize its repetition: some devices, and some networks, send each frame twice. */
export class Repetition {
  readonly #likelyMs: number;
  #last: Told | undefined;

  /** @param likelyMs within how many milliseconds the same bytes without a number count as a repetition */
  constructor(likelyMs: number) {
    this.#likelyMs = likelyMs;
  }

  /**
   * Whether this repeats the STATUS before it, which must not be counted twice. "certain": it has the same number.
   * "likely": without numbers (3.1), the same bytes follow at once with nothing between; nobody presses a button so fast.
   */
  note(message: Message): "certain" | "likely" | undefined {
    const last = this.#last;
    if (message.command !== Command.STATUS) {
      if (last && last.number === 0) this.#last = undefined;
      return undefined;
    }
    const { sequence, payload, header } = message;
    const number = header?.number ?? 0;
    const time = number === 0 ? performance.now() : 0;
    this.#last = { sequence, payload, number, time };
    const isSame = last?.number === number && last.sequence === sequence && last.payload.equals(payload);
    if (!isSame) return undefined;
    if (number !== 0) return "certain";
    return time - last.time < this.#likelyMs ? "likely" : undefined;
  }
}
