import assert from "node:assert/strict";
import {
  Envelope,
  markedVersion,
  type Opened,
  openWithoutKey,
  type Sender,
} from "../../src/protocol/envelope";
import { FrameDecoder } from "../../src/protocol/frame-decoder";
import { dialectOf, type ProtocolVersion } from "../../src/protocol/version";
import { build55aa, build55aaHmac, build6699, encryptEcb, flipBit } from "../support/build";
import { onlyFrame } from "../support/frames";
import { hex } from "../support/hex";

/*
 * Up to 3.3 nothing marks where a return code, a version or cipher text begins, or whether there are any: lengths and
 * single bytes decide. These are the lengths and the bytes at which the decision changes.
 */
const KEY = Buffer.from(`7{O<&"$M}N0z/'|q`);
const CODE_1 = hex("00000001");
const SIGNED = Buffer.concat([
  Buffer.from("3.1" + "0".repeat(16)),
  Buffer.from(encryptEcb(KEY, Buffer.from('{"a":1}')).toString("base64")),
]);

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
const cipher = (text: string): Buffer => encryptEcb(KEY, latin1(text));
const all = (...parts: readonly Buffer[]): Buffer => Buffer.concat(parts);

function open(version: ProtocolVersion, body: Buffer, sender?: Sender): Opened {
  const bytes = version === "3.4" ? build55aaHmac(KEY, 1, 10, body) : build55aa(1, 10, body);
  return new Envelope(dialectOf(version), KEY).open(onlyFrame(new FrameDecoder().push(bytes)), sender);
}

/** `code|payload`, or why there is none. */
function told(opened: Opened): string {
  if (!opened.ok) return opened.reason;
  const { returnCode, payload } = opened.message;
  return `${returnCode ?? ""}|${payload.toString("latin1")}`;
}

describe("a text in clear that could be cipher text", () => {
  /** Readable, but with a character no refusal has: taken for text only where it cannot be cipher text. */
  const odd = (length: number): string => `\xc3\xbc${"x".repeat(length - 2)}`;

  for (const version of ["3.2", "3.3", "3.4"] as const) {
    for (const [sender, code, length, isText] of [
      ["device", CODE_1, 15, true],
      ["device", CODE_1, 16, false],
      ["device", CODE_1, 17, true],
      ["device", CODE_1, 32, false],
      ["device", undefined, 4, true],
      ["device", undefined, 15, true],
      ["device", undefined, 16, false],
      ["device", undefined, 17, true],
      ["device", undefined, 19, true],
      ["device", undefined, 20, false],
      ["device", undefined, 36, false],
      ["client", undefined, 15, true],
      ["client", undefined, 16, false],
      ["client", undefined, 20, true],
      ["client", undefined, 32, false],
      ["client", undefined, 36, true],
    ] as const) {
      // There it is a return code and nothing else.
      if (version === "3.4" && length === 4) continue;
      const what = `${length} bytes ${code ? "behind a code " : ""}from a ${sender} (${version})`;
      it(`${isText ? "is one" : "is none"} with ${what}`, () => {
        const body = code ? all(code, latin1(odd(length))) : latin1(odd(length));
        const expected = isText ? `${code ? 1 : ""}|${odd(length)}` : "bad_body";
        assert.equal(told(open(version, body, sender)), expected);
        // Words, as all refusals are, can be nothing else.
        const words = "y".repeat(length);
        const plain = code ? all(code, latin1(words)) : latin1(words);
        assert.equal(told(open(version, plain, sender)), `${code ? 1 : ""}|${words}`);
      });
    }
  }
});

describe("a return code", () => {
  it("has a byte below 20 among its four, and text has none", () => {
    for (const [bytes, code] of [
      ["1f414141", 0x1f414141],
      ["411f4141", 0x411f4141],
      ["41411f41", 0x41411f41],
      ["4141411f", 0x4141411f],
      ["20414141", undefined],
      ["41204141", undefined],
      ["41412041", undefined],
      ["41414120", undefined],
    ] as const) {
      const text = code === undefined ? `${hex(bytes).toString("latin1")}not understood` : "not understood";
      const body = all(hex(bytes), latin1("not understood"));
      assert.equal(told(open("3.3", body, "device")), `${code ?? ""}|${text}`, bytes);
    }
  });

  it("is read where nobody says who sent the frame, and of a client never", () => {
    const body = all(CODE_1, cipher('{"a":1}'));
    assert.equal(told(open("3.3", body)), '1|{"a":1}');
    assert.equal(told(open("3.3", body, "client")), "bad_body");
    const signed = all(CODE_1, SIGNED);
    assert.equal(told(open("3.1", signed)), '1|{"a":1}');
    assert.equal(told(open("3.1", signed, "client")), "bad_body");
  });
});

describe("a version in front of cipher text", () => {
  it("is three characters: a 3, a dot and a digit", () => {
    for (const [start, isVersion] of [
      ["3.0", true],
      ["3.1", true],
      ["3.9", true],
      ["3./", false],
      ["3.:", false],
      ["3,1", false],
      ["2.1", false],
      ["4.1", false],
    ] as const) {
      const body = latin1(`${start} or some other text`);
      // What stands behind it is no cipher text.
      const expected = isVersion ? "bad_body" : `|${body.toString("latin1")}`;
      assert.equal(told(open("3.1", body, "client")), expected, start);
    }
    for (const text of ["3.", "3", "2.x"])
      assert.equal(told(open("3.1", latin1(text), "client")), `|${text}`);
  });

  it("is not looked for where the length says that there is none", () => {
    // This cipher text happens to begin with it.
    const byChance = hex("332e36037256a355298b9b75b312c2ea");
    assert.deepEqual(cipher('{"a":5065410}'), byChance);
    assert.equal(told(open("3.3", byChance, "client")), '|{"a":5065410}');
  });

  it("is not fifteen bytes of anything", () => {
    const body = all(latin1("\x01\x02345678901234\x05"), cipher('{"a":1}'));
    assert.equal(told(open("3.3", body, "client")), "bad_body");
  });

  it("is text where there is no room for a header behind it (3.4)", () => {
    assert.equal(told(open("3.4", cipher("3.4 unknown"), "device")), "|3.4 unknown");
  });
});

describe("JSON in clear", () => {
  it("is a client's to write, and no report of a device that encrypts everything", () => {
    for (const version of ["3.3", "3.4"] as const) {
      assert.equal(told(open(version, latin1('{"a":1}'), "client")), '|{"a":1}');
      assert.equal(told(open(version, latin1('{"a":1}'), "device")), "not_authentic");
    }
    assert.equal(told(open("3.2", latin1('{"a":1}'), "device")), '|{"a":1}');
  });

  it("is read without a key where the CRC is right, and only there", () => {
    const bytes = build55aa(1, 10, all(CODE_1, latin1('{"a":1}')));
    const openBytes = (frame: Buffer): string =>
      told(openWithoutKey(onlyFrame(new FrameDecoder().push(frame)), "device"));
    assert.equal(openBytes(bytes), '1|{"a":1}');
    assert.equal(openBytes(flipBit(bytes, 8 * 22)), "bad_crc");
  });
});

describe("markedVersion", () => {
  const marked = (bytes: Buffer): string | undefined =>
    markedVersion(onlyFrame(new FrameDecoder().push(bytes)));

  it("is the version in front of cipher text, behind a return code or not", () => {
    for (const version of ["3.1", "3.2", "3.3"]) {
      const body = all(latin1(version), Buffer.alloc(12), cipher("{}"));
      assert.equal(marked(build55aa(1, 7, body)), version);
      assert.equal(marked(build55aa(1, 7, all(CODE_1, body))), version);
      assert.equal(marked(build55aa(1, 7, all(Buffer.alloc(5), body))), undefined);
    }
  });

  it("is none that nobody speaks, and none where nothing stands there", () => {
    assert.equal(marked(build55aa(1, 7, all(latin1("3.9"), Buffer.alloc(12)))), undefined);
    assert.equal(marked(build55aa(1, 7, cipher("{}"))), undefined);
    assert.equal(marked(build55aa(1, 7, Buffer.alloc(0))), undefined);
  });

  it("is none in a 6699 frame, whatever stands where the other format has its body", () => {
    // Bytes 16 to 18: the low half of the length, and the first of the IV.
    const frame = build6699(1, 7, Buffer.alloc(0x332e, "3"));
    assert.equal(frame.toString("latin1", 16, 19), "3.3");
    assert.equal(marked(frame), undefined);
  });
});

describe("Envelope", () => {
  it("says how long a key is", () => {
    for (const length of [0, 15, 17, 32])
      assert.throws(() => new Envelope(dialectOf("3.3"), Buffer.alloc(length)), {
        name: "RangeError",
        message: "a key has 16 bytes",
      });
  });
});
