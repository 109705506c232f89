import assert from "node:assert/strict";
import { secretKey } from "../../src/protocol/cipher";
import type { Frame } from "../../src/protocol/frame";
import { encodeFrame6699, openFrame6699 } from "../../src/protocol/frame-6699";
import { build55aa, build6699Gcm, flipBit } from "../support/build";
import { hex } from "../support/hex";

const KEY = Buffer.from("kV3tWq8ZrX1nLp5e");
const IV = hex("00009966 0000aa55 00006699");

const frame = (bytes: Buffer, format: Frame["format"] = "6699"): Frame => ({
  type: "frame",
  format,
  sequence: bytes.readUInt32BE(6),
  command: bytes.readUInt32BE(10),
  bytes,
});

describe("encodeFrame6699", () => {
  for (const length of [0, 1, 2, 1000]) {
    it(`seals ${length} bytes, and openFrame6699 opens them`, () => {
      const plain = Buffer.alloc(length, 0x55);
      const bytes = encodeFrame6699(0xfffffffe, 64, plain, secretKey(KEY), IV);
      assert.deepEqual(bytes, build6699Gcm(KEY, IV, 0xfffffffe, 64, plain));
      assert.deepEqual(openFrame6699(frame(bytes), secretKey(KEY)), plain);
    });
  }

  it("writes reserved bytes, which are authenticated as they are received", () => {
    const plain = Buffer.from("{}");
    const bytes = encodeFrame6699(1, 9, plain, secretKey(KEY), IV, 0xabcd);
    assert.equal(bytes.readUInt16BE(4), 0xabcd);
    assert.deepEqual(openFrame6699(frame(bytes), secretKey(KEY)), plain);
  });

  it("refuses numbers of more than 32 bits", () => {
    for (const number of [-1, 2 ** 32]) {
      assert.throws(() => encodeFrame6699(number, 9, IV, secretKey(KEY), IV), RangeError);
      assert.throws(() => encodeFrame6699(1, number, IV, secretKey(KEY), IV), RangeError);
    }
  });
});

describe("openFrame6699", () => {
  it("notices every changed bit behind the prefix and before the suffix", () => {
    const bytes = build6699Gcm(KEY, IV, 1, 9, Buffer.from('{"dps":{}}'));
    for (let bit = 4 * 8; bit < (bytes.length - 4) * 8; bit++) {
      assert.equal(openFrame6699(frame(flipBit(bytes, bit)), secretKey(KEY)), undefined, `bit ${bit}`);
    }
  });

  it("opens neither a 55AA frame nor one too short for IV and tag", () => {
    assert.equal(openFrame6699(frame(build55aa(1, 9, Buffer.alloc(60)), "55AA"), secretKey(KEY)), undefined);
    const short = build6699Gcm(KEY, IV, 1, 9, Buffer.alloc(0)).subarray(0, -1);
    assert.equal(openFrame6699(frame(short), secretKey(KEY)), undefined);
  });
});

describe("openFrame6699", () => {
  const sealed = build6699Gcm(Buffer.alloc(16, 7), Buffer.alloc(12, 1), 1, 8, Buffer.alloc(0));
  const key = secretKey(Buffer.alloc(16, 7));
  const frame = (format: "55AA" | "6699", bytes: Buffer): Frame => ({
    type: "frame",
    format,
    sequence: 1,
    command: 8,
    bytes,
  });

  it("opens a frame around nothing, and none that is shorter or of the other format", () => {
    assert.equal(openFrame6699(frame("6699", sealed), key)?.length, 0);
    assert.equal(openFrame6699(frame("55AA", sealed), key), undefined);
    for (let length = 0; length < sealed.length; length++)
      assert.equal(openFrame6699(frame("6699", sealed.subarray(0, length)), key), undefined);
  });

  it("names the length of an IV that has another", () => {
    assert.throws(() => encodeFrame6699(1, 8, Buffer.alloc(0), key, Buffer.alloc(11)), {
      name: "RangeError",
      message: "a 6699 frame needs an IV of 12 bytes",
    });
  });
});
