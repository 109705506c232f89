import { BoundedMap } from "../bounded-map";

/** For all that is remembered of retained topics, in bytes: some 25,000 of them. */
const MAX_BYTES = 8 * 1024 * 1024;
/** How often a topic is emptied where nobody can say whether a broker was there. */
const ATTEMPTS = 3;

/** The platform of each component a discovery message has told of, by component. */
export type Platforms = Readonly<Record<string, string>>;

interface Entry {
  /** Who it is of: a device by its key, or "" for this side itself. */
  readonly owner: string;
  readonly platforms?: Platforms | undefined;
  /** How often it has been emptied; 0 = it is in use. */
  readonly emptied: number;
}

/** As it is kept: `[owner, platforms]` by topic. Plain JSON. */
export type KeptTopics = Readonly<Record<string, readonly [owner: string, platforms?: Platforms]>>;

/**
 * The topics that stand retained at the broker because this side has published them. A broker keeps them for ever: of a
 * device that is renamed or deleted they have to be emptied, maybe after a restart, and again while nobody can say whether a
 * broker was there. Where there is no more room a topic is not remembered.
 */
export class RetainedTopics {
  readonly #entries = new BoundedMap<Entry>({
    budget: MAX_BYTES,
    bytesOf: ({ owner, platforms }) => 64 + 2 * owner.length + 2 * JSON.stringify(platforms ?? {}).length,
    whenFull: "refuse",
  });
  #hasChanged = false;

  /** Whether they are others since `takeChanged`. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** Whether they are others since the last call. */
  takeChanged(): boolean {
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged;
  }

  /** As `kept` said it. What was published meanwhile counts more; what is no such list is left out. */
  restore(kept: unknown): void {
    if (typeof kept !== "object" || kept === null) return;
    for (const [topic, entry] of Object.entries(kept)) {
      if (!Array.isArray(entry) || typeof entry[0] !== "string" || this.#entries.get(topic)) continue;
      const [owner, platforms] = entry as [string, Platforms | undefined];
      this.#entries.set(topic, { owner, platforms: platforms ?? undefined, emptied: 0 });
    }
  }

  get kept(): KeptTopics {
    const kept: Record<string, KeptTopics[string]> = {};
    for (const [topic, { owner, platforms }] of this.#entries.entries()) {
      kept[topic] = platforms ? [owner, platforms] : [owner];
    }
    return kept;
  }

  /** A topic was published. */
  published(topic: string, owner: string, platforms?: Platforms): void {
    const known = this.#entries.get(topic);
    const isSame = known?.owner === owner && known.emptied === 0;
    if (isSame && JSON.stringify(known.platforms) === JSON.stringify(platforms)) return;
    if (this.#entries.set(topic, { owner, platforms, emptied: 0 })) this.#hasChanged = true;
  }

  /** A topic was emptied; `isCertain` where a broker was there. */
  emptied(topic: string, isCertain: boolean): void {
    const known = this.#entries.get(topic);
    if (!known) return;
    const emptied = known.emptied + 1;
    if (isCertain || emptied >= ATTEMPTS) this.#entries.delete(topic);
    else this.#entries.set(topic, { ...known, emptied });
    this.#hasChanged = true;
  }

  /** What was told last of the components of a discovery message. */
  platforms(topic: string): Platforms | undefined {
    return this.#entries.get(topic)?.platforms;
  }

  /** All topics, by who they are of. */
  byOwner(): ReadonlyMap<string, readonly string[]> {
    const topics = new Map<string, string[]>();
    for (const [topic, { owner }] of this.#entries.entries()) {
      const own = topics.get(owner);
      if (own) own.push(topic);
      else topics.set(owner, [topic]);
    }
    return topics;
  }
}
