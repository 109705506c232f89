import type { NodeAPI } from "node-red";
import { SILENT, type Logger } from "../../../src/logger";
import type { AcquireDevice } from "../../link/direct-link";
import { canHear, type ShareDiscovery } from "../../runtime/discovery-share";
import { readLearnRequest } from "./learn-request";
import { Learner } from "./learner";
import { LineStream } from "../line-stream";
import { post, refuse, type Request, type Response } from "../route";
import { storedKeyUse, type UseStoredKey } from "../keys/stored-key-use";
import type { LearnLine } from "../../contract/learn";

export interface LearnOptions {
  readonly acquire: AcquireDevice;
  readonly share: ShareDiscovery;
  /** The longest time of learning, in milliseconds; default 10 minutes. */
  readonly maxMs?: number;
  /** Between two `ping` lines, in milliseconds; default 5 s. Meters are asked as often. */
  readonly tickMs?: number;
}

/** How many may learn at the same time. More than one, because a browser tab may be forgotten. */
const MAX_LEARNERS = 6;
const MAX_MS = 600_000;
const TICK_MS = 5_000;

/**
 * `POST tuya/learn` (permission `tuya.write`) tells what a device reports, line by line, until the browser hangs up or
 * the time is over. The body is that of `POST tuya/test`, with `refreshDps`. No answer contains a key. Register once per
 * load of the module.
 */
export function registerLearnRoute(RED: NodeAPI, options: LearnOptions): void {
  // Failed attempts go into the answer and not into the log.
  const logger: Logger = { ...SILENT, error: (text) => RED.log.error(text) };
  const route = new LearnRoute(options, storedKeyUse(RED, options.share), logger);
  post(RED, "/tuya/learn", "Learning from a device", (request, response) => route.learn(request, response));
}

class LearnRoute {
  readonly #options: LearnOptions;
  readonly #useStoredKey: UseStoredKey;
  readonly #logger: Logger;
  #learners = 0;

  constructor(options: LearnOptions, useStoredKey: UseStoredKey, logger: Logger) {
    this.#options = options;
    this.#useStoredKey = useStoredKey;
    this.#logger = logger;
  }

  async learn(request: Request, response: Response): Promise<void> {
    if (this.#learners >= MAX_LEARNERS) {
      return refuse(response, 429, "Too many devices are being learned from at this moment. Stop one.");
    }
    this.#learners++;
    try {
      const { acquire, share } = this.#options;
      const read = await readLearnRequest(request.body, this.#useStoredKey, () => canHear(share));
      if ("refusal" in read) return refuse(response, 400, read.refusal);
      if (response.destroyed) return;
      const lines = new LineStream<LearnLine>(response);
      const context = { acquire, share, logger: this.#logger, now: () => performance.now() };
      const learner = new Learner(read.subject, { ...context, tell: (line) => lines.write(line) });
      try {
        await this.#run(learner, lines);
      } finally {
        await learner.stop();
        lines.end();
      }
    } finally {
      this.#learners--;
    }
  }

  /** Runs until the browser is gone or reads nothing, or the time is over. */
  async #run(learner: Learner, lines: LineStream<LearnLine>): Promise<void> {
    const { maxMs = MAX_MS, tickMs = TICK_MS } = this.#options;
    let ticker: NodeJS.Timeout | undefined;
    let end: NodeJS.Timeout | undefined;
    try {
      learner.start();
      await new Promise<void>((resolve, reject) => {
        ticker = setInterval(() => {
          lines.write({ ping: true });
          try {
            learner.tick();
          } catch (error) {
            reject(error);
          }
        }, tickMs);
        end = setTimeout(() => {
          const minutes = Math.max(1, Math.round(maxMs / 60_000));
          const says = `Learning ended by itself after ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
          lines.write({ end: "time", says });
          resolve();
        }, maxMs);
        if (lines.signal.aborted) resolve();
        else lines.signal.addEventListener("abort", () => resolve());
      });
    } finally {
      clearInterval(ticker);
      clearTimeout(end);
    }
  }
}
