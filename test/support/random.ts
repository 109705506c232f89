/** Reproducible randomness: the same seed gives the same sequence on every machine (sfc32). */
export class Random {
  #a: number;
  #b = 0x9e3779b9;
  #c = 0x243f6a88;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    for (let i = 0; i < 12; i++) this.uint32();
  }

  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A whole number from 0 up to, but not including, `end`. */
  below(end: number): number {
    return Math.floor((this.uint32() / 0x1_0000_0000) * end);
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(probability: number): boolean {
    return this.uint32() < probability * 0x1_0000_0000;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return items[this.below(items.length)] as T;
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    let i = 0;
    for (; i + 4 <= length; i += 4) bytes.writeUInt32LE(this.uint32(), i);
    for (; i < length; i++) bytes[i] = this.uint32() >>> 24;
    return bytes;
  }

  /** Text of any characters JSON can carry, quotes, control characters and emoji among them. */
  text(length: number): string {
    let text = "";
    for (let i = 0; i < length; i++) {
      text += this.chance(0.9) ? String.fromCharCode(this.between(0x20, 0x7e)) : this.pick(ODD_CHARACTERS);
    }
    return text;
  }
}

const ODD_CHARACTERS = ["\n", "\t", "\0", "\u007f", "ü", "€", "💡", "\\", '"', "}", "{", "\ufeff", "\u2028"];
