import assert from "node:assert/strict";
import { type Decoded, FrameDecoder } from "../../src/protocol/frame-decoder";
import { dialectOf, type ProtocolVersion } from "../../src/protocol/version";
import { bytesGivenBack, framesOf } from "../support/frames";
import { hex } from "../support/hex";
import { Random } from "../support/random";
import { badVectors, frameOf, streams, tcpVectors, vectorNamed, vectors } from "../support/vectors";

interface Outcome {
  readonly frames: string[];
  /** What was discarded, however many pieces it came in. */
  readonly discarded: string;
}

/** Decodes a stream in pieces, and checks on the way that no byte is lost, repeated or moved. */
function decodePieces(pieces: readonly Buffer[], version: ProtocolVersion): Outcome {
  const decoder = new FrameDecoder({ integrity: dialectOf(version).integrity });
  const decoded: Decoded[] = [];
  for (const piece of pieces) decoded.push(...decoder.push(piece));
  const pushed = Buffer.concat(pieces);
  const given = bytesGivenBack(decoded);
  assert.ok(given.equals(pushed.subarray(0, given.length)), "bytes given back differ from bytes pushed");
  assert.equal(given.length + decoder.pending, pushed.length);
  return {
    frames: framesOf(decoded).map(({ bytes }) => bytes.toString("hex")),
    discarded: decoded.map((item) => (item.type === "discarded" ? item.bytes.toString("hex") : "")).join(""),
  };
}

/** Every way to cut a stream in two, and into single bytes. */
function* cuts(stream: Buffer): Generator<Buffer[]> {
  for (let at = 0; at <= stream.length; at++) yield [stream.subarray(0, at), stream.subarray(at)];
  yield Array.from(stream, (_, at) => stream.subarray(at, at + 1));
}

function assertCutsAgree(stream: Buffer, version: ProtocolVersion, expected: Outcome): void {
  for (const pieces of cuts(stream)) {
    const where = `cut after ${pieces[0]?.length} of ${stream.length} bytes`;
    assert.deepEqual(decodePieces(pieces, version), expected, where);
  }
}

describe("streams of the vectors", () => {
  for (const stream of streams) {
    const chunks = stream.chunksHex.map(hex);
    const expected = stream.expectFrames.map((id) => vectorNamed(id).frameHex);
    const version = vectorNamed(stream.expectFrames[0] ?? "").version;

    it(`${stream.id}, as it came`, () => {
      assert.deepEqual(decodePieces(chunks, version).frames, expected);
    });

    it(`${stream.id}, cut anywhere`, () => {
      const whole = Buffer.concat(chunks);
      const discarded = decodePieces(chunks, version).discarded;
      assertCutsAgree(whole, version, { frames: expected, discarded });
    });
  }

  it("are ten", () => assert.equal(streams.length, 10));
});

describe("every vector cut anywhere", () => {
  for (const vector of vectors.filter(({ prefix }) => prefix !== "none")) {
    it(vector.id, () => {
      const bytes = frameOf(vector);
      // Whatever a wrong CRC, HMAC or tag makes of it later: as a piece of the stream it is one frame.
      const isFrame = vector.expect !== "bad_length" && vector.expect !== "bad_suffix";
      const outcome = decodePieces([bytes], vector.version);
      assert.deepEqual(outcome.frames, isFrame ? [vector.frameHex] : []);
      assertCutsAgree(bytes, vector.version, outcome);
    });
  }
});

describe("streams of many vectors", () => {
  const BY_VERSION: readonly ProtocolVersion[] = ["3.1", "3.3", "3.4", "3.5"];
  for (const version of BY_VERSION) {
    it(`of ${version}, with garbage between them, cut at random`, () => {
      const random = new Random(31);
      for (let round = 0; round < 50; round++) {
        const parts: Buffer[] = [];
        const expected: string[] = [];
        for (let i = 0; i < 10; i++) {
          const vector = random.pick(tcpVectors.filter((candidate) => candidate.version === version));
          if (random.chance(0.5)) parts.push(Buffer.alloc(random.below(40), random.below(256)));
          if (random.chance(0.2)) parts.push(frameOf(random.pick(LENGTHS_NO_FRAME_HAS)).subarray(0, 18));
          parts.push(frameOf(vector));
          expected.push(vector.frameHex);
        }
        const pieces = cutAtRandom(Buffer.concat(parts), random);
        assert.deepEqual(decodePieces(pieces, version).frames, expected, `round ${round}`);
      }
    });
  }
});

const LENGTHS_NO_FRAME_HAS = badVectors.filter(
  ({ expect, id }) => expect === "bad_length" && id !== "neg-v34-len35",
);

function cutAtRandom(stream: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < stream.length;) {
    const size = random.between(1, random.pick([2, 20, 200]));
    pieces.push(stream.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
