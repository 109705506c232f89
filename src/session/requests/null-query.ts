import type { Report } from "../../protocol/report";
import type { Answer, Exchange } from "./exchange";
import type { Timings } from "../timings";
import type { ReportReason } from "../report-reason";

/** Old firmware takes bodies up to 255 bytes: about ten data points. */
const DPS_PER_REQUEST = 10;
/**
 * Some firmware does not answer if none of the data points asked for exists; this one nearly always exists. It is asked
 * for only once: other firmware reports only the first one, and would never report the others.
 */
const FIRST_ASKED = "1";

export interface NullQueryOptions {
  readonly exchange: Exchange;
  readonly dps: readonly string[];
  readonly timings: Timings;
}

/**
 * The query of device22 devices: a CONTROL_NEW with nulls, acknowledged empty; the values follow in STATUS frames, on
 * some firmware one data point at a time. Asks again for missing data points as long as that brings some.
 */
export class NullQuery {
  readonly #options: NullQueryOptions;
  readonly #missing = new Set<string>();
  #running: Promise<Answer> | undefined;
  #reason: ReportReason | undefined;
  /** Ends the wait for reports, or extends it a little. */
  #noteProgress: (() => void) | undefined;

  constructor(options: NullQueryOptions) {
    this.#options = options;
  }

  /** Asks for all data points. A second caller shares a query that is running. */
  run(reason: ReportReason): Promise<Answer> {
    this.#reason ??= reason;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      this.#reason = undefined;
    });
    return this.#running;
  }

  /** Why a STATUS came: as an answer to the running query, or undefined when by itself. */
  reasonOf({ numbers, cid }: Report): ReportReason | undefined {
    if (!this.#reason || cid !== undefined) return undefined;
    for (const dp of numbers) this.#missing.delete(dp);
    this.#noteProgress?.();
    return this.#reason;
  }

  /** The connection is over. */
  end(): void {
    this.#missing.clear();
    this.#noteProgress?.();
  }

  async #run(): Promise<Answer> {
    const open = [...new Set([FIRST_ASKED, ...this.#options.dps])];
    let answer: Answer;
    do {
      const asked = open.splice(0, DPS_PER_REQUEST);
      for (const dp of asked) this.#missing.add(dp);
      answer = await this.#askFor(asked);
      if (answer.kind !== "answered" || answer.body.kind === "text") break;
      await this.#reports(this.#missing.size < asked.length);
      // Some of them came, so the others may exist, too: asks again.
      if (this.#missing.size < asked.length) open.unshift(...this.#missing);
      this.#missing.clear();
    } while (open.length > 0);
    this.#missing.clear();
    return answer;
  }

  #askFor(dps: readonly string[]): Promise<Answer> {
    return new Promise((done) =>
      this.#options.exchange.ask({ request: () => ({ kind: "query-with-nulls", dps }), done }),
    );
  }

  /** Waits until all are reported, or a moment after the last report: what is missing then does not come by itself. */
  #reports(hasBegun: boolean): Promise<void> {
    const { reportTimeoutMs, ackGraceMs } = this.#options.timings;
    if (this.#missing.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#noteProgress = undefined;
        resolve();
      };
      let timer = setTimeout(finish, hasBegun ? ackGraceMs : reportTimeoutMs);
      this.#noteProgress = () => {
        clearTimeout(timer);
        if (this.#missing.size === 0) finish();
        else timer = setTimeout(finish, ackGraceMs);
      };
    });
  }
}
