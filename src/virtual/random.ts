/**
 * Numbers from 0 to below 1, the same ones for the same seed. For choices a test must be able to repeat; never for keys or
 * nonces.
 */
export type Random = () => number;

/** The generator Mulberry32: small, fast, and random enough for simulations. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
