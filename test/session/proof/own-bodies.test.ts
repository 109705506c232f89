import assert from "node:assert/strict";
import { OwnBodies } from "../../../src/session/proof/own-bodies";

const BODY = Buffer.from(
  '{"devId":"bf000000000000000001","uid":"bf000000000000000001","t":"1","dps":{"1":true}}',
);

function block(number: number): Buffer {
  return Buffer.from(String(number).padStart(16, "0"));
}

describe("what was sent from here", () => {
  it("is known as a whole, and nothing like it", () => {
    const own = new OwnBodies();
    assert.equal(own.has(BODY), false);
    own.add(BODY);
    assert.equal(own.has(Buffer.from(BODY)), true);
    assert.equal(own.has(BODY.subarray(0, -1)), false);
    assert.equal(own.has(Buffer.concat([BODY.subarray(0, 16), BODY.subarray(48)])), false);
  });

  it("is known by its blocks, in any order, where it went to somebody who had proved nothing", () => {
    const own = new OwnBodies();
    own.addUnproven(BODY, new Set());
    for (const body of [
      BODY,
      Buffer.concat([BODY.subarray(0, 16), BODY.subarray(48)]),
      BODY.subarray(-(BODY.length % 16)),
      Buffer.concat([BODY.subarray(16, 32), BODY.subarray(0, 16)]),
    ])
      assert.equal(own.has(body), true, body.toString());
    const other = Buffer.from(BODY);
    other[40] = 0x21;
    for (const body of [Buffer.alloc(0), other, BODY.subarray(1), Buffer.concat([BODY, Buffer.alloc(1)])])
      assert.equal(own.has(body), false, body.toString());
  });

  it("is forgotten where whoever has it proves the key, unless somebody else has it as well", () => {
    for (const isFirst of [true, false]) {
      const own = new OwnBodies();
      const [device, liar] = [new Set<string>(), new Set<string>()];
      if (isFirst) own.addUnproven(block(1), liar);
      own.addUnproven(Buffer.concat([block(1), block(2)]), device);
      own.addUnproven(block(1), device);
      if (!isFirst) own.addUnproven(block(1), liar);
      own.forget(device);
      assert.deepEqual(
        [1, 2].map((i) => own.has(block(i))),
        [true, false],
      );
      own.forget(liar);
      assert.equal(own.has(block(1)), false);
    }
  });

  it("is kept as far as its bounds go, the latest first", () => {
    const own = new OwnBodies();
    const sent = new Set<string>();
    for (let i = 0; i < 600; i++) {
      own.addUnproven(block(i), sent);
      own.add(Buffer.from(`body ${i}`));
      // What is sent again and again stays.
      own.addUnproven(block(0), sent);
    }
    assert.equal(sent.size, 512);
    assert.deepEqual(
      [0, 50, 599].map((i) => own.has(block(i))),
      [true, false, true],
    );
    assert.deepEqual(
      [500, 550, 599].map((i) => own.has(Buffer.from(`body ${i}`))),
      [false, true, true],
    );
  });

  it("is kept to the last one its bounds allow", () => {
    const own = new OwnBodies();
    const bodies = Array.from({ length: 64 }, (_, i) => Buffer.from(`body ${i}`));
    for (const body of bodies) own.add(body);
    assert.ok(bodies.every((body) => own.has(body)));
    const blocks = Buffer.concat(Array.from({ length: 512 }, (_, i) => block(i)));
    own.addUnproven(blocks, new Set());
    assert.equal(own.has(blocks), true);
  });

  it("need not be there to be forgotten", () => {
    const own = new OwnBodies();
    own.forget(new Set([block(1).toString("latin1")]));
    assert.equal(own.has(block(1)), false);
  });
});
