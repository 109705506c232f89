/**
 * A name for comparing: upper and lower case are the same, and so are the two ways to write a letter with an accent, as one
 * character or as two (names from files of a Mac).
 */
export function folded(name: string): string {
  return name.normalize().toLowerCase();
}

/**
 * Tests names against a list of patterns in which `*` stands for any characters: `Kitchen*`, `Attic lamp`. Upper and
 * lower case are the same. An empty list matches all names. Runs in a browser, too.
 */
export function nameFilter(list: readonly string[]): (name: string) => boolean {
  const patterns = list.map((text) => folded(text).split("*"));
  return (name) => patterns.length === 0 || patterns.some((parts) => matches(folded(name.trim()), parts));
}

/**
 * Whether a text consists of these parts with anything between them. Takes the first place of each part, so that no input
 * makes it slow.
 */
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
