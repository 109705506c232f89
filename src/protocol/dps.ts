/** The value of a data point, as JSON has it. `null`: the data point exists, and has no value yet. */
export type DpValue =
  string | number | boolean | null | readonly unknown[] | { readonly [name: string]: unknown };

/** Data points by number, as they stand on the wire: `{"20": true}`. */
export type Dps = { readonly [dp: string]: DpValue };

/** Whether two reported values are the same. Objects are rare and compared by their text. */
export function sameValue(a: DpValue, b: DpValue): boolean {
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}
