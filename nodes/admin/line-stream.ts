import type { Response } from "./route";

/** Characters a browser may leave lying: one that takes nothing is gone, and what a device says must not pile up here. */
const MAX_UNSENT = 256 * 1024;

/** An answer of one JSON object a line, each sent at once, as long as somebody takes them. */
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

  /** Aborted once nobody takes anything any more. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Does nothing once nobody takes it. */
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
