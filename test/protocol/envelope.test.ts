import assert from "node:assert/strict";
import { Envelope, type Opened, type OpenFailure, type Sender } from "../../src/protocol/envelope";
import { FrameDecoder } from "../../src/protocol/frame-decoder";
import { parseBody, type VersionHeader } from "../../src/protocol/message";
import { dialectOf, type ProtocolVersion } from "../../src/protocol/version";
import { build55aa, build55aaHmac, build6699Gcm, encryptEcb } from "../support/build";
import { onlyFrame } from "../support/frames";
import { hex } from "../support/hex";
import { primitives } from "../support/vectors";

const KEY = Buffer.from(`7{O<&"$M}N0z/'|q`);
const IV = hex("010203040506070809101112");

/** Opens a frame that came in with this body: cipher text, return code and all, as they stand there. */
function openBody(version: ProtocolVersion, body: Buffer, sender: Sender = "device", command = 10): Opened {
  const bytes =
    version === "3.5"
      ? build6699Gcm(KEY, IV, 1, command, body)
      : version === "3.4"
        ? build55aaHmac(KEY, 1, command, body)
        : build55aa(1, command, body);
  return new Envelope(dialectOf(version), KEY).open(onlyFrame(new FrameDecoder().push(bytes)), sender);
}

interface Reading {
  readonly text: string;
  readonly code?: number;
  readonly header?: VersionHeader;
}

function assertReads(opened: Opened, { text, code, header }: Reading): void {
  assert.ok(opened.ok, opened.ok ? "" : opened.reason);
  const { message } = opened;
  assert.equal(message.payload.toString("latin1"), text);
  assert.equal(message.returnCode, code);
  assert.deepEqual(message.header, header);
}

const CODE_0 = hex("00000000");
const CODE_1 = hex("00000001");
const text = (...parts: readonly (string | Buffer)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
const cipher = (...parts: readonly (string | Buffer)[]) => encryptEcb(KEY, text(...parts));

describe("Envelope.open: what a device may write", () => {
  const HEADER_33 = "332e33000000000000001200000001";
  const cases: readonly [string, ProtocolVersion, Buffer, Reading][] = [
    ["clear JSON with a line break behind the brace", "3.1", text('{\n"dps":{}}'), { text: '{\n"dps":{}}' }],
    ["the same behind a return code", "3.1", text(CODE_0, '{\n"dps":{}}'), { text: '{\n"dps":{}}', code: 0 }],
    [
      "a refusal that ends in NUL",
      "3.3",
      text(CODE_1, "data unvalid\0"),
      { text: "data unvalid\0", code: 1 },
    ],
    [
      "a refusal as long as a cipher block",
      "3.3",
      text(CODE_1, "parse data error"),
      { text: "parse data error", code: 1 },
    ],
    [
      "a refusal as long as a cipher block, no code",
      "3.3",
      text("parse data error"),
      { text: "parse data error" },
    ],
    [
      "encrypted JSON that ends in NULs",
      "3.3",
      text(CODE_0, cipher('{"dps":{}}\0\0')),
      { text: '{"dps":{}}\0\0', code: 0 },
    ],
    [
      "JSON with bytes that are no UTF-8",
      "3.3",
      text(CODE_0, cipher('{"dps":{"1":"K\xfcche"}}')),
      { text: '{"dps":{"1":"K\xfcche"}}', code: 0 },
    ],
    [
      "clear JSON with bytes that are no UTF-8",
      "3.1",
      text(CODE_0, '{"dps":{"1":"K\xfcche\x7f"}}'),
      { text: '{"dps":{"1":"K\xfcche\x7f"}}', code: 0 },
    ],
    [
      "a header with a refusal behind it",
      "3.3",
      text(CODE_1, hex(HEADER_33), cipher("x")),
      { text: "x", code: 1, header: { number: 0x12, source: 1 } },
    ],
    ["a return code nobody knows", "3.3", text(hex("00012345"), cipher("{}")), { text: "{}", code: 0x12345 }],
    ["a return code without anything", "3.3", CODE_1, { text: "", code: 1 }],
    ["an encrypted nothing", "3.3", text(CODE_0, cipher()), { text: "", code: 0 }],
    [
      "a clear refusal on 3.4",
      "3.4",
      text(CODE_1, "json obj data unvalid"),
      { text: "json obj data unvalid", code: 1 },
    ],
    [
      "a clear refusal on 3.4, no code",
      "3.4",
      text("json obj data unvalid"),
      { text: "json obj data unvalid" },
    ],
    [
      "a refusal on 3.4 that begins like a digit",
      "3.4",
      text(CODE_1, cipher("3 is no value")),
      { text: "3 is no value", code: 1 },
    ],
    [
      "a little-endian code",
      "3.5",
      text(hex("01000000"), "parse data error"),
      { text: "parse data error", code: 1 },
    ],
    [
      "a little-endian code that looks like a brace",
      "3.5",
      text(hex("7b000000"), "{}"),
      { text: "{}", code: 123 },
    ],
    ["JSON without a code", "3.5", text("{}"), { text: "{}" }],
    ["text shorter than a code", "3.5", text("no"), { text: "no" }],
    [
      "any bytes: the tag has vouched for them",
      "3.5",
      text(CODE_0, hex("ff00fe")),
      { text: "\xff\0\xfe", code: 0 },
    ],
  ];
  for (const [name, version, body, reading] of cases) {
    it(`${name} (${version})`, () => assertReads(openBody(version, body), reading));
  }

  it("no return code in what a client sends", () => {
    for (const version of ["3.1", "3.3", "3.4"] as const) {
      assertReads(openBody(version, text("\n\n{}"), "client"), { text: "\n\n{}" });
      const body = text(CODE_0, "unencrypted");
      assert.deepEqual(openBody(version, body, "client"), { ok: false, reason: "bad_body" });
    }
    assertReads(openBody("3.5", CODE_0, "client"), { text: "\0\0\0\0" });
  });

  it("keeps nonces apart from return codes and headers by their length alone", () => {
    const nonces = ['{"x":0}', "3.5", "\0\0\0\0", "\x01"].map((start) => Buffer.alloc(48, start));
    for (const nonce of nonces) {
      assertReads(openBody("3.5", nonce, "device", 4), { text: nonce.toString("latin1") });
      assertReads(openBody("3.5", text(CODE_0, nonce), "device", 4), {
        text: nonce.toString("latin1"),
        code: 0,
      });
    }
  });
});

describe("Envelope.open: what it refuses", () => {
  const SIGNED = `3.1${"0123456789abcdef"}`;
  const braces = text("{\x90\x01\xc3", hex("6c14bd8dc427952bcf1cf7"), "}");
  const cases: readonly [string, ProtocolVersion, Buffer][] = [
    ["cipher text under another key that happens to begin and end with braces", "3.3", text(CODE_0, braces)],
    ["the same without a code", "3.3", braces],
    ["a STATUS of a 3.1 device", "3.3", text(CODE_0, SIGNED, cipher('{"dps":{}}').toString("base64"))],
    ["a STATUS of a 3.3 device", "3.1", text(CODE_0, "3.3", Buffer.alloc(12), cipher("{}"))],
    ["half a block", "3.3", text(CODE_0, cipher("{}").subarray(0, 8))],
    ["a header with nothing behind it", "3.3", text(CODE_0, "3.3", Buffer.alloc(12))],
    ["a signature with nothing behind it", "3.1", text(CODE_0, SIGNED)],
    ["a signature cut off", "3.1", text(CODE_0, "3.1abc")],
    ["a signature with what is no base64", "3.1", text(CODE_0, SIGNED, "*** ***")],
    ["two stray bytes", "3.4", hex("0102")],
    ["a code and stray bytes", "3.4", text(CODE_0, hex("0102"))],
    ["a block that does not decrypt", "3.4", text(CODE_0, Buffer.alloc(16, 0x11))],
  ];
  for (const [name, version, body] of cases) {
    it(`${name} (${version})`, () => {
      assert.deepEqual(openBody(version, body), { ok: false, reason: "bad_body" });
    });
  }

  it("frames of the other format", () => {
    const [f55aa, f6699] = [build55aa(1, 9, CODE_0), build6699Gcm(KEY, IV, 1, 9, CODE_0)].map((bytes) =>
      onlyFrame(new FrameDecoder().push(bytes)),
    );
    assert.ok(f55aa && f6699);
    const foreign = { ok: false, reason: "foreign_format" };
    assert.deepEqual(new Envelope(dialectOf("3.5"), KEY).open(f55aa), foreign);
    for (const version of ["3.1", "3.2", "3.3", "3.4"] as const) {
      assert.deepEqual(new Envelope(dialectOf(version), KEY).open(f6699), foreign);
    }
  });

  const trailers: readonly [ProtocolVersion, Buffer, OpenFailure][] = [
    ["3.3", build55aaHmac(KEY, 1, 9, CODE_0), "bad_crc"],
    ["3.4", build55aa(1, 9, Buffer.alloc(64)), "bad_hmac"],
    ["3.4", build55aa(1, 9, CODE_0), "bad_hmac"],
    ["3.4", build55aaHmac(Buffer.alloc(16), 1, 9, CODE_0), "bad_hmac"],
    ["3.5", build6699Gcm(Buffer.alloc(16), IV, 1, 9, CODE_0), "bad_tag"],
  ];
  for (const [version, bytes, reason] of trailers) {
    it(`a frame of ${bytes.length} bytes with another trailer on ${version}: ${reason}`, () => {
      const frame = onlyFrame(new FrameDecoder().push(bytes));
      assert.deepEqual(new Envelope(dialectOf(version), KEY).open(frame), { ok: false, reason });
    });
  }
});

describe("Envelope.seal", () => {
  for (const { keyHex, json, signature, base64 } of primitives.v31Signature) {
    it("signs on 3.1 as the vectors do", () => {
      const sealed = new Envelope(dialectOf("3.1"), hex(keyHex)).seal({
        sequence: 2,
        command: 7,
        payload: Buffer.from(json),
      });
      assert.deepEqual(sealed, build55aa(2, 7, text("3.1", signature, base64)));
    });
  }

  const message = { sequence: 1, command: 7, payload: Buffer.from("{}") };

  it("refuses a key or an IV of the wrong length before a byte is written", () => {
    for (const length of [0, 15, 17, 32]) {
      assert.throws(() => new Envelope(dialectOf("3.3"), Buffer.alloc(length)), RangeError);
    }
    const envelope = new Envelope(dialectOf("3.5"), KEY);
    for (const iv of [undefined, Buffer.alloc(11), Buffer.alloc(16)]) {
      assert.throws(() => envelope.seal({ ...message, iv }), RangeError);
    }
  });

  it("leaves the header out of an empty acknowledgement", () => {
    const bytes = new Envelope(dialectOf("3.4"), KEY).seal({
      ...message,
      payload: Buffer.alloc(0),
      returnCode: 0,
      encrypted: false,
    });
    assert.deepEqual(bytes, build55aaHmac(KEY, 1, 7, CODE_0));
  });

  it("writes the return code as chips do: little-endian in 6699, big-endian in 55AA", () => {
    const refusal = {
      sequence: 2,
      command: 9,
      payload: Buffer.from("no"),
      returnCode: 1,
      encrypted: false,
      iv: IV,
    };
    const sealed = (version: ProtocolVersion) => new Envelope(dialectOf(version), KEY).seal(refusal);
    assert.deepEqual(sealed("3.5"), build6699Gcm(KEY, IV, 2, 9, text(hex("01000000"), "no")));
    assert.deepEqual(sealed("3.3"), build55aa(2, 9, text(CODE_1, "no")));
  });

  it("opens many frames in any order: an envelope keeps no state between them", () => {
    for (const version of ["3.1", "3.3", "3.4", "3.5"] as const) {
      const envelope = new Envelope(dialectOf(version), KEY);
      const frames = [1, 2, 3, 4].map((sequence) =>
        onlyFrame(
          new FrameDecoder().push(
            envelope.seal({ sequence, command: 7, payload: Buffer.from(`{"n":${sequence}}`), iv: IV }),
          ),
        ),
      );
      for (const frame of [...frames.toReversed(), ...frames]) {
        const opened = envelope.open(frame, "client");
        assert.ok(opened.ok);
        assert.deepEqual(parseBody(opened.message.payload), { kind: "json", value: { n: frame.sequence } });
      }
    }
  });
});
