import { build55aa, build55aaHmac, build6699Gcm, encryptEcb, flipBit } from "./build";
import type { Random } from "./random";
import { frameOf, keyOf, type Vector } from "./vectors";

/** Makes bytes a device never sent out of those of a vector. */
export type Mutation = (vector: Vector, random: Random, others: readonly Vector[]) => Buffer;

const AFFIXES = ["000055aa", "0000aa55", "00006699", "00009966", "0000"].map((text) =>
  Buffer.from(text, "hex"),
);
const LENGTHS = [0, 1, 7, 8, 9, 27, 28, 35, 36, 255, 4096, 16384, 16385, 0x7fffffff, 0x80000000, 0xffffffff];
const TELLING_BYTES = [
  0x00, 0x01, 0x10, 0x11, 0x20, 0x22, 0x2e, 0x33, 0x55, 0x7b, 0x7d, 0x7f, 0x80, 0xc3, 0xff,
];

/** JSON no device writes, yet a parser must survive; `"type":query` is what 3.3 firmware really writes. */
export const STRANGE_TEXTS = [
  "", "{}", "{", "}", "[]", "null", "0", '""', "\0", "{}\0\0", "3.3", "3.5", "\ufeff{}", "data format error",
  '{"dps":{"1":true},"type":query}', '{"dps":null}', '{"dps":[]}', '{"data":null}', '{"data":{"dps":{}}}',
  '{"__proto__":{"dps":{"1":1}}}', '{"dps":{"__proto__":{"1":1}}}', '{"dps":{"1":1e999},"t":1e999}',
  '{"data":{"online":[null,{},"a"],"offline":"b"}}', '{"dps":{},"cid":{},"devId":[],"t":{}}',
  '{"gwId":"a","ip":"192.0.2.1"}', '{"from":"app","ip":[]}', '{"gwId":{},"ip":{}}',
  `{"dps":{"1":${"[".repeat(600)}${"]".repeat(600)}}}`, `${'{"a":'.repeat(300)}1${"}".repeat(300)}`,
]; // prettier-ignore

const splice = (bytes: Buffer, at: number, remove: number, insert: Buffer) =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);

function flipSomeBits(bytes: Buffer, random: Random): Buffer {
  let changed = bytes;
  for (let i = random.between(1, 4); i > 0; i--) changed = flipBit(changed, random.below(bytes.length * 8));
  return changed;
}

/** Any one small change. */
function disturb(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return random.bytes(random.below(20));
  const at = random.below(bytes.length);
  const size = random.below(20);
  switch (random.below(5)) {
    case 0:
      return flipSomeBits(bytes, random);
    case 1:
      return splice(bytes, at, 1, Buffer.of(random.pick(TELLING_BYTES)));
    case 2:
      return splice(bytes, at, size, Buffer.alloc(0));
    case 3:
      return splice(bytes, at, 0, random.bytes(size));
    default:
      return splice(bytes, at, 0, bytes.subarray(at, at + size));
  }
}

/** Wraps a body, however strange, in a frame whose checksum, HMAC or tag is right. */
function reseal(vector: Vector, body: Buffer, random: Random): Buffer {
  const sequence = random.uint32();
  const command = random.chance(0.5) ? (vector.cmd ?? 0) : random.below(20);
  if (vector.prefix === "6699") return build6699Gcm(keyOf(vector), random.bytes(12), sequence, command, body);
  return vector.version === "3.4" && vector.transport === "tcp"
    ? build55aaHmac(keyOf(vector), sequence, command, body)
    : build55aa(sequence, command, body);
}

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "flips bits": (vector, random) => flipSomeBits(frameOf(vector), random),

  "overwrites bytes with telling ones": (vector, random) => {
    const bytes = frameOf(vector);
    for (let i = random.between(1, 6); i > 0; i--)
      bytes[random.below(bytes.length)] = random.pick(TELLING_BYTES);
    return bytes;
  },

  "cuts off the beginning or the end": (vector, random) => {
    const bytes = frameOf(vector);
    const at = random.below(bytes.length);
    return random.chance(0.5) ? bytes.subarray(at) : bytes.subarray(0, at);
  },

  "cuts a piece out": (vector, random) => {
    const bytes = frameOf(vector);
    return splice(bytes, random.below(bytes.length), random.between(1, 40), Buffer.alloc(0));
  },

  "inserts bytes, prefixes and suffixes": (vector, random) => {
    const bytes = frameOf(vector);
    const inserted = random.chance(0.5) ? random.pick(AFFIXES) : random.bytes(random.between(1, 40));
    return splice(bytes, random.below(bytes.length + 1), random.below(2) * inserted.length, inserted);
  },

  "repeats a piece": (vector, random) => {
    const bytes = frameOf(vector);
    const from = random.below(bytes.length);
    const piece = bytes.subarray(from, from + random.between(1, 60));
    return splice(
      bytes,
      random.below(bytes.length),
      0,
      Buffer.concat(Array<Buffer>(random.between(1, 5)).fill(piece)),
    );
  },

  "lies about the length": (vector, random) => {
    const bytes = frameOf(vector);
    const at = vector.prefix === "6699" ? 14 : 12;
    const length = random.chance(0.5)
      ? random.pick(LENGTHS)
      : bytes.readUInt32BE(at) + random.between(-20, 20);
    bytes.writeUInt32BE(length >>> 0, at);
    return random.chance(0.3) ? Buffer.concat([bytes, random.bytes(random.below(5000))]) : bytes;
  },

  "glues disturbed frames together": (vector, random, others) => {
    const parts = [disturb(frameOf(vector), random)];
    for (let i = random.between(1, 4); i > 0; i--) {
      const other = frameOf(random.pick(others));
      parts.push(random.chance(0.5) ? other : disturb(other, random));
    }
    return Buffer.concat(parts);
  },

  "disturbs the body and seals it again": (vector, random) => {
    const frame = frameOf(vector);
    const header = vector.prefix === "6699" ? 30 : 16;
    return reseal(vector, disturb(frame.subarray(header, -8), random), random);
  },

  "disturbs the plain text and encrypts it again": (vector, random) => {
    const text = random.chance(0.5)
      ? Buffer.from(random.pick(STRANGE_TEXTS))
      : disturb(Buffer.from(vector.appPayloadHex, "hex"), random);
    const code = Buffer.from(random.pick(["", "00000000", "00000001", "01000000", "7b000000", "00"]), "hex");
    const versionHeader = random.chance(0.5)
      ? Buffer.from(vector.versionHeaderHex ?? "", "hex")
      : Buffer.alloc(0);
    if (vector.prefix === "6699") return reseal(vector, Buffer.concat([code, versionHeader, text]), random);
    const key = keyOf(vector);
    if (vector.version === "3.4") {
      return reseal(
        vector,
        Buffer.concat([code, encryptEcb(key, Buffer.concat([versionHeader, text]))]),
        random,
      );
    }
    const isSigned = vector.version === "3.1" && versionHeader.length > 0;
    const sealed = random.chance(0.2) ? text : encryptEcb(key, text);
    const body = isSigned ? Buffer.from(sealed.toString("base64")) : sealed;
    return reseal(vector, Buffer.concat([code, versionHeader, body]), random);
  },
};
