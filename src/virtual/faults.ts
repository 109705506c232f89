/** How often a fault strikes: always, or the next n times. */
export type Times = boolean | number;

/**
 * What can be wrong with a device or its network. Everything is off unless it is named. In contrast to a `Behaviour`, no
 * generation of firmware is always like this. Where a fault is known from real devices, it says from which; the others are
 * what networks, crashes and forgers can do.
 */
export interface Faults {
  /* --- the network --- */

  /** Closes every connection right after accepting it, as with all places taken. */
  readonly busy?: Times;
  /** Accepts and reads, but writes nothing. */
  readonly silent?: boolean;
  /** Accepts, and does nothing ever after, not even hang up. */
  readonly hangs?: boolean;
  /** Milliseconds by which everything it writes is late. */
  readonly slowMs?: number;
  /** Resets the connection (RST) instead of reading a frame. */
  readonly reset?: Times;
  /** Writes half a frame, and then nothing more on that connection. */
  readonly halfFrame?: Times;
  /** Frames written in the same turn of the event loop go out as one segment. */
  readonly coalesce?: boolean;
  /** Writes pieces of this many bytes, each by itself. */
  readonly splitBytes?: number;
  /** Writes bytes that belong to no frame before a frame. */
  readonly garbage?: Times;
  /** Writes a frame whose CRC, HMAC or tag is wrong. */
  readonly corrupt?: Times;
  /**
   * One thread for all clients, as in the firmware of 3.3 and TuyaOpen: half a frame of one client blocks all others until
   * it is whole, and until the device is restarted if that client leaves.
   */
  readonly blocking?: boolean;
  /**
   * Holds a small segment back until the client has acknowledged the one before it, up to 40 ms: TCP without NODELAY, as
   * all generations of firmware use it.
   */
  readonly delaysSegments?: boolean;
  /** Writes every frame twice. */
  readonly repeatFrames?: boolean;

  /* --- what it does with a set --- */

  /** Reads a CONTROL and does nothing. */
  readonly ignoreSet?: Times;
  /** Acknowledges a CONTROL and does nothing else. */
  readonly forgetSet?: Times;
  /** Refuses a CONTROL: `data format error`, or the text given in `refusal`. */
  readonly refuseSet?: Times;
  /** Obeys a CONTROL and resets the connection instead of answering. */
  readonly resetAfterSet?: Times;
  /** Acknowledges a CONTROL, obeys it, and closes the connection instead of reporting. */
  readonly hangUpAfterAck?: Times;
  /** Acknowledges a CONTROL late, by `lateMs`. What comes meanwhile is answered before. */
  readonly lateAck?: Times;
  /** Reports late what a CONTROL changed, by `lateMs`. */
  readonly lateReport?: Times;
  /** How late `lateAck` and `lateReport` are, in milliseconds; default 0. */
  readonly lateMs?: number;

  /* --- its answers --- */

  /**
   * Drops texts with a quotation mark, refuses those as long as the data point can hold, and reports backslashes and control
   * characters as they are, which is not JSON. Seen in the vendor's code of all generations.
   */
  readonly poorTexts?: boolean;
  /** Its clock begins at 0 when it is switched on: so do those of all generations without internet. */
  readonly noClock?: boolean;
  /** Obeys a CONTROL and reports, but does not acknowledge it. */
  readonly noAck?: Times;
  /** Acknowledges every CONTROL twice, each time with a number of its own where frames have one. */
  readonly repeatAcks?: boolean;
  /** Does not answer a heartbeat. */
  readonly noHeartbeat?: Times;
  /** Sets work but are not reported. */
  readonly noReport?: Times;
  /** Reports everything twice. */
  readonly duplicateReport?: boolean;
  /** Refuses a query with `json obj data unvalid`, or the text given in `refusal`. */
  readonly refuseQuery?: Times;
  /** The text of `refuseQuery` and `refuseSet`. */
  readonly refusal?: string;
  /** Sends refusals in clear, as some firmware up to 3.4 does. */
  readonly clearRefusal?: boolean;
  /** Answers a query with a return code and nothing else. */
  readonly emptyQuery?: Times;
  /** Does not answer a query at all. */
  readonly ignoreQuery?: Times;
  /** Does not answer queries until it was sent its first CONTROL (tinytuya issue 650; infra-red blasters). */
  readonly queryAfterControl?: boolean;
  /**
   * The device22 dialect: refuses queries, and reports the data points a CONTROL names with nulls. 3.2 to 3.4 only. Known
   * from tinytuya, where ids of 22 characters gave it its name.
   */
  readonly device22?: boolean | Device22;
  /** Its frames have no return code. */
  readonly noReturnCode?: boolean;
  /** The byte order of return codes; default: as usual in the version. */
  readonly returnCodeOrder?: "LE" | "BE";
  /** The sequence number of all its frames, for example 0x0000AA55. */
  readonly sequence?: number;
  /** Answers the first step of the negotiation twice. */
  readonly repeatNegotiation?: Times;
  /** Chooses its nonce so that the session key begins with 00: one of 256 does by chance. */
  readonly zeroSessionKey?: Times;
  /**
   * Reports all data points before the negotiation and in the middle of it, under the local key. TuyaOpen of 2025 does so
   * when a value changes at that moment.
   */
  readonly earlyReport?: boolean;
  /** How many sub-devices a frame with their online states names; default: all. Real gateways spread them over frames. */
  readonly childrenPerFrame?: number;
  /** By cid: milliseconds by which answers about a sub-device are late. What is asked meanwhile is answered before. */
  readonly slowChildren?: Readonly<Record<string, number>>;
  /**
   * What a gateway does after it has answered a query for a sub-device from memory: asks the sub-device and reports what
   * that says, marked as fetched. "alone": it does not answer from memory at all.
   */
  readonly fetchesChildren?: boolean | "alone";
  /** Answers a query for a sub-device by an ordinary report, and not otherwise. */
  readonly reportsQueried?: boolean;
  /** Does not answer the question which sub-devices are online, and tells of none by itself. */
  readonly noChildList?: boolean;
}

/** How a device of the device22 dialect takes nulls. */
export interface Device22 {
  /** Reports only the first of the data points asked for (tinytuya issue 190). */
  readonly oneByOne?: boolean;
  /** Obeys the nulls as well: they switch things off. Dimmers and shutters in the field do. */
  readonly nullsActuate?: boolean;
}

/** The names of faults that strike a number of times. */
type Counted = {
  [K in keyof Faults]-?: Exclude<Faults[K], undefined> extends Times
    ? Times extends Exclude<Faults[K], undefined>
      ? K
      : never
    : never;
}[keyof Faults];

/** The faults of a device as they stand, counting down those that strike a limited number of times. */
export class FaultState {
  #faults: Faults;
  readonly #left = new Map<string, number>();

  constructor(faults: Faults = {}) {
    this.#faults = faults;
    this.replace(faults);
  }

  /** The faults as they were set, with the numbers of times not counted down. */
  get current(): Faults {
    return this.#faults;
  }

  /** Sets all faults, and begins to count anew. */
  replace(faults: Faults): void {
    this.#faults = { ...faults };
    this.#left.clear();
    for (const [name, times] of Object.entries(faults)) {
      if (typeof times === "number") this.#left.set(name, times);
    }
  }

  /** Whether the fault strikes now; if it does, one of its times is used up. */
  strikes(name: Counted): boolean {
    const times = this.#faults[name];
    if (typeof times !== "number") return times === true;
    const left = this.#left.get(name) ?? 0;
    if (left > 0) this.#left.set(name, left - 1);
    return left > 0;
  }

  /** The device22 dialect; undefined if the device does not speak it. */
  get device22(): Device22 | undefined {
    const { device22 } = this.#faults;
    return device22 === true ? {} : device22 || undefined;
  }
}
