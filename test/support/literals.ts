/** A string or template in a source. What it is put together from: texts, and the expressions in `${}`. */
export interface Literal {
  readonly line: number;
  /** What stands before it in the source. */
  readonly before: string;
  readonly parts: readonly (string | { readonly expression: string })[];
}

/** What the scanner tells apart; a regular expression only where a value can begin. */
const TOKEN =
  /\/\/.*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?<=[=(,:&|?!]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|`/g;

/** All strings and templates of a TypeScript source, in order; those within an expression of a template are part of it. */
export function literalsOf(source: string): readonly Literal[] {
  const found: Literal[] = [];
  const token = new RegExp(TOKEN);
  for (let match = token.exec(source); match; match = token.exec(source)) {
    const [text] = match;
    if (text.startsWith("/")) continue;
    const before = source.slice(0, match.index);
    const line = before.split("\n").length;
    if (text !== "`") {
      found.push({ line, before, parts: [unescaped(text.slice(1, -1))] });
      continue;
    }
    const { parts, end } = readTemplate(source, match.index + 1);
    found.push({ line, before, parts });
    token.lastIndex = end;
  }
  return found;
}

function readTemplate(source: string, from: number): { parts: Literal["parts"]; end: number } {
  const parts: (string | { expression: string })[] = [];
  let text = "";
  let at = from;
  while (source[at] !== "`") {
    if (at >= source.length) throw new Error("A template does not end.");
    if (source[at] === "\\") text += source.slice(at, (at += 2));
    else if (source.startsWith("${", at)) {
      const end = endOfExpression(source, at + 2);
      parts.push(unescaped(text), { expression: source.slice(at + 2, end) });
      text = "";
      at = end + 1;
    } else text += source[at++];
  }
  parts.push(unescaped(text));
  return { parts, end: at + 1 };
}

/** Where the bracket is that closes an expression in a template. */
function endOfExpression(source: string, from: number): number {
  let depth = 1;
  for (let at = from; at < source.length; at++) {
    if (source[at] === "`") at = readTemplate(source, at + 1).end - 1;
    else if (source[at] === "{") depth++;
    else if (source[at] === "}" && --depth === 0) return at;
  }
  throw new Error("An expression in a template does not end.");
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, "$1");
}
