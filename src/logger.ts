/**
 * Where the library logs. `debug` and `trace` take a function, which is to be called only if the text is wanted. No text
 * contains a key.
 */
export interface Logger {
  error(text: string): void;
  warn(text: string): void;
  info(text: string): void;
  debug(text: () => string): void;
  trace(text: () => string): void;
}

/** Logs nothing. */
export const SILENT: Logger = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  trace() {},
};
