/**
 * Which names a list means, in which `*` stands for any letters: `Kitchen*`, `Attic lamp`. Small and capital letters are
 * the same. An empty list means all. Runs in a browser, too.
 */
export function nameFilter(list: readonly string[]): (name: string) => boolean {
  const patterns = list.map((text) => text.toLowerCase().split("*"));
  return (name) =>
    patterns.length === 0 || patterns.some((parts) => matches(name.trim().toLowerCase(), parts));
}

/** Whether a text is made of these parts, with anything between them. Takes the first place for each: no search goes back. */
function matches(text: string, parts: readonly string[]): boolean {
  const [first = "", ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
