import assert from "node:assert/strict";
import { createIvSource } from "../../src/protocol/iv";
import { hex } from "../support/hex";

describe("createIvSource", () => {
  it("begins with the seed and counts in its last four bytes", () => {
    const next = createIvSource(hex("0102030405060708000000fe"));
    assert.deepEqual(
      [next(), next(), next()].map((iv) => iv.toString("hex")),
      ["0102030405060708000000fe", "0102030405060708000000ff", "010203040506070800000100"],
    );
  });

  it("goes on with 0 behind the largest number", () => {
    const next = createIvSource(hex("ffffffffffffffffffffffff"));
    assert.deepEqual(
      [next(), next()].map((iv) => iv.toString("hex")),
      ["ffffffffffffffffffffffff", "ffffffffffffffff00000000"],
    );
  });

  it("gives a buffer of its own each time, and leaves the seed alone", () => {
    const seed = hex("000000000000000000000001");
    const next = createIvSource(seed);
    const first = next();
    next();
    assert.equal(first.toString("hex"), "000000000000000000000001");
    assert.equal(seed.toString("hex"), "000000000000000000000001");
    seed.fill(0xff);
    first.fill(0xee);
    assert.equal(
      createIvSource(hex("000000000000000000000001"))().toString("hex"),
      "000000000000000000000001",
    );
  });
});
