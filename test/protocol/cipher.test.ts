import assert from "node:assert/strict";
import { createCipheriv, createHash } from "node:crypto";
import {
  Ecb,
  gcmOpen,
  gcmSeal,
  hmacSha256,
  md5,
  md5Hex,
  parseLocalKey,
  secretKey,
} from "../../src/protocol/cipher";
import { encryptEcb, flipBit } from "../support/build";
import { hex } from "../support/hex";
import { Random } from "../support/random";
import { constants, primitives } from "../support/vectors";

const KEY = hex(constants.localKeys.special.hex);

describe("parseLocalKey", () => {
  for (const { ascii, hex: digits } of Object.values(constants.localKeys)) {
    it(`takes ${ascii} as it stands`, () => assert.deepEqual(parseLocalKey(ascii), hex(digits)));
  }

  it("takes sixteen characters that look like anything else for a key", () => {
    for (const key of ["0123456789abcdef", "AAAAAAAAAAAAAA==", "                ", `7{O<&"$M}N0z/'|q`]) {
      assert.deepEqual(parseLocalKey(key), Buffer.from(key, "latin1"));
    }
  });

  it("refuses any other length, counted in bytes", () => {
    const wrong = [
      "",
      "0123456789abcde",
      "0123456789abcdef0",
      "0123456789abcdef ",
      "0123456789abcd\u00fc\u00fc",
    ];
    for (const key of wrong) assert.equal(parseLocalKey(key), undefined, key);
    assert.equal(parseLocalKey("3031323334353637383961626364656 6"), undefined);
  });
});

describe("Ecb", () => {
  for (const { keyHex, inHex, outHex } of primitives.aesEcbPkcs7) {
    it(`encrypts and decrypts ${inHex || "nothing"} of the vectors`, () => {
      const ecb = new Ecb(secretKey(hex(keyHex)));
      assert.equal(ecb.encrypt(hex(inHex)).toString("hex"), outHex);
      assert.equal(ecb.decrypt(hex(outHex))?.toString("hex"), inHex);
    });
  }

  it("keeps nothing from one text to the next, however long, split or refused", () => {
    const random = new Random(16);
    const ecb = new Ecb(secretKey(KEY));
    for (let round = 0; round < 500; round++) {
      const plain = random.bytes(random.pick([0, 1, 15, 16, 17, 31, 32, 33, 1000]));
      const cut = random.below(plain.length + 1);
      const sealed = ecb.encrypt(plain.subarray(0, cut), plain.subarray(cut));
      assert.deepEqual(sealed, encryptEcb(KEY, plain));
      ecb.decrypt(random.bytes(random.below(40)));
      assert.deepEqual(ecb.decrypt(sealed), plain);
    }
  });

  it("refuses what no encryption yields", () => {
    const ecb = new Ecb(secretKey(KEY));
    for (const length of [0, 1, 15, 17, 31]) assert.equal(ecb.decrypt(Buffer.alloc(length)), undefined);
    // The last byte of the plain text says how much padding there is: 1 to 16, and all of it the same.
    const block = (last: string) =>
      ecb.encryptBlock(Buffer.concat([Buffer.alloc(16 - last.length / 2, 0x41), hex(last)]));
    assert.deepEqual(ecb.decrypt(block("01")), Buffer.alloc(15, 0x41));
    assert.deepEqual(ecb.decrypt(block("0202")), Buffer.alloc(14, 0x41));
    for (const last of ["00", "02", "11", "ff", "030203", "10".repeat(15)]) {
      assert.equal(ecb.decrypt(block(last)), undefined, last);
    }
  });
});

describe("gcmSeal and gcmOpen", () => {
  for (const { keyHex, ivHex, aadHex, inHex, ctAndTagHex } of primitives.aesGcm) {
    it("agree with the vectors", () => {
      const { text, tag } = gcmSeal(secretKey(hex(keyHex)), hex(ivHex), hex(aadHex), hex(inHex));
      assert.equal(Buffer.concat([text, tag]).toString("hex"), ctAndTagHex);
      const opened = gcmOpen(secretKey(hex(keyHex)), hex(ivHex), hex(aadHex), text, tag);
      assert.equal(opened?.toString("hex"), inHex);
    });
  }

  it("open nothing of which one bit was changed", () => {
    const [iv, aad, plain] = [Buffer.alloc(12, 1), Buffer.alloc(14, 2), Buffer.from("{}")];
    const key = secretKey(KEY);
    const { text, tag } = gcmSeal(key, iv, aad, plain);
    const refused = (...parts: Parameters<typeof gcmOpen>) => assert.equal(gcmOpen(...parts), undefined);
    for (let bit = 0; bit < 12 * 8; bit++) refused(key, flipBit(iv, bit), aad, text, tag);
    for (let bit = 0; bit < 14 * 8; bit++) refused(key, iv, flipBit(aad, bit), text, tag);
    for (let bit = 0; bit < 2 * 8; bit++) refused(key, iv, aad, flipBit(text, bit), tag);
    for (let bit = 0; bit < 16 * 8; bit++) refused(key, iv, aad, text, flipBit(tag, bit));
    assert.deepEqual(gcmOpen(key, iv, aad, text, tag), plain);
  });
});

describe("hmacSha256 and md5", () => {
  for (const { keyHex, inHex, outHex } of primitives.hmacSha256) {
    it("HMAC of the vectors, with raw bytes and a key object alike", () => {
      assert.equal(hmacSha256(hex(keyHex), hex(inHex)).toString("hex"), outHex);
      assert.equal(hmacSha256(secretKey(hex(keyHex)), hex(inHex)).toString("hex"), outHex);
    });
  }

  for (const { in_, keyHex } of primitives.md5KeyDerivation) {
    it(`MD5 of ${in_}`, () => assert.equal(md5(in_).toString("hex"), keyHex));
  }
});

describe("Ecb.decrypt", () => {
  it("knows no padding longer than a block, however regular", () => {
    const cipher = createCipheriv("aes-128-ecb", KEY, null).setAutoPadding(false);
    const ecb = new Ecb(secretKey(KEY));
    for (const padding of [17, 18, 32, 255])
      assert.equal(ecb.decrypt(cipher.update(Buffer.alloc(32, padding))), undefined, String(padding));
    assert.equal(ecb.decrypt(cipher.update(Buffer.alloc(32, 16)))?.toString("hex"), "10".repeat(16));
  });
});

describe("md5", () => {
  it("takes a character for a byte, as Latin-1 does", () => {
    const expected = createHash("md5").update(hex("e9fc41")).digest();
    assert.deepEqual(md5("\u00e9\u00fcA"), expected);
    assert.equal(md5Hex("\u00e9\u00fcA"), expected.toString("hex"));
  });
});
