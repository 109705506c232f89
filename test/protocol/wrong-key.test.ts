import assert from "node:assert/strict";
import { Envelope, type OpenFailure } from "../../src/protocol/envelope";
import { FrameDecoder } from "../../src/protocol/frame-decoder";
import { dialectOf, type ProtocolVersion } from "../../src/protocol/version";
import { flipBit } from "../support/build";
import { onlyFrame } from "../support/frames";
import { Random } from "../support/random";
import { frameOf, keyOf, tcpVectors, type Vector } from "../support/vectors";

const KEYS_TRIED = 2000;

const REASON: Record<ProtocolVersion, OpenFailure> = {
  "3.1": "bad_body",
  "3.2": "bad_body",
  "3.3": "bad_body",
  "3.4": "bad_hmac",
  "3.5": "bad_tag",
};

/** Frames in which something depends on the key, of both directions. */
function keyedVectors(version: ProtocolVersion): Vector[] {
  const keyed = tcpVectors.filter((vector) => vector.version === version && vector.keyRole !== "none");
  // HMAC and tag do not care what they cover; up to 3.3 each body is a case of its own.
  return version === "3.4" || version === "3.5" ? keyed.slice(0, 8) : keyed;
}

describe("a wrong key never yields data", () => {
  for (const version of ["3.1", "3.2", "3.3", "3.4", "3.5"] as const) {
    it(`${version}: ${REASON[version]} under ${KEYS_TRIED} other keys`, () => {
      const random = new Random(1);
      const cases = keyedVectors(version).map((vector) => ({
        id: vector.id,
        frame: onlyFrame(new FrameDecoder().push(frameOf(vector))),
        sender: vector.direction === "to_device" ? ("client" as const) : ("device" as const),
      }));
      assert.ok(cases.length >= 3);
      for (let i = 0; i < KEYS_TRIED; i++) {
        const envelope = new Envelope(dialectOf(version), random.bytes(16));
        for (const { id, frame, sender } of cases) {
          const opened = envelope.open(frame, sender);
          assert.ok(!opened.ok, `${id} opened under another key`);
          assert.equal(opened.reason, REASON[version], id);
        }
      }
    });
  }

  it("of which one bit differs", () => {
    for (const vector of tcpVectors.filter(({ keyRole }) => keyRole !== "none")) {
      const frame = onlyFrame(new FrameDecoder().push(frameOf(vector)));
      for (let bit = 0; bit < 128; bit++) {
        const key = flipBit(keyOf(vector), bit);
        const opened = new Envelope(dialectOf(vector.version), key).open(frame);
        assert.deepEqual(opened, { ok: false, reason: REASON[vector.version] }, `${vector.id}, bit ${bit}`);
      }
    }
  });
});

describe("another version's frames never yield data", () => {
  for (const vector of tcpVectors) {
    // Clear frames say the same in 3.1, 3.2 and 3.3, and 3.2 encrypts as 3.3 does.
    const alike: readonly ProtocolVersion[] = ["3.1", "3.2", "3.3"];
    const others = (["3.1", "3.2", "3.3", "3.4", "3.5"] as const).filter((version) =>
      alike.includes(vector.version) && (vector.keyRole === "none" || vector.version !== "3.1")
        ? !alike.includes(version)
        : version !== vector.version,
    );
    it(`${vector.id} on ${others.join(", ")}`, () => {
      const frame = onlyFrame(new FrameDecoder().push(frameOf(vector)));
      for (const version of others) {
        const sender = vector.direction === "to_device" ? "client" : "device";
        const opened = new Envelope(dialectOf(version), keyOf(vector)).open(frame, sender);
        assert.equal(opened.ok, false, `read as ${version}`);
      }
    });
  }
});
