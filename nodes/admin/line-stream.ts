import type { Response } from "./route";

/**
 * The most characters that are waiting to be sent. A browser that reads no more counts as gone, so that lines do not pile
 * up here.
 */
const MAX_UNSENT = 256 * 1024;

/** An HTTP answer of JSON objects, one a line. Each is sent at once, until the browser hangs up or reads no more. */
export class LineStream<Line extends object> {
  readonly #response: Response;
  readonly #gone = new AbortController();

  /** Begins the answer. */
  constructor(response: Response) {
    this.#response = response;
    if (response.destroyed) this.#gone.abort();
    else response.on("close", () => this.#gone.abort());
    response.status(200).type("application/x-ndjson").set("Cache-Control", "no-store, no-transform");
    response.flushHeaders();
  }

  /** Aborted when the browser has hung up or reads no more. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Writes a line; does nothing after `signal` is aborted. */
  write(line: Line): void {
    const response = this.#response;
    if (this.signal.aborted || response.writableEnded) return;
    if (response.writableLength > MAX_UNSENT) response.destroy();
    else response.write(`${JSON.stringify(line)}\n`);
  }

  end(): void {
    this.#response.end();
  }
}
