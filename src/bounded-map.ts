/** A number of bytes that several stores share: for example all stores that are filled by one device. */
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

  /** Takes bytes if so many are left, and returns whether they were. A negative number gives bytes back. */
  take(bytes: number): boolean {
    if (bytes > 0 && this.#used + bytes > this.#limit) return false;
    this.#used += bytes;
    return true;
  }
}

/** The memory of an entry besides its key and its value, in bytes. */
const ENTRY_BYTES = 96;

/** How much a map may keep, and what happens beyond that. */
export interface BoundedMapOptions<V> {
  /** A number of bytes for this map alone, or a budget it shares with others. */
  readonly budget: Budget | number;
  /**
   * The memory a value takes, in bytes; see `memoryOf` for values from JSON. Must always be the same for the same value.
   */
  readonly bytesOf: (value: V) => number;
  /** What happens if there is no room for a new entry: it is refused, or the oldest entries are forgotten. */
  readonly whenFull: "refuse" | "forget-oldest";
  /** Called when an entry was forgotten because there was no room. */
  readonly forgotten?: (value: V, key: string) => void;
}

/**
 * A map for keys and values that come from the network. It takes no more memory than its budget, whatever is sent. A
 * store that the network fills is one of these, or is listed with its bound in docs/reliability.md.
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

  /** Returns whether the value is kept. If a new value of a known key does not fit, the old one stays. */
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

  /** Forgets the oldest entry of this map, but never `key`. Other maps that share the budget lose nothing. */
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
