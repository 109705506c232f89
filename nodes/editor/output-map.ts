/** One output of a tuya-in. */
export interface Output {
  /** The data point as written in the list; for other outputs one of the constants below. */
  readonly token: string;
  /** The number of the data point, by which `switch_1` and `1` may be the same one; the name if it is not known. */
  readonly dp: string;
}

// The constants begin with a blank, which no data point does.

/** The single output for all values. */
export const VALUES: Output = { token: " values", dp: " values" };
/** The output for the state of the connection. */
export const CONNECTION: Output = { token: " connection", dp: " connection" };
/** Stands for an output that the node has beyond those its properties say. */
export const GONE: Output = { token: " gone", dp: " gone" };

/**
 * The new position of each output, in the format of Node-RED's field `outputs`, by which it moves wires and labels: old
 * position → new one, -1 = removed. New outputs have a key that is no number, always the same key for the same output.
 *
 * An output is recognized by its name, otherwise by its data point. The single output for all values and the first of
 * several outputs count as the same one, so that a change of the mode keeps the wire.
 */
export function mapOutputs(
  before: readonly Output[],
  after: readonly Output[],
): Readonly<Record<string, number>> {
  const free = new Set(after.keys());
  const moved = before.map(() => -1);
  const claim = (matches: (old: Output, now: Output, to: number) => boolean): void => {
    for (const [from, old] of before.entries()) {
      if (moved[from] !== -1) continue;
      const to = [...free].find((index) => {
        const now = after[index];
        return now !== undefined && matches(old, now, index);
      });
      if (to === undefined) continue;
      free.delete(to);
      moved[from] = to;
    }
  };
  claim((old, now) => old.token === now.token);
  claim((old, now) => old.dp === now.dp);
  if (before[0] === VALUES || after[0] === VALUES) {
    const [first] = before;
    claim((old, now, to) => old === first && to === 0 && old !== CONNECTION && now !== CONNECTION);
  }
  const entries = moved.map((to, from): [string, number] => [String(from), to]);
  // Node-RED uses these keys in selectors for the rows of labels.
  const added = [...free].map((to): [string, number] => [`new-${slug(after[to]?.token ?? "")}`, to]);
  return Object.fromEntries([...entries, ...added]);
}

/** A text that can be a part of a selector. */
function slug(token: string): string {
  return Array.from(token, (sign) => (/[\w-]/.test(sign) ? sign : `-${sign.codePointAt(0)}-`)).join("");
}
