import assert from "node:assert/strict";
import { crc32, crc32FromTable } from "../../src/protocol/crc32";
import { bitwiseCrc32 } from "../support/build";
import { hex } from "../support/hex";
import { Random } from "../support/random";
import { primitives } from "../support/vectors";

for (const [name, checksum] of Object.entries({ crc32, crc32FromTable })) {
  describe(name, () => {
    for (const { inHex, out } of primitives.crc32) {
      it(`of ${inHex} is ${out}`, () => assert.equal(checksum(hex(inHex)), Number.parseInt(out, 16)));
    }

    it("of nothing is 0", () => assert.equal(checksum(Buffer.alloc(0)), 0));

    it("is the checksum the standard defines, unsigned, of any bytes", () => {
      const random = new Random(32);
      let highest = 0;
      for (let length = 0; length < 300; length++) {
        const bytes = random.bytes(length);
        highest = Math.max(highest, checksum(bytes));
        assert.equal(checksum(bytes), bitwiseCrc32(bytes), bytes.toString("hex"));
      }
      assert.ok(highest > 0x7fffffff);
    });
  });
}

describe("crc32FromTable", () => {
  it("agrees with the built-in one, where this Node has it, on more bytes than a frame can have", () => {
    const bytes = new Random(1).bytes(100_000);
    assert.equal(crc32FromTable(bytes), crc32(bytes));
  });
});
