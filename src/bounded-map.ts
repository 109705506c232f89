/** Bytes of memory that several stores share, all of what they keep because of one device for example. */
export class Budget {
  readonly #limit: number;
  #used = 0;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** Takes so many bytes, where so many are left; gives them back where they are less than none. */
  take(bytes: number): boolean {
    if (bytes > 0 && this.#used + bytes > this.#limit) return false;
    this.#used += bytes;
    return true;
  }
}

/** What an entry takes besides its key and its value: its place in the map, and what is noted of it. */
const ENTRY_BYTES = 96;

export interface BoundedMapOptions<V> {
  /** Of this map alone, in bytes, or shared with others. */
  readonly budget: Budget | number;
  /**
   * What a value takes besides its place in the map, in bytes; see `memoryOf` for those from JSON. Of the same value always
   * the same.
   */
  readonly bytesOf: (value: V) => number;
  /** What becomes of a new entry where there is no room: it is refused, or the oldest ones are forgotten for it. */
  readonly whenFull: "refuse" | "forget-oldest";
  /** An entry was forgotten for want of room. */
  readonly forgotten?: (value: V, key: string) => void;
}

/**
 * A map for keys and values that come from the network: it takes no more memory than it is given, whatever is invented.
 * Every such map is one of these, or stands with its bound in docs/reliability.md.
 */
export class BoundedMap<V extends {} | null> {
  readonly #options: BoundedMapOptions<V>;
  readonly #budget: Budget;
  readonly #entries = new Map<string, V>();

  constructor(options: BoundedMapOptions<V>) {
    const { budget } = options;
    this.#options = options;
    this.#budget = typeof budget === "number" ? new Budget(budget) : budget;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  /** Whether it is kept. Where a new value of a known key does not fit, the old one stays. */
  set(key: string, value: V): boolean {
    const more = this.#bytesOf(key, value) - this.#taken(key);
    while (!this.#budget.take(more)) {
      if (this.#options.whenFull === "refuse" || !this.#forgetOldest(key)) return false;
    }
    this.#entries.set(key, value);
    return true;
  }

  delete(key: string): boolean {
    this.#budget.take(-this.#taken(key));
    return this.#entries.delete(key);
  }

  clear(): void {
    for (const key of this.#entries.keys()) this.#budget.take(-this.#taken(key));
    this.#entries.clear();
  }

  /** In the order in which the keys came. */
  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  entries(): IterableIterator<[string, V]> {
    return this.#entries.entries();
  }

  #taken(key: string): number {
    const value = this.#entries.get(key);
    return value === undefined ? 0 : this.#bytesOf(key, value);
  }

  #bytesOf(key: string, value: V): number {
    return ENTRY_BYTES + 2 * key.length + this.#options.bytesOf(value);
  }

  /** Of this map: of others that share the budget nothing is forgotten. Never `key` itself. */
  #forgetOldest(key: string): boolean {
    for (const [oldest, value] of this.#entries) {
      if (oldest === key) continue;
      this.delete(oldest);
      this.#options.forgotten?.(value, oldest);
      return true;
    }
    return false;
  }
}
