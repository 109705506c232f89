import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { secretKey } from "../../src/protocol/cipher";
import {
  body55aa,
  encodeFrame55aa,
  type Frame,
  hasValidCrc,
  hasValidHmac,
  trailerLength55aa,
} from "../../src/protocol/frame";
import { bitwiseCrc32, build55aa, build55aaHmac, build6699, flipBit, uint32 } from "../support/build";
import { hex } from "../support/hex";

const KEY = Buffer.from("kV3tWq8ZrX1nLp5e");
const BODY = hex("00000001 7b7d");

const frame = (bytes: Buffer, format: Frame["format"] = "55AA"): Frame => ({
  type: "frame",
  format,
  sequence: bytes.readUInt32BE(4),
  command: bytes.readUInt32BE(8),
  bytes,
});

describe("encodeFrame55aa", () => {
  it("ends in a CRC without a key, in an HMAC with one", () => {
    assert.deepEqual(encodeFrame55aa(3, 10, [BODY]), build55aa(3, 10, BODY));
    assert.deepEqual(encodeFrame55aa(3, 10, [BODY], secretKey(KEY)), build55aaHmac(KEY, 3, 10, BODY));
  });

  it("joins the parts of a body", () => {
    const parts = [BODY.subarray(0, 1), Buffer.alloc(0), BODY.subarray(1)];
    assert.deepEqual(encodeFrame55aa(3, 10, parts), build55aa(3, 10, BODY));
    assert.deepEqual(encodeFrame55aa(3, 10, []), build55aa(3, 10, Buffer.alloc(0)));
  });

  it("writes numbers up to 32 bits and refuses others", () => {
    assert.deepEqual(
      encodeFrame55aa(0xffffffff, 0xffffffff, []),
      build55aa(0xffffffff, 0xffffffff, Buffer.alloc(0)),
    );
    for (const number of [-1, 2 ** 32]) {
      assert.throws(() => encodeFrame55aa(number, 10, []), RangeError);
      assert.throws(() => encodeFrame55aa(1, number, []), RangeError);
    }
  });
});

describe("hasValidCrc and hasValidHmac", () => {
  const withCrc = build55aa(1, 9, Buffer.alloc(40));
  const withHmac = build55aaHmac(KEY, 1, 9, Buffer.alloc(40));

  it("tell one trailer from the other", () => {
    assert.deepEqual(
      [hasValidCrc(frame(withCrc)), hasValidHmac(frame(withCrc), secretKey(KEY))],
      [true, false],
    );
    assert.deepEqual(
      [hasValidCrc(frame(withHmac)), hasValidHmac(frame(withHmac), secretKey(KEY))],
      [false, true],
    );
  });

  it("notice every changed bit but those of the suffix, which the decoder checks", () => {
    for (let bit = 0; bit < (withCrc.length - 4) * 8; bit++) {
      assert.equal(hasValidCrc(frame(flipBit(withCrc, bit))), false, `bit ${bit}`);
    }
    for (let bit = 0; bit < (withHmac.length - 4) * 8; bit++) {
      assert.equal(hasValidHmac(frame(flipBit(withHmac, bit)), secretKey(KEY)), false, `bit ${bit}`);
    }
  });

  it("are false of frames too short for a trailer, and of the other format", () => {
    assert.equal(hasValidHmac(frame(build55aa(1, 9, BODY)), secretKey(KEY)), false);
    const f6699 = frame(build6699(1, 9, Buffer.alloc(60)), "6699");
    assert.deepEqual([hasValidCrc(f6699), hasValidHmac(f6699, secretKey(KEY))], [false, false]);
  });
});

describe("body55aa", () => {
  it("is what stands between header and trailer", () => {
    assert.deepEqual(body55aa(frame(build55aa(1, 9, BODY)), "crc32"), BODY);
    assert.deepEqual(body55aa(frame(build55aaHmac(KEY, 1, 9, BODY)), "hmac-sha256"), BODY);
  });

  it("is empty where the trailer would reach into the header", () => {
    assert.deepEqual(body55aa(frame(build55aa(1, 9, BODY)), "hmac-sha256"), Buffer.alloc(0));
  });

  it("leaves to the trailer what trailerLength55aa says", () => {
    const whole = 100;
    const bytes = Buffer.alloc(16 + whole);
    for (const integrity of ["crc32", "hmac-sha256"] as const) {
      assert.equal(body55aa(frame(bytes), integrity).length, whole - 4 - trailerLength55aa(integrity));
    }
  });
});

describe("a trailer", () => {
  it("is right in no frame of the other format, whatever its bytes", () => {
    assert.equal(hasValidCrc(frame(build55aa(1, 7, BODY), "6699")), false);
    assert.equal(hasValidHmac(frame(build55aaHmac(KEY, 1, 7, BODY), "6699"), secretKey(KEY)), false);
  });

  it("is right in no frame without room for header and trailer", () => {
    const covered = hex("000055aa00000001");
    const short = Buffer.concat([covered, uint32(bitwiseCrc32(covered), 0xaa55)]);
    assert.equal(hasValidCrc(frame(Buffer.concat([short]), "55AA")), false);
    const header = hex("000055aa000000010000000700000008");
    for (let length = 12; length < 24; length++)
      assert.equal(hasValidCrc(frame(Buffer.concat([header, header]).subarray(0, length))), false);
    for (let length = 12; length < 52; length++)
      assert.equal(hasValidHmac(frame(Buffer.alloc(length)), secretKey(KEY)), false);
    const sealed = (length: number): Buffer => {
      const start = header.subarray(0, length);
      return Buffer.concat([start, createHmac("sha256", KEY).update(start).digest(), uint32(0xaa55)]);
    };
    assert.equal(hasValidHmac(frame(sealed(15)), secretKey(KEY)), false);
    assert.equal(hasValidHmac(frame(sealed(16)), secretKey(KEY)), true);
  });
});
