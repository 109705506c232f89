import assert from "node:assert/strict";
import { Command } from "../../src/protocol/command";
import { FrameDecoder } from "../../src/protocol/frame-decoder";
import { type InspectKey, KeyRing } from "../../src/protocol/key-ring";
import type { ProtocolVersion } from "../../src/protocol/version";
import { build55aa, build55aaHmac, build6699, encryptEcb, flipBit } from "../support/build";
import { onlyFrame } from "../support/frames";

const KEY = Buffer.from(`7{O<&"$M}N0z/'|q`);
const CODE = Buffer.alloc(4);

const read = (bytes: Buffer, key: InspectKey = { localKey: KEY }) =>
  new KeyRing(key).read(onlyFrame(new FrameDecoder().push(bytes)));

/** A frame whose trailer is wrong, whatever it is: a body of so many bytes, and 32 bytes as an HMAC has. */
const damaged = (command: number, length: number): Buffer =>
  flipBit(build55aaHmac(KEY, 1, command, Buffer.alloc(length, 0x41)), 8 * 20 + 1);

describe("KeyRing: a 55AA frame of which neither CRC nor HMAC is right", () => {
  it("had a CRC where it is an announcement, which has one in every version", () => {
    for (const [command, direction] of [
      [Command.UDP_NEW, undefined],
      [Command.BOARDCAST_LPV34, undefined],
      [Command.REQ_DEVINFO, "out"],
    ] as const)
      for (const version of [undefined, "3.3", "3.4"] as const)
        assert.deepEqual(read(damaged(command, 16), { localKey: KEY, version }), {
          direction,
          reason: "bad_crc",
        });
  });

  it("had what the version has that is set", () => {
    const expected: Readonly<Record<string, object>> = {
      "3.1": { reason: "bad_crc" },
      "3.2": { reason: "bad_crc" },
      "3.3": { reason: "bad_crc" },
      "3.4": { direction: undefined, version: "3.4", reason: "session_key" },
    };
    for (const [version, reading] of Object.entries(expected))
      for (const length of [16, 17])
        assert.deepEqual(
          read(damaged(7, length), { localKey: KEY, version: version as ProtocolVersion }),
          reading,
          `${version}, ${length}`,
        );
  });

  it("goes by its length where the version that is set has other frames", () => {
    const key: InspectKey = { localKey: KEY, version: "3.5" };
    assert.equal(read(damaged(7, 16), key).reason, "session_key");
    assert.equal(read(damaged(7, 17), key).reason, "bad_crc");
  });

  it("else had an HMAC where what is left has the length of cipher text, with or without a return code", () => {
    for (const [length, has34] of [
      [0, true],
      [4, true],
      [5, false],
      [15, false],
      [16, true],
      [17, false],
      [20, true],
      [32, true],
    ] as const)
      assert.equal(read(damaged(7, length)).reason, has34 ? "session_key" : "bad_crc", String(length));
  });

  it("had a CRC where there is no room for an HMAC", () => {
    for (const length of [0, 12, 16, 27])
      assert.equal(read(flipBit(build55aa(1, 7, Buffer.alloc(length)), 8 * 5)).reason, "bad_crc");
    // Exactly as long as with an HMAC around nothing.
    assert.equal(read(flipBit(build55aa(1, 7, Buffer.alloc(28)), 8 * 5)).reason, "session_key");
  });

  it("says whose key it is where it negotiates, which is done under the local key", () => {
    for (const [command, direction] of [
      [3, "out"],
      [4, "in"],
      [5, "out"],
    ] as const) {
      const frame = damaged(command, 48);
      assert.deepEqual(read(frame), { direction, version: "3.4", reason: "bad_hmac" });
      assert.deepEqual(read(frame, {}), { direction, version: "3.4", reason: "no_key" });
    }
    for (const command of [2, 6, 8])
      assert.equal(read(damaged(command, 48)).reason, "session_key", String(command));
  });
});

describe("KeyRing: a 6699 frame that does not open", () => {
  it("is sealed with a public key, the local one or that of a session, as its command says", () => {
    for (const [command, reason, without] of [
      [Command.REQ_DEVINFO, "bad_tag", "bad_tag"],
      [Command.SESS_KEY_NEG_RESP, "bad_tag", "no_key"],
      [Command.STATUS, "session_key", "session_key"],
    ] as const) {
      const frame = build6699(1, command, Buffer.alloc(44));
      assert.deepEqual([read(frame).reason, read(frame).version], [reason, "3.5"]);
      assert.equal(read(frame, {}).reason, without);
    }
  });
});

describe("KeyRing: which end a frame comes from", () => {
  const text = encryptEcb(KEY, Buffer.from('{"a":1}'));
  it("is told by its command, else by a return code, else by who alone can have sent it", () => {
    const directions = (
      [
        [Command.STATUS, text],
        [Command.CONTROL, Buffer.concat([CODE, text])],
        [Command.CONTROL, text],
      ] as const
    ).map(([command, body]) => read(build55aa(1, command, body)).direction);
    assert.deepEqual(directions, ["in", "in", undefined]);
  });

  it("is a client's where a device would have written a return code: its first four bytes are text", () => {
    // A device's body of this length would be cipher text behind a code.
    const clear = "\u00fc" + "x".repeat(18);
    const reading = read(build55aa(1, Command.CONTROL, Buffer.from(clear)), { localKey: KEY });
    assert.equal(reading.direction, "out");
    assert.equal(reading.payload?.toString(), clear);
  });
});
