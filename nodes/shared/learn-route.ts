import type { NodeAPI } from "node-red";
import { SILENT, type Logger } from "../../src/logger";
import type { AcquireDevice } from "./direct-link";
import type { ShareDiscovery } from "./discovery-share";
import type { LearnLine } from "./learn-line";
import { readLearnRequest } from "./learn-request";
import { Learner } from "./learner";
import { storedKeys, type StoredKey } from "./stored-key";

type Handler = Parameters<NodeAPI["httpAdmin"]["post"]>[1];
type Request = Parameters<Extract<Handler, (...args: never[]) => unknown>>[0];
type Response = Parameters<Extract<Handler, (...args: never[]) => unknown>>[1];

export interface LearnOptions {
  readonly acquire: AcquireDevice;
  readonly share: ShareDiscovery;
  /** How long it goes on at most, in milliseconds; default 10 minutes. */
  readonly maxMs?: number;
  /** Between two signs of life, in milliseconds; default 5 s. Meters are asked as often. */
  readonly tickMs?: number;
}

/** Those who may learn at the same time: a tab that was forgotten is not to keep others from it. */
const MAX_LEARNERS = 6;
const MAX_MS = 600_000;
const TICK_MS = 5_000;
/** A browser that takes nothing for so long is gone: what a device says must not pile up here. */
const MAX_UNSENT = 256 * 1024;

/**
 * `POST tuya/learn` (permission `tuya.write`) tells what a device reports, line by line, until the browser hangs up or the
 * time is over; the body is that of `POST tuya/test`, with `refreshDps`. No answer contains a key. Register once per load
 * of the module.
 */
export function registerLearnRoute(RED: NodeAPI, options: LearnOptions): void {
  const { httpAdmin, auth, log } = RED;
  // Failed attempts are told to whoever learns, and are no business of the log.
  const logger: Logger = { ...SILENT, error: (text) => log.error(text) };
  const route = new LearnRoute(options, storedKeys(RED), logger);
  httpAdmin.post("/tuya/learn", auth.needsPermission("tuya.write"), (request, response) => {
    route.learn(request, response).catch((error: unknown) => {
      log.error(
        `Learning from a Tuya device failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      response.end();
    });
  });
}

class LearnRoute {
  readonly #options: LearnOptions;
  readonly #storedKey: StoredKey;
  readonly #logger: Logger;
  #learners = 0;

  constructor(options: LearnOptions, storedKey: StoredKey, logger: Logger) {
    this.#options = options;
    this.#storedKey = storedKey;
    this.#logger = logger;
  }

  async learn(request: Request, response: Response): Promise<void> {
    if (this.#learners >= MAX_LEARNERS) {
      return refuse(
        response,
        429,
        "Too many devices are being learned from at this moment. Stop one of them.",
      );
    }
    this.#learners++;
    try {
      const read = await readLearnRequest(request.body, this.#storedKey, () => this.#canHear());
      if ("refusal" in read) return refuse(response, 400, read.refusal);
      if (response.destroyed) return;
      const lines = new LineStream(response);
      const { acquire, share } = this.#options;
      const context = { acquire, share, logger: this.#logger, now: () => performance.now() };
      const learner = new Learner(read.subject, { ...context, tell: (line) => lines.write(line) });
      try {
        await this.#run(learner, lines);
      } finally {
        await learner.stop();
        response.end();
      }
    } finally {
      this.#learners--;
    }
  }

  /** Until the browser has gone, the time is over, or nobody takes what is written. */
  async #run(learner: Learner, lines: LineStream): Promise<void> {
    const { maxMs = MAX_MS, tickMs = TICK_MS } = this.#options;
    let ticker: NodeJS.Timeout | undefined;
    let end: NodeJS.Timeout | undefined;
    try {
      learner.start();
      await new Promise<void>((resolve) => {
        ticker = setInterval(() => {
          lines.write({ ping: true });
          learner.tick();
        }, tickMs);
        end = setTimeout(() => {
          const minutes = Math.max(1, Math.round(maxMs / 60_000));
          const says = `Learning ended by itself after ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
          lines.write({ end: "time", says });
          resolve();
        }, maxMs);
        lines.onGone(resolve);
      });
    } finally {
      clearInterval(ticker);
      clearTimeout(end);
    }
  }

  #canHear(): boolean {
    const share = this.#options.share();
    share?.release();
    return share !== undefined;
  }
}

/** An answer of one JSON object a line, as long as somebody takes it. */
class LineStream {
  readonly #response: Response;

  constructor(response: Response) {
    this.#response = response;
    response.status(200).type("application/x-ndjson").set("Cache-Control", "no-store, no-transform");
    response.flushHeaders();
  }

  write(line: LearnLine): void {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return;
    if (response.writableLength > MAX_UNSENT) {
      response.destroy();
      return;
    }
    response.write(`${JSON.stringify(line)}\n`);
  }

  /** Calls `listener` once nobody takes anything any more. */
  onGone(listener: () => void): void {
    if (this.#response.destroyed) listener();
    else this.#response.on("close", listener);
  }
}

function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ message });
}
