/**
 * The few forms of Jinja that are emitted, as Home Assistant evaluates them: `value` is the text that arrived, `value_json`
 * what it says as JSON. Throws for any other form: a new one is to be looked up first.
 */
export function render(template: string, value: unknown): string {
  const variables = new Map<string, unknown>([["value", value]]);
  if (typeof value === "string") {
    try {
      variables.set("value_json", JSON.parse(value));
    } catch {
      // No JSON: `value_json` is not defined.
    }
  }
  const chosen = template.replace(
    /^\{% if (.+?) %\}(.*)\{% else %\}(.*)\{% endif %\}$/s,
    (_all, condition: string, yes: string, no: string) =>
      truth(new Expression(condition, variables).evaluate()) ? yes : no,
  );
  return chosen.replaceAll(/\{\{((?:'(?:[^'\\]|\\.)*'|[^'])*?)\}\}/g, (_all, source: string) =>
    shown(new Expression(source, variables).evaluate()),
  );
}

/** What Jinja calls undefined; nothing may be asked of it but whether it is. */
const UNDEFINED = Symbol("undefined");

function shown(value: unknown): string {
  if (value === UNDEFINED) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new Error(`Not a value to show: ${JSON.stringify(value)}`);
}

const TOKEN = /\s*('(?:[^'\\]|\\.)*'|\d+|[a-z_]+|==|[.,:|()[\]{}])/iy;

class Expression {
  readonly #tokens: string[] = [];
  readonly #variables: ReadonlyMap<string, unknown>;
  #at = 0;

  constructor(source: string, variables: ReadonlyMap<string, unknown>) {
    this.#variables = variables;
    TOKEN.lastIndex = 0;
    const text = source.trimEnd();
    while (TOKEN.lastIndex < text.length) {
      const match = TOKEN.exec(text);
      if (!match?.[1]) throw new Error(`A form of Jinja that is not known: ${source}`);
      this.#tokens.push(match[1]);
    }
  }

  evaluate(): unknown {
    const value = this.#choice();
    if (this.#at < this.#tokens.length) throw this.#unknown();
    return value;
  }

  /** `a if b else c`; without an else nothing. */
  #choice(): unknown {
    const start = this.#at;
    // Jinja does not look at what it does not choose; here it may be of something undefined.
    this.#skipTo("if");
    if (this.#peek() !== "if") {
      this.#at = start;
      return this.#comparison();
    }
    this.#at += 1;
    const isMet = truth(this.#comparison());
    const isElse = this.#peek() === "else";
    const end = this.#at;
    if (isMet) {
      this.#at = start;
      const value = this.#comparison();
      this.#at = isElse ? end + 1 : end;
      if (isElse) this.#skipTo(")");
      return value;
    }
    if (!isElse) return UNDEFINED;
    this.#at = end + 1;
    return this.#choice();
  }

  #comparison(): unknown {
    const left = this.#filtered();
    if (this.#take("==")) return left === this.#filtered();
    if (this.#take("in")) {
      const list = this.#filtered();
      if (!Array.isArray(list)) throw this.#unknown();
      return list.includes(left);
    }
    if (!this.#take("is")) return left;
    this.#expect("defined");
    return left !== UNDEFINED;
  }

  #filtered(): unknown {
    let value = this.#member();
    while (this.#take("|")) value = this.#filter(this.#next(), value);
    return value;
  }

  #filter(name: string, value: unknown): unknown {
    const argument = this.#take("(") ? this.#filtered() : undefined;
    if (argument !== undefined) this.#expect(")");
    if (name === "int" && argument === undefined) return Math.trunc(Number(value));
    if (name === "tojson" && argument === undefined) return JSON.stringify(value);
    if (name === "default" && argument !== undefined) return value === UNDEFINED ? argument : value;
    if (name === "join" && typeof argument === "string" && Array.isArray(value)) return value.join(argument);
    throw this.#unknown();
  }

  #member(): unknown {
    let value = this.#primary();
    for (;;) {
      if (this.#take(".")) value = fieldOf(value, this.#next());
      else if (this.#peek() === "[" && this.#tokens[this.#at + 1] === ":") {
        this.#at += 2;
        const length = Number(this.#next());
        this.#expect("]");
        if (typeof value !== "string") throw this.#unknown();
        value = value.slice(0, length);
      } else if (this.#take("[")) {
        value = itemOf(value, this.#filtered());
        this.#expect("]");
      } else return value;
    }
  }

  #primary(): unknown {
    const token = this.#next();
    if (token.startsWith("'")) return unquoted(token);
    if (/^\d/.test(token)) return Number(token);
    if (token === "(") {
      const value = this.#choice();
      this.#expect(")");
      return value;
    }
    if (token === "[") return this.#items("]", () => this.#filtered());
    if (token === "{") {
      const entries = this.#items("}", () => {
        const key = this.#filtered();
        this.#expect(":");
        return [key, this.#filtered()] as const;
      });
      // As in Python 1 and "1" are two keys.
      return new Map(entries);
    }
    if (!["value", "value_json"].includes(token)) throw this.#unknown();
    return this.#variables.has(token) ? this.#variables.get(token) : UNDEFINED;
  }

  #items<T>(end: string, item: () => T): T[] {
    const items: T[] = [];
    while (!this.#take(end)) {
      items.push(item());
      if (this.#peek() !== end) this.#expect(",");
    }
    return items;
  }

  /** To a word outside all brackets, or to the end. */
  #skipTo(word: string): void {
    let depth = 0;
    for (; this.#at < this.#tokens.length; this.#at += 1) {
      const token = this.#tokens[this.#at] ?? "";
      if (depth === 0 && (token === word || token === ")")) return;
      if ("([{".includes(token)) depth += 1;
      if (")]}".includes(token)) depth -= 1;
    }
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }

  #next(): string {
    const token = this.#peek();
    if (token === undefined) throw this.#unknown();
    this.#at += 1;
    return token;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw this.#unknown();
  }

  #unknown(): Error {
    return new Error(`A form of Jinja that is not known: ${this.#tokens.join(" ")}`);
  }
}

function truth(value: unknown): boolean {
  if (value === UNDEFINED) return false;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) throw new Error(`${name} of what is no object`);
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : UNDEFINED;
}

function itemOf(value: unknown, key: unknown): unknown {
  if (!(value instanceof Map)) throw new Error(`${String(key)} of what is no dictionary`);
  return value.has(key) ? value.get(key) : UNDEFINED;
}

function unquoted(literal: string): string {
  const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r" };
  return literal
    .slice(1, -1)
    .replaceAll(/\\(.)/gs, (_all, character: string) => escapes[character] ?? character);
}
