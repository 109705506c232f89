import assert from "node:assert/strict";
import { secretKey } from "../../src/protocol/cipher";
import { Envelope } from "../../src/protocol/envelope";
import { encodeFrame6699 } from "../../src/protocol/frame-6699";
import { type Decoded, FrameDecoder } from "../../src/protocol/frame-decoder";
import type { Message, VersionHeader } from "../../src/protocol/message";
import { dialectOf } from "../../src/protocol/version";
import { decodeAnnouncement } from "../../src/protocol/announcement";
import { onlyFrame } from "../support/frames";
import { hex } from "../support/hex";
import {
  badVectors,
  bytesOf,
  frameOf,
  keyOf,
  tcpVectors,
  udpVectors,
  type Vector,
  vectorNamed,
  vectors,
} from "../support/vectors";

const envelopeOf = (vector: Vector) => new Envelope(dialectOf(vector.version), keyOf(vector));
const senderOf = (vector: Vector) => (vector.direction === "to_device" ? "client" : "device");

function decode(vector: Vector): Decoded[] {
  return new FrameDecoder({ integrity: dialectOf(vector.version).integrity }).push(frameOf(vector));
}

/** Whether anything in a TCP frame is encrypted. A 3.4 acknowledgement has a key for its HMAC and nothing to encrypt. */
function isEncrypted(vector: Vector): boolean {
  if (vector.version !== "3.4") return vector.keyRole !== "none";
  const headerAndTrailer = 16 + 32 + 4;
  return vector.frameLength > headerAndTrailer + (vector.retcodeHex === null ? 0 : 4);
}

/** The numbers in a version header, where it is none of 3.1 with its signature. */
function headerIn(versionHeaderHex: string | null): VersionHeader | undefined {
  const header = bytesOf(versionHeaderHex);
  if (header?.length !== 15) return header && { number: 0, source: 0 };
  return { number: header.readUInt32BE(7), source: header.readUInt32BE(11) };
}

/** The message a vector stands for, from its fields alone. */
function messageOf(vector: Vector): Message {
  const { seq, cmd, retcode, appPayloadHex, versionHeaderHex } = vector;
  assert.ok(seq !== null && cmd !== null);
  return {
    sequence: seq,
    command: cmd,
    returnCode: retcode ?? undefined,
    header: headerIn(versionHeaderHex),
    payload: hex(appPayloadHex),
    encrypted: isEncrypted(vector),
  };
}

describe("vectors: every one is tested", () => {
  it("by exactly one of the groups of tests", () => {
    assert.deepEqual(
      [...tcpVectors, ...udpVectors, ...badVectors].map(({ id }) => id).toSorted(),
      vectors.map(({ id }) => id).toSorted(),
    );
  });

  it("in the numbers there should be", () => {
    const counts: Record<string, number> = {};
    for (const { group } of vectors) counts[group] = (counts[group] ?? 0) + 1;
    const expected = { v31: 10, v32: 6, v33: 23, v34: 34, v35: 43, udp: 11, trap: 19, negative: 14 };
    assert.deepEqual(counts, expected);
    assert.deepEqual([tcpVectors.length, udpVectors.length, badVectors.length], [135, 11, 14]);
  });
});

describe("vectors: decoding", () => {
  for (const vector of tcpVectors) {
    it(vector.id, () => {
      const frame = onlyFrame(decode(vector));
      assert.equal(frame.format, vector.prefix.toUpperCase());
      assert.equal(frame.sequence, vector.seq);
      assert.equal(frame.command, vector.cmd);
      assert.equal(frame.bytes.toString("hex"), vector.frameHex);
      assert.deepEqual(envelopeOf(vector).open(frame, senderOf(vector)), {
        ok: true,
        message: messageOf(vector),
      });
    });
  }
});

describe("vectors: encoding", () => {
  for (const vector of tcpVectors) {
    if (vector.id === "trap-v35-reserved-bytes") continue;
    it(vector.id, () => {
      const sealed = envelopeOf(vector).seal({
        ...messageOf(vector),
        header: bytesOf(vector.versionHeaderHex) ?? null,
        returnCodeOrder: vector.retcodeHex?.startsWith("01") ? "LE" : "BE",
        iv: bytesOf(vector.ivHex),
      });
      assert.equal(sealed.toString("hex"), vector.frameHex);
    });
  }

  it("trap-v35-reserved-bytes, whose reserved bytes no envelope writes", () => {
    const vector = vectorNamed("trap-v35-reserved-bytes");
    const plain = hex(`${vector.retcodeHex} ${vector.appPayloadHex}`);
    const frame = encodeFrame6699(40834, 16, plain, secretKey(keyOf(vector)), hex(vector.ivHex ?? ""), 1);
    assert.equal(frame.toString("hex"), vector.frameHex);
  });

  for (const vector of tcpVectors.filter(({ direction }) => direction === "to_device")) {
    // Filled in by the vendor's app; clients leave the source fields zero.
    if (vector.id.endsWith("-appsource")) continue;
    it(`${vector.id} from sequence, command and payload alone`, () => {
      const { sequence, command, payload } = messageOf(vector);
      const sealed = envelopeOf(vector).seal({ sequence, command, payload, iv: bytesOf(vector.ivHex) });
      assert.equal(sealed.toString("hex"), vector.frameHex);
    });
  }
});

describe("vectors: bytes that are no valid frame", () => {
  for (const vector of badVectors) {
    it(`${vector.id} is refused for ${vector.expect}`, () => {
      if (vector.transport !== "tcp") {
        assert.deepEqual(decodeAnnouncement(frameOf(vector)), { ok: false, reason: vector.expect });
        return;
      }
      const [first] = decode(vector);
      assert.ok(first);
      if (first.type === "discarded") {
        assert.equal(first.reason, vector.expect);
      } else {
        const opened = envelopeOf(vector).open(first, senderOf(vector));
        assert.deepEqual(opened, { ok: false, reason: vector.expect });
      }
    });
  }
});
