import type { Children } from "./children";
import type { ChildrenAnswer } from "../session/requests/children-question";
import type { Timings } from "../session/timings";
import type { ReportReason } from "../session/report-reason";

/** What a watch uses of a session. */
export interface WatchedSession {
  query(cid: string, reason: ReportReason): Promise<void>;
  listChildren(): Promise<ChildrenAnswer>;
}

export interface ChildWatchOptions {
  readonly children: Children;
  readonly timings: Timings;
  /** The online state of a sub-device has changed. */
  readonly changed: () => void;
  /** A sub-device could not be read. */
  readonly failed: (cid: string, error: unknown) => void;
}

/**
 * Watches the sub-devices behind a gateway that are followed. Reads each of them when a connection begins, one after the
 * other, so that commands can be sent in between. Asks regularly which of them are online, because gateways do not report
 * every change by themselves. It has two timers, however many sub-devices there are.
 */
export class ChildWatch {
  readonly #options: ChildWatchOptions;
  #session: WatchedSession | undefined;
  /** Sub-devices to read, in order. */
  readonly #unread = new Set<string>();
  #isReading = false;
  #gapTimer: NodeJS.Timeout | undefined;
  #listTimer: NodeJS.Timeout | undefined;
  /** The outcome of asking for the list on this connection; undefined = not asked yet. */
  #answer: ChildrenAnswer | undefined;
  #listedAt = -Infinity;

  constructor(options: ChildWatchOptions) {
    this.#options = options;
  }

  /** A connection begins. */
  start(session: WatchedSession): void {
    this.stop();
    this.#session = session;
    const { children } = this.#options;
    children.restart(performance.now());
    const followed = children.followed();
    if (followed.length === 0) return;
    void this.list();
    for (const cid of followed) this.#unread.add(cid);
    this.#watch();
  }

  /** The connection is over. */
  stop(): void {
    this.#session = undefined;
    this.#unread.clear();
    this.#isReading = false;
    this.#answer = undefined;
    this.#listedAt = -Infinity;
    clearTimeout(this.#gapTimer);
    clearInterval(this.#listTimer);
    this.#listTimer = undefined;
  }

  /** Follows a sub-device from now on; the returned function ends that. */
  follow(cid: string): () => void {
    const { children } = this.#options;
    const remove = children.add(cid, performance.now());
    if (this.#session) {
      if (children.online.get(cid) === undefined) void this.list();
      this.#unread.add(cid);
      this.#watch();
    }
    return () => {
      remove();
      if (children.followed().length > 0) return;
      clearInterval(this.#listTimer);
      this.#listTimer = undefined;
    };
  }

  /** Asks the gateway which sub-devices are online. */
  async list(): Promise<ChildrenAnswer> {
    const session = this.#session;
    if (!session) return "ended";
    const answer = await session.listChildren();
    if (session !== this.#session) return answer;
    this.#answer = answer;
    if (answer === "listed") this.#listedAt = performance.now();
    return answer;
  }

  /**
   * Whether the online states are recent enough to rely on. If not, the gateway is asked now: its answer comes before
   * that to a command sent afterwards.
   */
  isFresh(): boolean {
    if (performance.now() - this.#listedAt < 2 * this.#options.timings.childrenIntervalMs) return true;
    if (this.#answer === undefined || this.#answer === "listed") void this.list();
    return false;
  }

  #watch(): void {
    this.#listTimer ??= setInterval(() => this.#look(), this.#options.timings.childrenIntervalMs);
    if (!this.#isReading) void this.#readNext();
  }

  /** The time to ask again has come. */
  #look(): void {
    const { children, timings, changed } = this.#options;
    if (this.#answer === "listed" && children.judgeAbsent(performance.now(), timings.absentAfterMs))
      changed();
    // A gateway that has just booted may be silent; one that refuses goes on refusing.
    if (this.#answer !== "refused" && this.#answer !== "unsupported") void this.list();
    // A gateway that has just booted may not know its sub-devices yet, and a wrong id may be paired one day.
    for (const cid of children.followed()) if (children.unknown.has(cid)) this.#unread.add(cid);
    if (!this.#isReading) void this.#readNext();
  }

  async #readNext(): Promise<void> {
    const session = this.#session;
    const [cid] = this.#unread;
    if (!session || cid === undefined) return;
    this.#unread.delete(cid);
    this.#isReading = true;
    await this.#read(session, cid);
    // There may be another connection by now, which has started reading from the beginning.
    if (session !== this.#session) return;
    this.#gapTimer = setTimeout(() => {
      this.#isReading = false;
      void this.#readNext();
    }, this.#options.timings.childGapMs);
  }

  /** A sub-device that refuses or stays silent is no error here: whoever uses it gets one. */
  async #read(session: WatchedSession, cid: string): Promise<void> {
    const { children, failed } = this.#options;
    if (!children.followed().includes(cid)) return;
    await session.query(cid, "initial").catch((error: unknown) => failed(cid, error));
  }
}
