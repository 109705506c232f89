import assert from "node:assert/strict";
import { type Decoded, FrameDecoder, MAX_LENGTH } from "../../src/protocol/frame-decoder";
import { build55aa, build6699, uint32 } from "../support/build";
import { bytesGivenBack, framesOf, onlyFrame } from "../support/frames";
import { hex } from "../support/hex";
import { countWork } from "../support/work";

const GOOD_55AA = build55aa(1, 9, hex("00000000"));
const GOOD_6699 = build6699(1, 9, Buffer.alloc(32, 0x11));

function pushInPieces(decoder: FrameDecoder, bytes: Buffer, size: number): Decoded[] {
  const decoded: Decoded[] = [];
  for (let at = 0; at < bytes.length; at += size)
    decoded.push(...decoder.push(bytes.subarray(at, at + size)));
  return decoded;
}

describe("FrameDecoder: where a frame begins and ends", () => {
  const affixes = hex("000055aa 0000aa55 00006699 00009966");
  const traps: readonly [string, Buffer][] = [
    ["a body full of prefixes and suffixes", build55aa(1, 8, Buffer.concat([affixes, affixes]))],
    ["a body that ends in a suffix", build55aa(1, 8, hex("31 32 33 0000aa55"))],
    ["a body that is a whole frame", build55aa(1, 8, GOOD_55AA)],
    ["a 6699 frame in a 55AA body", build55aa(1, 8, GOOD_6699)],
    ["a 55AA frame in 6699 cipher text", build6699(1, 8, Buffer.concat([Buffer.alloc(28), GOOD_55AA]))],
    ["affixes for IV and tag", build6699(1, 8, Buffer.concat([affixes, affixes]))],
    ["a prefix for a sequence number", build55aa(0x55aa, 8, hex("00000000"))],
    ["a suffix for a command", build55aa(1, 0xaa55, hex("00000000"))],
    ["a length that reads like a suffix", build55aa(1, 8, Buffer.alloc(0x9966 - 8))],
    ["highest numbers", build6699(0xffffffff, 0xffffffff, Buffer.alloc(28, 0xff))],
    ["a body of zeros", build55aa(0, 0, Buffer.alloc(1000))],
  ];
  for (const [name, bytes] of traps) {
    it(`is not misled by ${name}`, () => {
      const decoder = new FrameDecoder({ maxLength: 0x10000 });
      assert.deepEqual(onlyFrame(decoder.push(bytes)).bytes, bytes);
      const [first, second] = framesOf(decoder.push(Buffer.concat([bytes, GOOD_6699])));
      assert.deepEqual([first?.bytes, second?.bytes], [bytes, GOOD_6699]);
      assert.equal(decoder.pending, 0);
    });
  }

  it("gives sequence number and command of both formats, unsigned", () => {
    const decoder = new FrameDecoder();
    const fields = [
      build55aa(0xfffffffe, 0x80000010, hex("00000000")),
      build6699(7, 16, Buffer.alloc(28)),
    ].map((bytes) => {
      const { format, sequence, command } = onlyFrame(decoder.push(bytes));
      return [format, sequence, command];
    });
    assert.deepEqual(fields, [
      ["55AA", 0xfffffffe, 0x80000010],
      ["6699", 7, 16],
    ]);
  });

  it("separates twenty frames of one segment", () => {
    const all = Array.from({ length: 20 }, (_, i) => build55aa(i, 10, Buffer.alloc(i)));
    const frames = framesOf(new FrameDecoder().push(Buffer.concat(all)));
    assert.deepEqual(
      frames.map(({ bytes }) => bytes),
      all,
    );
  });

  it("does nothing on an empty chunk", () => {
    const decoder = new FrameDecoder();
    assert.deepEqual(decoder.push(Buffer.alloc(0)), []);
    decoder.push(GOOD_55AA.subarray(0, 5));
    assert.deepEqual(decoder.push(Buffer.alloc(0)), []);
    assert.equal(decoder.pending, 5);
    assert.equal(framesOf(decoder.push(GOOD_55AA.subarray(5))).length, 1);
  });
});

describe("FrameDecoder: bytes that are no frame", () => {
  const garbage: readonly [string, Buffer, string][] = [
    ["text", Buffer.from("HTTP/1.1 400\r\n\r\n"), "no_prefix"],
    ["one byte", hex("00"), "no_prefix"],
    ["half a prefix", hex("000055"), "no_prefix"],
    ["a prefix of neither format", hex("00005599"), "no_prefix"],
    ["a prefix cut short by the real one", hex("0000"), "no_prefix"],
    ["zeros", Buffer.alloc(5), "no_prefix"],
    ["55AA with length 7", uint32(0x55aa, 0, 0, 7), "bad_length"],
    ["55AA with a huge length", uint32(0x55aa, 0, 0, 0xffffffff), "bad_length"],
    ["55AA with a length over the limit", uint32(0x55aa, 0, 0, MAX_LENGTH + 1), "bad_length"],
    ["6699 with length 27", Buffer.concat([hex("00006699 0000"), uint32(0, 0, 27)]), "bad_length"],
    [
      "6699 with a huge length",
      Buffer.concat([hex("00006699 0000"), uint32(0, 0, 0x80000000)]),
      "bad_length",
    ],
    ["a frame with the other suffix", uint32(0x55aa, 1, 9, 8, 0, 0x9966), "bad_suffix"],
    [
      "a 6699 frame with the other suffix",
      Buffer.concat([GOOD_6699.subarray(0, -4), uint32(0xaa55)]),
      "bad_suffix",
    ],
  ];
  for (const [name, bytes, reason] of garbage) {
    for (const good of [GOOD_55AA, GOOD_6699]) {
      it(`discards ${name} before a ${good === GOOD_55AA ? "55AA" : "6699"} frame`, () => {
        const decoder = new FrameDecoder();
        const stream = Buffer.concat([bytes, good]);
        const decoded = decoder.push(stream);
        assert.deepEqual(
          framesOf(decoded).map((frame) => frame.bytes),
          [good],
        );
        assert.ok(decoded[0]?.type === "discarded");
        assert.equal(decoded[0].reason, reason);
        assert.deepEqual(bytesGivenBack(decoded), stream);
        assert.equal(decoder.pending, 0);
      });
    }
  }

  for (const [name, header] of [
    ["55AA", uint32(0x55aa, 0, 0, 0xffffffff)],
    ["6699", Buffer.concat([hex("00006699 0000"), uint32(0, 0, 0xffffffff)])],
  ] as const) {
    it(`drops an impossible ${name} header at once, and does not wait for more`, () => {
      const decoder = new FrameDecoder();
      assert.deepEqual(decoder.push(header), [{ type: "discarded", bytes: header, reason: "bad_length" }]);
      assert.equal(decoder.pending, 0);
    });
  }

  it("finds the frame inside a false one, once the false suffix is seen", () => {
    const false55aa = uint32(0x55aa, 1, 9, 40);
    const decoder = new FrameDecoder();
    const decoded = decoder.push(Buffer.concat([false55aa, GOOD_55AA, Buffer.alloc(12, 0x20)]));
    assert.deepEqual(
      framesOf(decoded).map(({ bytes }) => bytes),
      [GOOD_55AA],
    );
  });

  it("drops what cannot begin a frame at once, and waits for what can", () => {
    const decoder = new FrameDecoder();
    const bytes = Buffer.from("\n");
    assert.deepEqual(decoder.push(bytes), [{ type: "discarded", bytes, reason: "no_prefix" }]);
    assert.equal(decoder.pending, 0);
    assert.deepEqual(decoder.push(hex("000055")), []);
    assert.equal(decoder.pending, 3);
  });

  const limits: readonly [string, Buffer, "crc32" | "hmac-sha256", boolean][] = [
    ["55AA with the smallest length", uint32(0x55aa, 0, 0, 8, 0, 0xaa55), "crc32", true],
    [
      "55AA under HMAC, 35",
      Buffer.concat([uint32(0x55aa, 0, 0, 35), Buffer.alloc(31), uint32(0xaa55)]),
      "hmac-sha256",
      false,
    ],
    [
      "55AA under HMAC, 36",
      Buffer.concat([uint32(0x55aa, 0, 0, 36), Buffer.alloc(32), uint32(0xaa55)]),
      "hmac-sha256",
      true,
    ],
    ["55AA with the largest length", build55aa(0, 0, Buffer.alloc(MAX_LENGTH - 8)), "crc32", true],
    ["6699 with the smallest length", build6699(0, 0, Buffer.alloc(28)), "hmac-sha256", true],
    ["6699 with the largest length", build6699(0, 0, Buffer.alloc(MAX_LENGTH)), "crc32", true],
  ];
  for (const [name, bytes, integrity, accepted] of limits) {
    it(`${accepted ? "accepts" : "refuses"} ${name}`, () => {
      const decoder = new FrameDecoder({ integrity });
      assert.equal(framesOf(decoder.push(bytes)).length, accepted ? 1 : 0);
    });
  }

  it("refuses lengths over a limit of its own", () => {
    const decoder = new FrameDecoder({ maxLength: 100 });
    assert.equal(framesOf(decoder.push(build55aa(0, 0, Buffer.alloc(92)))).length, 1);
    assert.equal(framesOf(decoder.push(build55aa(0, 0, Buffer.alloc(93)))).length, 0);
  });
});

describe("FrameDecoder: hostile streams", () => {
  const KIB_64 = 65536;
  const repeated = (bytes: Buffer) => Buffer.alloc(KIB_64, bytes);
  const streams: readonly [string, Buffer][] = [
    ["zeros", Buffer.alloc(KIB_64)],
    ["cut prefixes", repeated(hex("000055"))],
    ["prefixes", repeated(hex("000055aa"))],
    ["prefixes of either kind", repeated(hex("00006699 000055aa"))],
    ["headers of the largest frame", repeated(uint32(0x55aa, 1, 8, MAX_LENGTH))],
    ["headers of a frame without suffix", repeated(uint32(0x55aa, 1, 8, 8))],
  ];
  for (const [name, stream] of streams) {
    for (const size of [1, 16, 1460, KIB_64]) {
      it(`keeps memory and work in proportion: 64 KiB of ${name} in pieces of ${size}`, () => {
        const decoder = new FrameDecoder();
        let mostPending = 0;
        const work = countWork(() => {
          for (let at = 0; at < stream.length; at += size) {
            decoder.push(stream.subarray(at, at + size));
            mostPending = Math.max(mostPending, decoder.pending);
          }
        });
        assert.ok(mostPending < MAX_LENGTH + 22, `${mostPending} bytes pending`);
        assert.ok(work.allocated < 8 * KIB_64, `${work.allocated} bytes allocated`);
        assert.ok(work.numbersRead < 2 * KIB_64, `${work.numbersRead} numbers read`);
        const decoded = decoder.push(Buffer.concat([Buffer.alloc(MAX_LENGTH + 22, 0x20), GOOD_55AA]));
        assert.deepEqual(
          framesOf(decoded).map(({ bytes }) => bytes),
          [GOOD_55AA],
        );
      });
    }
  }

  it("gives every byte back, in order, whatever the stream", () => {
    for (const [, stream] of streams) {
      const decoder = new FrameDecoder();
      const given = bytesGivenBack(pushInPieces(decoder, stream, 1000));
      assert.deepEqual(given, stream.subarray(0, stream.length - decoder.pending));
    }
  });

  it("does not keep a large chunk alive for a few waiting bytes", () => {
    const decoder = new FrameDecoder();
    const chunk = Buffer.concat([Buffer.alloc(100_000, 0x20), GOOD_55AA.subarray(0, 20)]);
    decoder.push(chunk);
    chunk.fill(0xee);
    assert.deepEqual(onlyFrame(decoder.push(GOOD_55AA.subarray(20))).bytes, GOOD_55AA);
  });
});
