/** One output of a tuya-in. */
export interface Output {
  /** The data point as it stands in the list; of the other outputs one of the constants below. */
  readonly token: string;
  /** What it stands for: `switch_1` and `1` may be the same data point. */
  readonly dp: string;
}

// A blank is in no name of a data point.
export const VALUES: Output = { token: " values", dp: " values" };
export const CONNECTION: Output = { token: " connection", dp: " connection" };
/** One a node has, although its other properties say that it has fewer. */
export const GONE: Output = { token: " gone", dp: " gone" };

/**
 * Where each output goes, as Node-RED takes it in the field `outputs` to move wires and labels along: old position → new
 * one, -1 = removed. New outputs have a key that is no number, always the same one for the same output.
 *
 * An output stays with its name, else with its data point. The single output for all values and the first of several
 * ones follow each other, so that a change of the mode does not cut the wire.
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
  // Node-RED finds the rows of labels by these keys in selectors.
  const added = [...free].map((to): [string, number] => [`new-${slug(after[to]?.token ?? "")}`, to]);
  return Object.fromEntries([...entries, ...added]);
}

function slug(token: string): string {
  return Array.from(token, (sign) => (/[\w-]/.test(sign) ? sign : `-${sign.codePointAt(0)}-`)).join("");
}
