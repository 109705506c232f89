import { IV_LENGTH } from "./cipher";

const COUNTER_OFFSET = IV_LENGTH - 4;

/**
 * IVs for one connection: random at the start, then counting, so that none repeats under a key within 2^32 frames.
 * @param seed 12 random bytes
 */
export function createIvSource(seed: Buffer): () => Buffer {
  let counter = seed.readUInt32BE(COUNTER_OFFSET);
  return () => {
    const iv = Buffer.from(seed);
    iv.writeUInt32BE(counter, COUNTER_OFFSET);
    counter = (counter + 1) >>> 0;
    return iv;
  };
}
