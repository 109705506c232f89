import type { Logger } from "../../src/logger";

/** The parts of a node that logging needs. */
export interface LogTarget {
  error(text: string): void;
  warn(text: string): void;
  log(text: string): void;
  debug(text: string): void;
  trace(text: string): void;
}

const LEVELS: readonly string[] = ["off", "fatal", "error", "warn", "info", "debug", "trace"];

/**
 * Whether a logger in `settings.js` writes this level. Node-RED does not tell, and texts that are not written should not
 * be made.
 */
export function writesLevel(logging: unknown, level: "debug" | "trace"): boolean {
  const loggers: readonly unknown[] =
    typeof logging === "object" && logging !== null ? Object.values(logging) : [];
  return loggers.some(
    (logger) =>
      typeof logger === "object" &&
      logger !== null &&
      "level" in logger &&
      LEVELS.indexOf(String(logger.level)) >= LEVELS.indexOf(level),
  );
}

/** A logger for the layers below Node-RED that writes into Node-RED's log, under the name of a node. */
class NodeLogger implements Logger {
  readonly #node: LogTarget;
  readonly #debugs: boolean;
  readonly #traces: boolean;

  constructor(node: LogTarget, logging: unknown) {
    this.#node = node;
    this.#debugs = writesLevel(logging, "debug");
    this.#traces = writesLevel(logging, "trace");
  }

  error(text: string): void {
    this.#node.error(text);
  }

  warn(text: string): void {
    this.#node.warn(text);
  }

  info(text: string): void {
    this.#node.log(text);
  }

  debug(text: () => string): void {
    if (this.#debugs) this.#node.debug(text());
  }

  trace(text: () => string): void {
    if (this.#traces) this.#node.trace(text());
  }
}

/** A logger that writes into Node-RED's log. @param logging the property `logging` of `settings.js` */
export function createNodeLogger(node: LogTarget, logging: unknown): Logger {
  return new NodeLogger(node, logging);
}
