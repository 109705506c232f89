import type { ChildrenReport } from "../protocol/report";

/** More sub-devices than any gateway takes: a bound for what hostile ones invent. */
const MAX_CHILDREN = 1_000;

/** Sub-devices behind a gateway: who follows them, and what the gateway last said of them. */
export class Children {
  readonly #followers = new Map<string, number>();
  readonly #online = new Map<string, boolean>();

  /** Online state by cid, as far as the gateway reported it. */
  get online(): ReadonlyMap<string, boolean> {
    return this.#online;
  }

  /** The cids somebody follows. */
  followed(): readonly string[] {
    return [...this.#followers.keys()];
  }

  /** Adds a follower; the returned function removes it. */
  add(cid: string): () => void {
    this.#followers.set(cid, (this.#followers.get(cid) ?? 0) + 1);
    let follows = true;
    return () => {
      if (!follows) return;
      follows = false;
      const followers = (this.#followers.get(cid) ?? 0) - 1;
      if (followers > 0) this.#followers.set(cid, followers);
      else this.#followers.delete(cid);
    };
  }

  /** A list may be spread over several reports, so what one leaves out it says nothing of. */
  note({ online, offline }: ChildrenReport): void {
    for (const cid of online) this.#set(cid, true);
    for (const cid of offline) this.#set(cid, false);
  }

  #set(cid: string, isOnline: boolean): void {
    const isKnown = this.#online.has(cid) || this.#followers.has(cid);
    if (isKnown || this.#online.size < MAX_CHILDREN) this.#online.set(cid, isOnline);
  }
}
