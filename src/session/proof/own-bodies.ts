import { createHash } from "node:crypto";
import { BLOCK_LENGTH } from "../../protocol/cipher";

/** How many bodies are kept: more than can be on their way at once. */
const MAX_BODIES = 64;
/** How many blocks of 16 bytes are kept: about a hundred commands. */
const MAX_BLOCKS = 512;

/**
 * Recognizes messages that we have sent and that come back, so that they are not believed as the device's. Shared by all
 * connections to a device, because a message may come back later.
 *
 * - Whole bodies that look like reports: sets for a sub-device in 3.1 to 3.3. Keeps the hashes of the last 64.
 * - Blocks of 16 bytes that were sent encrypted before the other end had proved the key. These versions encrypt each
 *   block by itself, so a forger can combine the blocks into a new message. Keeps the last 512.
 */
export class OwnBodies {
  /** Made when it is needed. */
  #hashes: Set<string> | undefined;
  /** How many sessions have sent each block. Made when it is needed. */
  #blocks: Map<string, number> | undefined;

  add(body: Buffer): void {
    this.#hashes ??= new Set();
    this.#hashes.add(hashOf(body));
    if (this.#hashes.size > MAX_BODIES) deleteFirst(this.#hashes);
  }

  /**
   * The body is sent before the other end has proved the key. Its blocks are added to `sent`, the blocks this session has
   * sent so.
   */
  addUnproven(body: Buffer, sent: Set<string>): void {
    const blocks = (this.#blocks ??= new Map());
    for (let at = 0; at < body.length; at += BLOCK_LENGTH) {
      const block = blockAt(body, at);
      const holders = (blocks.get(block) ?? 0) + (sent.has(block) ? 0 : 1);
      // Moves the block to the end, as the latest.
      blocks.delete(block);
      blocks.set(block, holders);
      sent.delete(block);
      sent.add(block);
      if (blocks.size > MAX_BLOCKS) deleteFirst(blocks);
      if (sent.size > MAX_BLOCKS) deleteFirst(sent);
    }
  }

  /** The other end that got these blocks has proved the key, so they need not be kept because of it. */
  forget(sent: ReadonlySet<string>): void {
    for (const block of sent) {
      const holders = this.#blocks?.get(block) ?? 0;
      if (holders > 1) this.#blocks?.set(block, holders - 1);
      else this.#blocks?.delete(block);
    }
    if (this.#blocks?.size === 0) this.#blocks = undefined;
  }

  /** Whether the body is one we have sent, or can be combined from blocks we have sent. */
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

/** The block of 16 bytes at an offset. */
function blockAt(body: Buffer, at: number): string {
  return body.toString("latin1", at, at + BLOCK_LENGTH);
}

function hashOf(body: Buffer): string {
  return createHash("sha256").update(body).digest("base64");
}
