import type { ChildrenReport } from "../protocol/report";

/** More sub-devices than any gateway takes: a bound for what hostile ones invent. Their ids have at most 64 characters. */
export const MAX_CHILDREN = 1_000;

interface Followed {
  followers: number;
  /** When the gateway last spoke of it, or should have begun to, on a steady clock. */
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

  /** Sub-devices that are followed, of which the gateway said that it has none of that id. They count as offline. */
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
   * A list may be spread over several reports, so what one leaves out it says nothing of. All methods that take something
   * down return whether that changed the online state of any sub-device.
   */
  note({ online, offline, nearby }: ChildrenReport, now: number): boolean {
    let isNews = false;
    for (const cid of online) isNews = this.#set(cid, true, now) || isNews;
    for (const cid of offline) isNews = this.#set(cid, false, now) || isNews;
    for (const cid of nearby) if (this.#nearby.size < MAX_CHILDREN) this.#nearby.add(cid);
    return isNews;
  }

  /** A sub-device reported by itself. Lists are late and incomplete: one that speaks is online. */
  noteSpoke(cid: string, now: number): boolean {
    return this.#online.get(cid) === false ? this.#set(cid, true, now) : this.#mention(cid, now);
  }

  /** The gateway answered for a sub-device, or said that it has none of that id. */
  noteAnswered(cid: string, isKnown: boolean): boolean {
    if (isKnown) return this.#unknown.delete(cid) && this.#online.delete(cid);
    if (!this.#followed.has(cid)) return false;
    this.#unknown.add(cid);
    const isNews = this.#online.get(cid) !== false;
    this.#online.set(cid, false);
    return isNews;
  }

  /** A connection begins: what the gateway left out while there was none means nothing. */
  restart(now: number): void {
    for (const followed of this.#followed.values()) followed.mentionedAt = now;
  }

  /** Lists keep coming, and leave out sub-devices that are followed: for longer than `ms` means that they are gone. */
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
