import type { ErrorCode, TuyaError } from "../../src/errors";
import { type LinkState, troubleOf } from "./link-state";

/**
 * The events of a device since Node-RED was started. There is one for each `tuya-device` node, kept over deploys. It is
 * bounded: the log by itself, the rest by the number of error codes.
 */
export class LinkHistory {
  readonly log = new EventLog();
  /** Made when it is needed. */
  #drops: Map<ErrorCode, number> | undefined;
  #state: LinkState = { kind: "idle" };
  #since = Date.now();
  #connects = 0;
  #error: TuyaError | undefined;
  #ip: string | undefined;
  #version: string | undefined;

  /**
   * When the device entered its present state, in milliseconds since 1970. Attempts in between do not count as another
   * state.
   */
  get since(): number {
    return this.#since;
  }

  get connects(): number {
    return this.#connects;
  }

  /** How many connections were lost, by error code, without those ended on purpose. */
  get drops(): ReadonlyMap<ErrorCode, number> {
    return this.#drops ?? NONE;
  }

  /**
   * Why the device is not connected, kept during further attempts until one succeeds or no connection is wanted. Or why
   * it cannot be read.
   */
  get error(): TuyaError | undefined {
    return this.#error;
  }

  /** The address last used. */
  get ip(): string | undefined {
    return this.#ip;
  }

  /** The version last measured. */
  get version(): string | undefined {
    return this.#version;
  }

  /** The device entered a state. */
  observe(state: LinkState): void {
    const previous = this.#state;
    const trouble = troubleOf(state);
    if (previous.kind !== state.kind || trouble?.code !== troubleOf(previous)?.code) this.#since = Date.now();
    this.#state = state;
    // Without an error it was ended on purpose, or a battery device went to sleep.
    if (previous.kind === "ready" && trouble && !isGatewayStopped(state)) {
      this.#drops ??= new Map();
      this.#drops.set(trouble.code, (this.#drops.get(trouble.code) ?? 0) + 1);
    }
    if (state.kind === "ready") {
      if (previous.kind !== "ready") this.#connects += 1;
      this.#ip = state.ip;
      this.#version = state.version;
    }
    if (trouble) this.#error = trouble;
    else if (state.kind === "ready") this.#error = state.refusal;
    else if (!isAttempt(state)) this.#error = undefined;
    const sentence = sentenceOf(state, previous);
    if (sentence !== undefined) this.log.add(sentence);
  }
}

const NONE: ReadonlyMap<ErrorCode, number> = new Map();

/** Whether the device is being connected to. */
function isAttempt({ kind }: LinkState): boolean {
  return kind === "searching" || kind === "connecting" || kind === "checking";
}

/** The sentence about a state; undefined for attempts, of which only the result counts. */
function sentenceOf(state: LinkState, previous: LinkState): string | undefined {
  switch (state.kind) {
    case "ready":
      return readySentence(state, previous);
    case "asleep":
      return "It is asleep.";
    case "searching":
      return "Its address is not known: waiting until it announces itself.";
    case "idle":
      return previous.kind === "idle"
        ? undefined
        : "The connection was ended: by a message, or because no node uses the device.";
    case "closed":
      return "The node was stopped: by a deploy, or with Node-RED.";
    case "connecting":
    case "checking":
      return undefined;
    case "noDevice":
    case "notConfigured":
    case "childOffline":
    case "gatewayOffline":
    case "waiting":
      return isGatewayStopped(state)
        ? "Its gateway was stopped: by a deploy, or with Node-RED."
        : state.error.message;
  }
}

/** Whether a sub-device is without its gateway because that was ended on purpose. */
function isGatewayStopped(state: LinkState): boolean {
  return state.kind === "gatewayOffline" && state.error.code === "CLOSED";
}

function readySentence(
  { ip, version, keyProven, refusal }: LinkState & { kind: "ready" },
  previous: LinkState,
): string {
  if (refusal) return refusal.message;
  if (previous.kind === "ready" && previous.refusal) return "It can be read now.";
  if (previous.kind === "ready" && keyProven && !previous.keyProven) return "What it sends proves the key.";
  const proof = keyProven ? "" : "; nothing proves the key yet";
  // Not a template: V8 keeps what that makes as a tree of its parts, three times as large, and the log keeps the sentence.
  return ["Connected at ", ip, ", protocol ", version, proof, "."].join("");
}

/** An event, as a sentence. Times are milliseconds since 1970. */
interface LoggedEvent {
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
class EventLog {
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
