import type { Logger } from "../../src/logger";

/** What logging needs of a node. */
export interface LogTarget {
  error(text: string): void;
  warn(text: string): void;
  log(text: string): void;
  debug(text: string): void;
  trace(text: string): void;
}

const LEVELS: readonly string[] = ["off", "fatal", "error", "warn", "info", "debug", "trace"];

/** Whether any logger of `settings.js` writes this level. Node-RED does not say, and texts nobody reads should cost nothing. */
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

/** Lets the layers below Node-RED write into its log, under the name of a node. */
export function createNodeLogger(node: LogTarget, logging: unknown): Logger {
  const debugs = writesLevel(logging, "debug");
  const traces = writesLevel(logging, "trace");
  return {
    error: (text) => node.error(text),
    warn: (text) => node.warn(text),
    info: (text) => node.log(text),
    debug: (text) => debugs && node.debug(text()),
    trace: (text) => traces && node.trace(text()),
  };
}
