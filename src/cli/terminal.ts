/** The part of a stream that colours and the line of progress need. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** Puts colours, or bold and dim letters, around a text. */
export type Paint = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

/** Colours for a stream; none if it is no terminal, or if NO_COLOR is set (no-color.org). */
export function paintFor(output: Output, env: Environment = process.env): Paint {
  const isPlain = !output.isTTY || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const painter =
    (code: number) =>
    (text: string): string =>
      isPlain ? text : `\u001b[${code}m${text}\u001b[0m`;
  return {
    bold: painter(CODES.bold),
    dim: painter(CODES.dim),
    red: painter(CODES.red),
    green: painter(CODES.green),
    yellow: painter(CODES.yellow),
  };
}

/** A line that says what the program waits for, and is removed afterwards. Only on a terminal. */
export class Progress {
  readonly #output: Output;
  #isShown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  show(text: string): void {
    if (!this.#output.isTTY) return;
    this.#output.write(`\r\u001b[2K${text}`);
    this.#isShown = true;
  }

  /** To be called before anything else is written. */
  clear(): void {
    if (this.#isShown) this.#output.write("\r\u001b[2K");
    this.#isShown = false;
  }
}

/** Makes a text from elsewhere safe for a terminal. */
export { visible as plain } from "../protocol/foreign-text";

/** Rows as lines of aligned columns, the first row being the head. The last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, width(cell));
    });
  return rows.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd(),
  );
}

/** Characters as people count them. */
function width(text: string): number {
  return Array.from(text).length;
}
