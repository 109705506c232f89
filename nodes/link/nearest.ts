/** Only the beginnings of longer names are compared. */
const MAX_COMPARED = 64;

/**
 * The `count` names most similar to a word, best first: suggestions for a mistyped word. Upper and lower case are the
 * same; names that contain the word come first.
 */
export function nearest(word: string, names: readonly string[], count: number): readonly string[] {
  const wanted = word.trim().toLowerCase().slice(0, MAX_COMPARED);
  const rated = [...new Set(names)].map((name) => {
    const written = name.toLowerCase().slice(0, MAX_COMPARED);
    const isPart = wanted !== "" && written.includes(wanted);
    return { name, distance: isPart ? 0 : distanceOf(wanted, written) };
  });
  return rated
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

/** The number of letters to insert, remove or replace to get from one text to the other (Levenshtein). */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_item, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
