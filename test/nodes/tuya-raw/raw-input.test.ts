import assert from "node:assert/strict";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { readRawInput } from "../../../nodes/tuya-raw/raw-input";
import { hex } from "../../support/hex";

const QUERY = 10;
const BYTES = "000055aa00000001";

describe("readRawInput", () => {
  describe("a frame to send", () => {
    const EMPTY = Buffer.alloc(0);
    const table: [string, object, { command: number; payload: Buffer }][] = [
      ["payload with a number", { payload: { command: 10 } }, { command: QUERY, payload: EMPTY }],
      ["payload with a name", { payload: { command: "dp_query" } }, { command: QUERY, payload: EMPTY }],
      ["msg.command", { command: "DP_QUERY", payload: null }, { command: QUERY, payload: EMPTY }],
      ["a number as text", { command: " 10 ", payload: "" }, { command: QUERY, payload: EMPTY }],
      ["a number in hexadecimal", { command: "0x0A" }, { command: QUERY, payload: EMPTY }],
      [
        "an object, as compact JSON",
        { payload: { command: 10, payload: { gwId: "a b", n: [1] } } },
        { command: QUERY, payload: Buffer.from('{"gwId":"a b","n":[1]}') },
      ],
      [
        "a text, as it is",
        { payload: { command: 10, payload: " é{} " } },
        { command: QUERY, payload: Buffer.from(" é{} ") },
      ],
      ["bytes", { command: 10, payload: hex("00ff") }, { command: QUERY, payload: hex("00ff") }],
      [
        "msg.command before a command in the payload, which is JSON then",
        { command: 7, payload: { command: 10 } },
        { command: 7, payload: Buffer.from('{"command":10}') },
      ],
      [
        "a frame that was seen going out",
        {
          payload: { direction: "out", command: 9, name: "HEART_BEAT", payload: hex("7b7d"), raw: hex("00") },
        },
        { command: 9, payload: hex("7b7d") },
      ],
    ];
    for (const [what, msg, expected] of table) {
      it(`is read from ${what}`, () => {
        const before = inspect(msg, { depth: 5 });
        assert.deepEqual(readRawInput(msg as never), { kind: "send", ...expected });
        assert.equal(inspect(msg, { depth: 5 }), before);
      });
    }
  });

  describe("bytes to decode", () => {
    for (const [what, payload] of [
      ["a Buffer", hex(BYTES)],
      ["other bytes", new Uint8Array(hex(BYTES))],
      [
        "bytes of a Function node",
        runInNewContext("new Uint8Array(bytes)", { bytes: hex(BYTES) }) as Uint8Array,
      ],
      ["digits", BYTES],
      ["digits in groups and lines", "00 00 55 AA\n  0000\t0001\r\n"],
      ["digits with 0x, as one number", `0x${BYTES}`],
      ["digits with 0x and commas", "0x00, 0x00,0x55,0xaa,0x00,0x00,0x00,0x01"],
      ["digits with \\x", "\\x00\\x00\\x55\\xaa\\x00\\x00\\x00\\x01"],
      ["digits with colons", "00:00:55:aa:00:00:00:01"],
    ] as const) {
      it(`are read from ${what}`, () => {
        assert.deepEqual(readRawInput({ payload }), { kind: "decode", bytes: hex(BYTES) });
      });
    }

    it("are a copy", () => {
      const payload = hex(BYTES);
      const input = readRawInput({ payload });
      payload.fill(0xff);
      assert.deepEqual(input, { kind: "decode", bytes: hex(BYTES) });
    });
  });

  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  for (const [what, msg, sentence] of [
    ["no payload", {}, /nothing to decode and nothing to send/],
    ["a number", { payload: 5 }, /nothing to decode/],
    ["a list", { payload: [0, 0, 0x55] }, /nothing to decode/],
    ["an object without a command", { payload: { switch_1: true } }, /{command: 10, payload: {}}/],
    ["a text that is no hex digits", { payload: "secret" }, /nothing to decode/],
    ["half a byte", { payload: "000055a" }, /nothing to decode/],
    ["an empty text", { payload: " " }, /empty/],
    ["an empty Buffer", { payload: Buffer.alloc(0) }, /empty/],
    ["too many bytes", { payload: Buffer.alloc(256 * 1024 + 1) }, /longer than 262144 bytes/],
    ["a command nobody knows", { command: "SELF_DESTRUCT" }, /command is not known/],
    ["a command that is an object", { command: {} }, /command is not known/],
    ["a payload that is a number", { command: 10, payload: 5 }, /object, a text or a Buffer/],
    ["a payload that contains itself", { command: 10, payload: circular }, /object, a text or a Buffer/],
    ["a frame that came from a device", { payload: { direction: "in", command: 8 } }, /not sent back/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => readRawInput(msg), { code: "BAD_INPUT", message: sentence });
    });
  }
});
