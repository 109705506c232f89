/** An event, as a sentence. Times are milliseconds since 1970. */
export interface LoggedEvent {
  readonly time: number;
  /** When it happened last, if it happened several times in a row. */
  readonly until: number;
  readonly count: number;
  readonly sentence: string;
}

const MAX_EVENTS = 50;
/** The most characters of all sentences of a device: 16 kB, with two bytes per character. */
const MAX_CHARACTERS = 8_000;
const MAX_SENTENCE = 500;

/** The last events of a device, bounded in number and in size. A repeated event is counted, not added. */
export class EventLog {
  #events: LoggedEvent[] = [];
  #characters = 0;

  /** The oldest first. */
  get events(): readonly LoggedEvent[] {
    return this.#events;
  }

  add(sentence: string, time = Date.now()): void {
    const clipped = sentence.length > MAX_SENTENCE ? `${sentence.slice(0, MAX_SENTENCE - 1)}…` : sentence;
    const last = this.#events.at(-1);
    if (last?.sentence === clipped) {
      this.#events[this.#events.length - 1] = { ...last, until: time, count: last.count + 1 };
      return;
    }
    // Not `push`: an array that grows by itself reserves room for sixteen more, and most devices have one or two events.
    this.#events = this.#events.concat({ time, until: time, count: 1, sentence: clipped });
    this.#characters += clipped.length;
    while (this.#events.length > MAX_EVENTS || this.#characters > MAX_CHARACTERS) {
      this.#characters -= this.#events.shift()?.sentence.length ?? 0;
    }
  }
}
