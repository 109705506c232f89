/**
 * How a raw value is converted to the value shown on the device or in its app: by a power of ten, or by a divisor. Texts for
 * the fields of a row.
 */
export type DivisorOffer = { readonly scale: string } | { readonly divisor: string };

/** Usual divisors, the most likely first; below 1 for values that are shown larger. */
const DIVISORS: readonly number[] = [
  10, 100, 1000, 2, 5, 60, 4, 3600, 20, 8, 50, 10_000, 100_000, 1_000_000, 0.1, 0.5, 0.2, 0.01,
];
/** The largest divisor that is found although it is none of `DIVISORS`: a larger one would be found by chance. */
const MOST = 250;

/**
 * The divisor that converts a raw value to the number a user typed; undefined if the two are equal, or no simple divisor
 * fits. The typed number may be rounded, up or down, to its digits.
 */
export function divisorFor(raw: number, said: string): DivisorOffer | undefined {
  const text = said.trim().replace(",", ".");
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  if (raw === 0 || number === 0 || raw === number || raw < 0 !== number < 0) return undefined;
  const digit = 10 ** -(text.split(".")[1]?.length ?? 0);
  const isPlain = (divisor: number) => Math.abs(raw / divisor - number) < digit * 0.999;
  const isExact = (divisor: number) => Math.abs(raw / divisor - number) < digit * 1e-6;
  const divisor = DIVISORS.find(isExact) ?? wholeNumber(raw / number, isExact) ?? DIVISORS.find(isPlain);
  return divisor === undefined ? undefined : offerOf(divisor);
}

function wholeNumber(quotient: number, isExact: (divisor: number) => boolean): number | undefined {
  const whole = Math.round(quotient);
  return whole > 1 && whole <= MOST && isExact(whole) ? whole : undefined;
}

function offerOf(divisor: number): DivisorOffer {
  const power = Math.log10(divisor);
  return Number.isInteger(power) && power > 0 ? { scale: String(power) } : { divisor: String(divisor) };
}
