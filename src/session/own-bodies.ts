import { createHash } from "node:crypto";
import { BLOCK_LENGTH } from "../protocol/cipher";

/** As many as can be on their way, and many more than come back by chance. */
const MAX_BODIES = 64;
/** Of 16 bytes: a hundred commands. */
const MAX_BLOCKS = 512;

/**
 * What we have sent to a device, and nobody may tell us as if the device had written it. Shared by all connections to it: who
 * was sent something can send it back later as well.
 *
 * - Bodies that read as the device's own: sets for a sub-device in the shape of 3.1 to 3.3. Keeps the hashes of the last 64.
 * - Blocks of what went under the key to somebody who had not proved it. These versions encrypt block by block, so he can put
 *   them together anew, without our name. Keeps the last 512.
 */
export class OwnBodies {
  /** Made when there is one. */
  #hashes: Set<string> | undefined;
  /** How many have each. Made when there is one. */
  #blocks: Map<string, number> | undefined;

  add(body: Buffer): void {
    this.#hashes ??= new Set();
    this.#hashes.add(hashOf(body));
    if (this.#hashes.size > MAX_BODIES) deleteFirst(this.#hashes);
  }

  /** The body goes to somebody who has not proved the key. `lent`: what he has of us already, which it is added to. */
  addUnproven(body: Buffer, lent: Set<string>): void {
    const blocks = (this.#blocks ??= new Map());
    for (let at = 0; at < body.length; at += BLOCK_LENGTH) {
      const block = blockAt(body, at);
      const holders = (blocks.get(block) ?? 0) + (lent.has(block) ? 0 : 1);
      // The latest last.
      blocks.delete(block);
      blocks.set(block, holders);
      lent.delete(block);
      lent.add(block);
      if (blocks.size > MAX_BLOCKS) deleteFirst(blocks);
      if (lent.size > MAX_BLOCKS) deleteFirst(lent);
    }
  }

  /** Whoever has these has proved the key. Others may have some of them as well. */
  forget(lent: ReadonlySet<string>): void {
    for (const block of lent) {
      const holders = this.#blocks?.get(block) ?? 0;
      if (holders > 1) this.#blocks?.set(block, holders - 1);
      else this.#blocks?.delete(block);
    }
    if (this.#blocks?.size === 0) this.#blocks = undefined;
  }

  /** Whether the body is one of them, or can be made of them. */
  has(body: Buffer): boolean {
    return this.#hashes?.has(hashOf(body)) || this.#isMadeOfBlocks(body);
  }

  #isMadeOfBlocks(body: Buffer): boolean {
    if (!this.#blocks || body.length === 0) return false;
    for (let at = 0; at < body.length; at += BLOCK_LENGTH)
      if (!this.#blocks.has(blockAt(body, at))) return false;
    return true;
  }
}

function deleteFirst(store: Map<string, unknown> | Set<string>): void {
  const [oldest = ""] = store.keys();
  store.delete(oldest);
}

/** These versions encrypt each by itself. */
function blockAt(body: Buffer, at: number): string {
  return body.toString("latin1", at, at + BLOCK_LENGTH);
}

function hashOf(body: Buffer): string {
  return createHash("sha256").update(body).digest("base64");
}
