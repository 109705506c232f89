import type { ChildrenReport } from "../protocol/report";

/**
 * More sub-devices than any gateway supports: a bound for what a hostile one invents. Their ids have at most 64
 * characters.
 */
export const MAX_CHILDREN = 1_000;

interface Followed {
  followers: number;
  /** When the gateway last mentioned it, or when following it began; in milliseconds by a steady clock. */
  mentionedAt: number;
}

/** Sub-devices behind a gateway: who follows them, and what the gateway last said of them. */
export class Children {
  readonly #followed = new Map<string, Followed>();
  readonly #online = new Map<string, boolean>();
  readonly #nearby = new Set<string>();
  readonly #unknown = new Set<string>();

  /** Online state by cid, as far as the gateway reported it. */
  get online(): ReadonlyMap<string, boolean> {
    return this.#online;
  }

  /** Bluetooth devices the gateway said it hears, without a connection to them. */
  get nearby(): ReadonlySet<string> {
    return this.#nearby;
  }

  /** Sub-devices that are followed and whose id the gateway does not know, as it said. They count as offline. */
  get unknown(): ReadonlySet<string> {
    return this.#unknown;
  }

  /** The cids somebody follows. */
  followed(): readonly string[] {
    return [...this.#followed.keys()];
  }

  /** Adds a follower; the returned function removes it. */
  add(cid: string, now: number): () => void {
    const followed = this.#followed.get(cid) ?? { followers: 0, mentionedAt: now };
    followed.followers++;
    this.#followed.set(cid, followed);
    let follows = true;
    return () => {
      if (!follows) return;
      follows = false;
      if (--followed.followers > 0) return;
      this.#followed.delete(cid);
      if (this.#unknown.delete(cid)) this.#online.delete(cid);
    };
  }

  /**
   * A list may be spread over several reports, so a report says nothing about sub-devices it leaves out. All `note…`
   * methods return whether the online state of any sub-device changed.
   */
  note({ online, offline, nearby }: ChildrenReport, now: number): boolean {
    let isNews = false;
    for (const cid of online) isNews = this.#set(cid, true, now) || isNews;
    for (const cid of offline) isNews = this.#set(cid, false, now) || isNews;
    for (const cid of nearby) if (this.#nearby.size < MAX_CHILDREN) this.#nearby.add(cid);
    return isNews;
  }

  /** A sub-device sent a report by itself, so it is online. Lists come late and are incomplete. */
  noteSpoke(cid: string, now: number): boolean {
    return this.#online.get(cid) === false ? this.#set(cid, true, now) : this.#mention(cid, now);
  }

  /** The gateway answered for a sub-device, or said that it does not know its id. */
  noteAnswered(cid: string, isKnown: boolean): boolean {
    if (isKnown) return this.#unknown.delete(cid) && this.#online.delete(cid);
    if (!this.#followed.has(cid)) return false;
    this.#unknown.add(cid);
    const isNews = this.#online.get(cid) !== false;
    this.#online.set(cid, false);
    return isNews;
  }

  /** A connection begins: that the gateway mentioned nothing before, without a connection, means nothing. */
  restart(now: number): void {
    for (const followed of this.#followed.values()) followed.mentionedAt = now;
  }

  /** A followed sub-device that lists have left out for longer than `ms` milliseconds counts as gone. */
  judgeAbsent(now: number, ms: number): boolean {
    let isNews = false;
    for (const [cid, { mentionedAt }] of this.#followed) {
      if (now - mentionedAt < ms || this.#online.get(cid) === false) continue;
      this.#online.set(cid, false);
      isNews = true;
    }
    return isNews;
  }

  #mention(cid: string, now: number): false {
    const followed = this.#followed.get(cid);
    if (followed) followed.mentionedAt = now;
    return false;
  }

  #set(cid: string, isOnline: boolean, now: number): boolean {
    this.#mention(cid, now);
    const isKnown = this.#online.has(cid) || this.#followed.has(cid);
    if (!isKnown && this.#online.size >= MAX_CHILDREN) return false;
    this.#unknown.delete(cid);
    const isNews = this.#online.get(cid) !== isOnline;
    this.#online.set(cid, isOnline);
    return isNews;
  }
}
