/** Why a text could not be read. `reason` never quotes the text: there are keys in it. */
export interface LiteralFailure {
  readonly ok: false;
  /** Counted from 1. */
  readonly line: number;
  /** The reason, as the end of a sentence: "… is missing". */
  readonly reason: string;
}

/** The value that was read, or why there is none. */
export type LiteralResult =
  /** `end`: the offset in the text at which it goes on behind the value. */
  { readonly ok: true; readonly value: unknown; readonly end: number } | LiteralFailure;

/** Deeper than any list of devices, but not too deep for the stack. */
const MAX_DEPTH = 64;

const BLANK = /(?:[\s\u200b]+|\/\/[^\n\r]*|\/\*[^]*?\*\/)*/y;
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$-]*/uy;
const NUMBER = /[+-]?(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)n?/y;
const PLAIN = /[^\\'"`\n\r]+/y;
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
};

/** Words for values, of JavaScript and of Python. */
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["null", null],
  ["None", null],
  ["undefined", undefined],
  ["NaN", NaN],
  ["Infinity", Infinity],
]);

/** What a console prints in place of nested objects: `[Object]`. */
const ELIDED_WORDS: readonly string[] = ["Object", "Array", "Circular", "Function"];
const ELIDED = "something was left out when the list was printed; print all of it";

/**
 * Reads one value written as JSON, or as a JavaScript or Python literal: bare keys, single quotes, trailing commas,
 * comments, texts joined by `+`. A whole number whose digits JavaScript would change is returned as the text of its digits.
 * Nothing is ever evaluated. Time and memory are linear in the text.
 *
 * @param start offset in the text at which the value begins, or blanks and comments before it
 */
export function readLiteral(text: string, start = 0): LiteralResult {
  const reader = new Reader(text, start);
  try {
    return { ok: true, value: reader.value(0), end: reader.position };
  } catch (error) {
    if (error instanceof Failure)
      return { ok: false, line: lineAt(text, error.position), reason: error.reason };
    throw error;
  }
}

/** Which line a position is in, counted from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split(/\r\n|\r|\n/).length;
}

/** Stays within this file: it carries a failure out of the recursion. */
class Failure extends Error {
  readonly position: number;
  readonly reason: string;

  constructor(position: number, reason: string) {
    super(reason);
    this.position = position;
    this.reason = reason;
  }
}

class Reader {
  readonly #text: string;
  #position: number;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#position = start;
  }

  get position(): number {
    return this.#position;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw this.#failure("it is nested too deeply for a list of devices");
    this.#skipBlanks();
    const next = this.#text[this.#position];
    switch (next) {
      case undefined:
        throw this.#failure("the text ends too early");
      case "{":
        return this.#object(depth);
      case "[":
        return this.#list(depth);
      case '"':
      case "'":
      case "`":
        return this.#joined();
      default:
        return this.#bare();
    }
  }

  #object(depth: number): object {
    const opened = this.#position++;
    const object: Record<string, unknown> = {};
    while (!this.#closes("}", opened)) {
      const name = this.#name();
      this.#skipBlanks();
      if (this.#text[this.#position] !== ":") throw this.#failure('a ":" is missing behind a name');
      this.#position++;
      const value = this.value(depth + 1);
      // `__proto__` would change the prototype; a field that is undefined is left out.
      if (name !== "__proto__" && value !== undefined) object[name] = value;
      this.#comma("}", opened);
    }
    return object;
  }

  #list(depth: number): unknown[] {
    const opened = this.#position++;
    const list: unknown[] = [];
    while (!this.#closes("]", opened)) {
      list.push(this.value(depth + 1));
      this.#comma("]", opened);
    }
    return list;
  }

  #closes(bracket: "}" | "]", opened: number): boolean {
    this.#skipBlanks();
    this.#refuseEnd(bracket, opened);
    if (this.#text[this.#position] !== bracket) return false;
    this.#position++;
    return true;
  }

  /** A comma, or nothing where the bracket follows. */
  #comma(bracket: "}" | "]", opened: number): void {
    this.#skipBlanks();
    this.#refuseEnd(bracket, opened);
    const next = this.#text[this.#position];
    if (next === ",") this.#position++;
    else if (next !== bracket) throw this.#failure(`a "," or "${bracket}" is missing`);
  }

  #refuseEnd(bracket: "}" | "]", opened: number): void {
    if (this.#position < this.#text.length) return;
    const line = lineAt(this.#text, opened);
    throw this.#failure(`the text ends before the "${bracket}" that belongs to line ${line}`);
  }

  #name(): string {
    const next = this.#text[this.#position];
    if (next === '"' || next === "'" || next === "`") return this.#string(next);
    const word = this.#match(WORD) ?? this.#match(NUMBER);
    if (word === undefined) throw this.#failure(this.#elided() ?? "a name is missing");
    return word;
  }

  /** Long texts are printed in pieces: 'one ' + 'two'. */
  #joined(): string {
    let joined = "";
    for (;;) {
      const quote = this.#text[this.#position];
      if (quote !== '"' && quote !== "'" && quote !== "`")
        throw this.#failure('a text is missing behind a "+"');
      joined += this.#string(quote);
      const end = this.#position;
      this.#skipBlanks();
      if (this.#text[this.#position] !== "+") {
        this.#position = end;
        return joined;
      }
      this.#position++;
      this.#skipBlanks();
    }
  }

  #string(quote: '"' | "'" | "`"): string {
    const opened = this.#position++;
    const parts: string[] = [];
    for (;;) {
      parts.push(this.#match(PLAIN) ?? "");
      const next = this.#text[this.#position++];
      if (next === quote) return parts.join("");
      if (next === "\\") parts.push(this.#escape());
      else if (next === undefined || (quote !== "`" && (next === "\n" || next === "\r"))) {
        throw new Failure(opened, `a text that begins here has no closing ${quote}`);
      } else parts.push(next);
    }
  }

  #escape(): string {
    const letter = this.#text[this.#position++];
    if (letter === undefined) throw this.#failure("the text ends too early");
    if (letter === "\r" && this.#text[this.#position] === "\n") this.#position++;
    if (letter === "\n" || letter === "\r") return "";
    if (letter !== "u" && letter !== "x") return ESCAPES[letter] ?? letter;
    const digits = this.#match(letter === "x" ? /[\da-fA-F]{2}/y : /[\da-fA-F]{4}|\{[\da-fA-F]{1,6}\}/y);
    const code = digits === undefined ? NaN : parseInt(digits.replace(/[{}]/g, ""), 16);
    if (!(code <= 0x10ffff)) throw this.#failure("a character is written in a way that means nothing");
    return digits?.startsWith("{") ? String.fromCodePoint(code) : String.fromCharCode(code);
  }

  #bare(): unknown {
    const start = this.#position;
    const number = this.#match(NUMBER);
    if (number !== undefined && this.#match(WORD) === undefined) return numberOf(number);
    this.#position = start;
    const word = this.#match(WORD);
    if (word !== undefined && WORDS.has(word)) return WORDS.get(word);
    this.#position = start;
    if (word !== undefined && ELIDED_WORDS.includes(word)) throw this.#failure(ELIDED);
    throw this.#failure(this.#elided() ?? "there is something that is no value; texts need quotes");
  }

  /** What a console prints in place of what it leaves out. */
  #elided(): string | undefined {
    return /^(?:\.\.\. ?\d+ more|…|\.\.\.)/.test(this.#text.slice(this.#position, this.#position + 20))
      ? ELIDED
      : undefined;
  }

  #skipBlanks(): void {
    this.#match(BLANK);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text)?.[0];
    if (match !== undefined) this.#position += match.length;
    return match;
  }

  #failure(reason: string): Failure {
    return new Failure(this.#position, reason);
  }
}

/** The value of a number; its digits as a text if they would change: old device ids may consist of digits only. */
function numberOf(text: string): number | string {
  const digits = text.replace(/n$/, "");
  const number = Number(digits);
  return /^\d+$/.test(digits) && String(number) !== digits ? digits : number;
}
