/** Where the layers below Node-RED write. `debug` and `trace` take a function, so that texts nobody reads cost nothing. */
export interface Logger {
  error(text: string): void;
  warn(text: string): void;
  info(text: string): void;
  debug(text: () => string): void;
  trace(text: () => string): void;
}

export const SILENT: Logger = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  trace() {},
};
