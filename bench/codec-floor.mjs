/*
 * What nobody can do without: JSON, and the encryption and integrity of a version, written straight on node:crypto with
 * key objects and, for ECB, with one native object for ever. No frames, no choices, no checks
 * of what it says.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  timingSafeEqual,
} from "node:crypto";
import { crc32 } from "../dist/src/protocol/crc32.js";

const HEADER_LENGTH = 15;

/** ECB from text to bytes and back. */
function ecbText(key) {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  const decipher = createDecipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  /** `room` bytes are left free before the text, for a version header inside the encryption. */
  const encrypt = (text, room = 0) => {
    const length = room + Buffer.byteLength(text);
    const padding = 16 - (length % 16);
    const plain = Buffer.allocUnsafe(length + padding);
    plain.utf8Write(text, room);
    plain.fill(padding, length);
    return cipher.update(plain);
  };
  const decrypt = (bytes, room = 0) => {
    const plain = decipher.update(bytes);
    return plain.utf8Slice(room, plain.length - plain[plain.length - 1]);
  };
  return { encrypt, decrypt };
}

/** A sum vouches for nothing until it is compared, and it does not cover itself. */
function verifyCrc(frame) {
  const end = frame.length - 8;
  if (crc32(frame.subarray(0, end)) !== frame.readUInt32BE(end)) throw new Error("bad CRC");
}

/** @returns {{encode: (body: object) => unknown, decode: (frame: Buffer) => unknown}} */
export function floorOf(version, keyBytes) {
  const key = createSecretKey(keyBytes);
  const keyText = keyBytes.toString("latin1");
  const { encrypt, decrypt } = ecbText(key);
  switch (version) {
    case "3.1":
      return {
        encode(body) {
          const base64 = encrypt(JSON.stringify(body)).toString("base64");
          const signed = `data=${base64}||lpv=3.1||${keyText}`;
          const text = Buffer.from(
            createHash("md5").update(signed, "latin1").digest("hex") + base64,
            "latin1",
          );
          return [text, crc32(text)];
        },
        decode(frame) {
          verifyCrc(frame);
          return JSON.parse(decrypt(Buffer.from(frame.latin1Slice(39, frame.length - 8), "base64")));
        },
      };
    case "3.3":
      return {
        encode(body) {
          const text = encrypt(JSON.stringify(body));
          return [text, crc32(text)];
        },
        decode(frame) {
          verifyCrc(frame);
          return JSON.parse(decrypt(frame.subarray(35, frame.length - 8)));
        },
      };
    case "3.4":
      return {
        encode(body) {
          const text = encrypt(JSON.stringify(body), HEADER_LENGTH);
          return [text, createHmac("sha256", key).update(text).digest()];
        },
        decode(frame) {
          const end = frame.length - 36;
          const hmac = createHmac("sha256", key).update(frame.subarray(0, end)).digest();
          if (!timingSafeEqual(hmac, frame.subarray(end, end + 32))) throw new Error("bad HMAC");
          return JSON.parse(decrypt(frame.subarray(20, frame.length - 36), HEADER_LENGTH));
        },
      };
    case "3.5": {
      const options = { authTagLength: 16 };
      const iv = Buffer.alloc(12);
      const aad = Buffer.alloc(14);
      return {
        encode(body) {
          const cipher = createCipheriv("aes-128-gcm", key, iv, options);
          cipher.setAAD(aad);
          const text = cipher.update(Buffer.from(JSON.stringify(body)));
          cipher.final();
          return [text, cipher.getAuthTag()];
        },
        decode(frame) {
          const decipher = createDecipheriv("aes-128-gcm", key, frame.subarray(18, 30), options);
          decipher.setAAD(frame.subarray(4, 18));
          decipher.setAuthTag(frame.subarray(frame.length - 20, frame.length - 4));
          const plain = decipher.update(frame.subarray(30, frame.length - 20));
          decipher.final();
          return JSON.parse(plain.utf8Slice(4 + HEADER_LENGTH));
        },
      };
    }
    default:
      throw new RangeError(`no floor for ${version}`);
  }
}
