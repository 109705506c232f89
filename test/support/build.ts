import { createCipheriv, createHmac } from "node:crypto";

/*
 * Frames built without the code under test: for tests that need bytes no vector has.
 */

/** CRC-32, bit by bit as the standard defines it. */
export function bitwiseCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

/** A 55AA frame with a CRC around `body`, which begins with the return code if there is one. */
export function build55aa(sequence: number, command: number, body: Buffer): Buffer {
  const covered = Buffer.concat([uint32(0x55aa, sequence, command, body.length + 8), body]);
  return Buffer.concat([covered, uint32(bitwiseCrc32(covered), 0xaa55)]);
}

/** The outside of a 6699 frame: `inside` stands for IV, cipher text and tag, 28 bytes at least. */
export function build6699(sequence: number, command: number, inside: Buffer): Buffer {
  const header = [uint32(0x6699), Buffer.alloc(2), uint32(sequence, command, inside.length)];
  return Buffer.concat([...header, inside, uint32(0x9966)]);
}

/** AES-128-ECB with PKCS#7 padding. */
export function encryptEcb(key: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv("aes-128-ecb", key, null);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** A 55AA frame with an HMAC (3.4). */
export function build55aaHmac(key: Buffer, sequence: number, command: number, body: Buffer): Buffer {
  const covered = Buffer.concat([uint32(0x55aa, sequence, command, body.length + 36), body]);
  return Buffer.concat([covered, createHmac("sha256", key).update(covered).digest(), uint32(0xaa55)]);
}

/** A 6699 frame, sealed. */
export function build6699Gcm(
  key: Buffer,
  iv: Buffer,
  sequence: number,
  command: number,
  plain: Buffer,
): Buffer {
  const empty = build6699(sequence, command, Buffer.alloc(plain.length + 28));
  const cipher = createCipheriv("aes-128-gcm", key, iv, { authTagLength: 16 });
  cipher.setAAD(empty.subarray(4, 18));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return build6699(sequence, command, Buffer.concat([iv, text, cipher.getAuthTag()]));
}

/** A copy of which one bit, counted from the first byte on, is the other way round. */
export function flipBit(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  const at = bit >> 3;
  copy.writeUInt8(copy.readUInt8(at) ^ (1 << (bit & 7)), at);
  return copy;
}
