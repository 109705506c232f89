// What files of `src/` take from the module of Node.js, for those that are built into resources.

/** Of values as JSON has them. */
export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
