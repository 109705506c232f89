import { createHash } from "node:crypto";

/** As many as can be on their way, and many more than come back by chance. */
const MAX_BODIES = 64;

/**
 * Bodies we have sent to a device that read as if the device had written them: sets for a sub-device in the shape of 3.1 to
 * 3.3. Whoever was sent one can send it back, on a later connection as well. Keeps the hashes of the last 64.
 */
export class OwnBodies {
  /** Made when there is one. */
  #hashes: Set<string> | undefined;

  add(body: Buffer): void {
    this.#hashes ??= new Set();
    this.#hashes.add(hashOf(body));
    const [oldest = ""] = this.#hashes;
    if (this.#hashes.size > MAX_BODIES) this.#hashes.delete(oldest);
  }

  has(body: Buffer): boolean {
    return this.#hashes !== undefined && this.#hashes.has(hashOf(body));
  }
}

function hashOf(body: Buffer): string {
  return createHash("sha256").update(body).digest("base64");
}
