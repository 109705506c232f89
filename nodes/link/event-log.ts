/** Something that happened, as a sentence. Times are milliseconds since 1970. */
export interface LoggedEvent {
  readonly time: number;
  /** When last, where it has happened several times in a row. */
  readonly until: number;
  readonly count: number;
  readonly sentence: string;
}

const MAX_EVENTS = 50;
/** Two bytes a character: 16 kB a device at most, however long the sentences. */
const MAX_CHARACTERS = 8_000;
const MAX_SENTENCE = 500;

/** The last events of a device, bounded in number and in size. The same again is counted, not listed anew. */
export class EventLog {
  #events: LoggedEvent[] = [];
  #characters = 0;

  /** Oldest first. */
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
    // An array that grows by itself takes room for sixteen more, and most devices have one or two.
    this.#events = this.#events.concat({ time, until: time, count: 1, sentence: clipped });
    this.#characters += clipped.length;
    while (this.#events.length > MAX_EVENTS || this.#characters > MAX_CHARACTERS) {
      this.#characters -= this.#events.shift()?.sentence.length ?? 0;
    }
  }
}
