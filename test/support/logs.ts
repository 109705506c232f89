import type { Logger } from "../../src/logger";

/** A logger that keeps every line of every level; `debug` and `trace` texts are always written. */
export class Logs implements Logger {
  readonly lines: { readonly level: keyof Logger; readonly text: string }[] = [];

  error(text: string): void {
    this.lines.push({ level: "error", text });
  }

  warn(text: string): void {
    this.lines.push({ level: "warn", text });
  }

  info(text: string): void {
    this.lines.push({ level: "info", text });
  }

  debug(text: () => string): void {
    this.lines.push({ level: "debug", text: text() });
  }

  trace(text: () => string): void {
    this.lines.push({ level: "trace", text: text() });
  }

  of(level: keyof Logger): string[] {
    return this.lines.filter((line) => line.level === level).map(({ text }) => text);
  }
}
