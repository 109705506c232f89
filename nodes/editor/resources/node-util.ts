// Replaces the module of Node.js in files of `src/` that are built into resources.

/** Compares values as in JSON. */
export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
