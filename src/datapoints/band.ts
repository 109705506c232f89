/** How large a change has to be: in the unit of the value, or in percent of the value before. */
export interface Band {
  readonly size: number;
  readonly isPercent: boolean;
}

/** Reads `"0.5"` or `"2 %"`; undefined for "", zero and any other text. */
export function parseBand(text: string): Band | undefined {
  const [, number, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const size = Number(number);
  return size > 0 && Number.isFinite(size) ? { size, isPercent: percent === "%" } : undefined;
}
