/*
 * What nobody can do without: JSON, and the encryption and integrity of a version, written straight on node:crypto with
 * key objects and, for ECB, with one native object for ever. Encoding ends in the one piece a device takes, for its sum or
 * tag covers the numbers that stand first. No choices, no looking for frames in a stream; of what comes, only the integrity
 * is checked.
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

const NOTHING = Buffer.alloc(0);
const HEADER_LENGTH = 15;

/** ECB from text to bytes and back. */
function ecbText(key) {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  const decipher = createDecipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  const encrypt = (text, header = NOTHING) => {
    const length = header.length + Buffer.byteLength(text);
    const padding = 16 - (length % 16);
    const plain = Buffer.allocUnsafe(length + padding);
    header.copy(plain);
    plain.utf8Write(text, header.length);
    plain.fill(padding, length);
    return cipher.update(plain);
  };
  /** Without the first `room` bytes, which are a version header. */
  const decrypt = (bytes, room = 0) => {
    const plain = decipher.update(bytes);
    const end = plain.length - plain[plain.length - 1];
    for (let i = end; i < plain.length; i++)
      if (plain[i] !== plain.length - end) throw new Error("bad padding");
    return plain.utf8Slice(room, end);
  };
  return { encrypt, decrypt };
}

/** A 55AA frame with room for body and sum. */
function frame55aa(command, bodyLength, sumLength) {
  const frame = Buffer.allocUnsafe(16 + bodyLength + sumLength + 4);
  frame.writeUInt32BE(0x55aa, 0);
  frame.writeUInt32BE(1, 4);
  frame.writeUInt32BE(command, 8);
  frame.writeUInt32BE(bodyLength + sumLength + 4, 12);
  frame.writeUInt32BE(0xaa55, frame.length - 4);
  return frame;
}

function withCrc(frame) {
  const end = frame.length - 8;
  frame.writeUInt32BE(crc32(frame.subarray(0, end)), end);
  return frame;
}

/** A sum vouches for nothing until it is compared, and it does not cover itself. */
function verifyCrc(frame) {
  const end = frame.length - 8;
  if (crc32(frame.subarray(0, end)) !== frame.readUInt32BE(end)) throw new Error("bad CRC");
}

/** @returns {{encode: (body: object) => Buffer, decode: (frame: Buffer) => unknown}} */
export function floorOf(version, keyBytes) {
  const key = createSecretKey(keyBytes);
  const keyText = keyBytes.toString("latin1");
  const header = Buffer.concat([Buffer.from(version)], HEADER_LENGTH);
  const { encrypt, decrypt } = ecbText(key);
  switch (version) {
    case "3.1":
      return {
        encode(body) {
          const base64 = encrypt(JSON.stringify(body)).toString("base64");
          const signed = `data=${base64}||lpv=3.1||${keyText}`;
          const md5 = createHash("md5").update(signed, "latin1").digest("hex");
          const text = `3.1${md5.slice(8, 24)}${base64}`;
          const frame = frame55aa(7, text.length, 4);
          frame.latin1Write(text, 16);
          return withCrc(frame);
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
          const frame = frame55aa(7, HEADER_LENGTH + text.length, 4);
          header.copy(frame, 16);
          text.copy(frame, 16 + HEADER_LENGTH);
          return withCrc(frame);
        },
        decode(frame) {
          verifyCrc(frame);
          return JSON.parse(decrypt(frame.subarray(35, frame.length - 8)));
        },
      };
    case "3.4":
      return {
        encode(body) {
          const text = encrypt(JSON.stringify(body), header);
          const frame = frame55aa(13, text.length, 32);
          text.copy(frame, 16);
          const end = frame.length - 36;
          createHmac("sha256", key).update(frame.subarray(0, end)).digest().copy(frame, end);
          return frame;
        },
        decode(frame) {
          const end = frame.length - 36;
          const hmac = createHmac("sha256", key).update(frame.subarray(0, end)).digest();
          if (!timingSafeEqual(hmac, frame.subarray(end, end + 32))) throw new Error("bad HMAC");
          return JSON.parse(decrypt(frame.subarray(20, end), HEADER_LENGTH));
        },
      };
    case "3.5": {
      const options = { authTagLength: 16 };
      const iv = Buffer.alloc(12);
      return {
        encode(body) {
          const json = JSON.stringify(body);
          const plain = Buffer.allocUnsafe(HEADER_LENGTH + Buffer.byteLength(json));
          header.copy(plain);
          plain.utf8Write(json, HEADER_LENGTH);
          const frame = Buffer.allocUnsafe(30 + plain.length + 20);
          frame.writeUInt32BE(0x6699, 0);
          frame.writeUInt16BE(0, 4);
          frame.writeUInt32BE(1, 6);
          frame.writeUInt32BE(13, 10);
          frame.writeUInt32BE(plain.length + 28, 14);
          iv.copy(frame, 18);
          const cipher = createCipheriv("aes-128-gcm", key, iv, options);
          cipher.setAAD(frame.subarray(4, 18));
          cipher.update(plain).copy(frame, 30);
          cipher.final();
          cipher.getAuthTag().copy(frame, 30 + plain.length);
          frame.writeUInt32BE(0x9966, frame.length - 4);
          return frame;
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
