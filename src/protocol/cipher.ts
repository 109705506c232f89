import {
  type Cipher,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  type Decipher,
  type KeyObject,
} from "node:crypto";

// Lengths are in bytes.
export const BLOCK_LENGTH = 16;
export const KEY_LENGTH = 16;
export const IV_LENGTH = 12;
export const TAG_LENGTH = 16;
export const HMAC_LENGTH = 32;

/**
 * A local key as bytes, or undefined when it is not exactly 16 of them. The key is used unchanged: it is neither hex nor
 * base64, and blanks or HTML entities in it are not removed silently.
 */
export function parseLocalKey(text: string): Buffer | undefined {
  const key = Buffer.from(text, "utf8");
  return key.length === KEY_LENGTH ? key : undefined;
}

/** A key object: several times faster than raw bytes for the many short operations of this protocol. */
export function secretKey(key: Buffer): KeyObject {
  return createSecretKey(key);
}

/**
 * AES-128-ECB with PKCS#7 padding. ECB keeps no state between blocks, so one pair of native objects without automatic
 * padding serves a connection for ever.
 */
export class Ecb {
  readonly #cipher: Cipher;
  readonly #decipher: Decipher;

  constructor(key: KeyObject) {
    this.#cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
    this.#decipher = createDecipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  }

  /** Encrypts `parts` one after the other as one text, padded. */
  encrypt(...parts: readonly Buffer[]): Buffer {
    let length = 0;
    for (const part of parts) length += part.length;
    const padding = BLOCK_LENGTH - (length % BLOCK_LENGTH);
    const padded = Buffer.allocUnsafe(length + padding);
    let offset = 0;
    for (const part of parts) offset += part.copy(padded, offset);
    for (let i = length; i < padded.length; i++) padded[i] = padding;
    return this.#cipher.update(padded);
  }

  /** The plain text without padding; undefined when the length or the padding is impossible, so the key is wrong. */
  decrypt(bytes: Buffer): Buffer | undefined {
    if (bytes.length === 0 || bytes.length % BLOCK_LENGTH !== 0) return undefined;
    const plain = this.#decipher.update(bytes);
    const padding = plain[plain.length - 1]!;
    if (padding < 1 || padding > BLOCK_LENGTH) return undefined;
    for (let i = plain.length - padding; i < plain.length; i++) if (plain[i] !== padding) return undefined;
    return plain.subarray(0, plain.length - padding);
  }

  /** Encrypts one bare block without padding: the session key derivation of 3.4. */
  encryptBlock(block: Buffer): Buffer {
    return this.#cipher.update(block);
  }
}

/** AES-128-GCM: cipher text (as long as the plain text) and 16-byte tag. */
export function gcmSeal(
  key: KeyObject,
  iv: Buffer,
  aad: Buffer | undefined,
  plain: Buffer,
): { text: Buffer; tag: Buffer } {
  const cipher = createCipheriv("aes-128-gcm", key, iv, { authTagLength: TAG_LENGTH });
  if (aad !== undefined) cipher.setAAD(aad);
  const text = cipher.update(plain);
  cipher.final();
  return { text, tag: cipher.getAuthTag() };
}

/** The plain text, or undefined when the tag does not verify. Unverified plain text is never returned. */
export function gcmOpen(
  key: KeyObject,
  iv: Buffer,
  aad: Buffer,
  text: Buffer,
  tag: Buffer,
): Buffer | undefined {
  const decipher = createDecipheriv("aes-128-gcm", key, iv, { authTagLength: TAG_LENGTH });
  decipher.setAAD(aad).setAuthTag(tag);
  const plain = decipher.update(text);
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/** The HMAC-SHA256 of bytes under a key. */
export function hmacSha256(key: KeyObject | Buffer, bytes: Buffer): Buffer {
  return createHmac("sha256", key).update(bytes).digest();
}

/** The MD5 of a text in Latin-1, which gives each of its characters one byte. */
export function md5(text: string): Buffer {
  return createHash("md5").update(text, "latin1").digest();
}

/** As `md5`, in hex digits. */
export function md5Hex(text: string): string {
  return createHash("md5").update(text, "latin1").digest("hex");
}
