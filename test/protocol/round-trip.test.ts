import assert from "node:assert/strict";
import { Envelope, type Outgoing, type Sender } from "../../src/protocol/envelope";
import { FrameDecoder } from "../../src/protocol/frame-decoder";
import { type Body, parseBody } from "../../src/protocol/message";
import { carriesHeader, dialectOf, isEncrypted, type ProtocolVersion } from "../../src/protocol/version";
import { onlyFrame } from "../support/frames";
import { Random } from "../support/random";

const ROUNDS = 400;
/** 3.1 writes 4 bytes for 3, and the frame around it. */
const MAX_LENGTH = 32 * 1024;
const COMMANDS = [7, 8, 9, 10, 13, 16, 18, 64];
/** Codes a frame can carry without doubt: any of two bytes. */
const CODES = [0, 1, 2, 46, 51, 123, 255, 256, 400, 0x7b22, 0xffff];

/** A JSON object of about `size` bytes as a device might report it: short values and, if need be, one long text. */
function randomJson(random: Random, size: number): { readonly [name: string]: unknown } {
  const dps: Record<string, unknown> = {};
  for (let i = random.below(8); i > 0; i--) {
    const values = [
      random.chance(0.5),
      random.uint32(),
      -random.uint32() / 7,
      null,
      random.text(5),
      [1],
      { a: {} },
    ];
    dps[random.between(1, 255)] = random.pick(values);
  }
  if (size > 100) dps["101"] = random.text(size);
  const t = random.uint32();
  return random.pick([{ dps }, { protocol: 4, t, data: { dps } }, { devId: random.text(20), t, dps }, {}]);
}

function randomMessage(random: Random, sender: Sender): Outgoing {
  const size = random.pick([0, 1, 15, 16, 17, 100, 1000, 12_000]);
  return {
    sequence: random.uint32(),
    command: random.pick(COMMANDS),
    payload: Buffer.from(size === 0 ? "" : JSON.stringify(randomJson(random, size))),
    returnCode: sender === "device" && random.chance(0.8) ? random.pick(CODES) : undefined,
    iv: random.bytes(12),
  };
}

/** Randomly chosen source fields, which devices fill in and clients leave zero. */
function randomHeader(random: Random, version: ProtocolVersion): Buffer {
  return Buffer.concat([Buffer.from(version), random.bytes(12)]);
}

const open = (envelope: Envelope, bytes: Buffer, sender: Sender) =>
  envelope.open(onlyFrame(new FrameDecoder({ maxLength: MAX_LENGTH }).push(bytes)), sender);

describe("what is sealed comes out when opened", () => {
  for (const version of ["3.1", "3.2", "3.3", "3.4", "3.5"] as const) {
    for (const sender of ["client", "device"] as const) {
      it(`${version}, from the ${sender}`, () => {
        const random = new Random(version.charCodeAt(2));
        const envelope = new Envelope(dialectOf(version), random.bytes(16));
        for (let round = 0; round < ROUNDS; round++) {
          const sent = randomMessage(random, sender);
          const opened = open(envelope, envelope.seal(sent), sender);
          assert.ok(opened.ok, `round ${round}: ${opened.ok ? "" : opened.reason}`);
          const { message } = opened;
          const { sequence, command, payload, returnCode } = message;
          const { iv: _, ...expected } = sent;
          assert.deepEqual({ sequence, command, payload, returnCode }, expected);
          const body: Body =
            payload.length === 0
              ? { kind: "empty" }
              : { kind: "json", value: JSON.parse(payload.toString()) };
          assert.deepEqual(parseBody(payload), body);
          assert.equal(message.encrypted, isEncrypted(envelope.dialect, command) || version === "3.5");
          const isHeaded = carriesHeader(command) && (payload.length > 0 || version === "3.1");
          assert.deepEqual(message.header, isHeaded ? { number: 0, source: 0 } : undefined);
        }
      });
    }
  }

  for (const version of ["3.2", "3.3", "3.4", "3.5"] as const) {
    it(`${version}, with a header or without one, whatever the command says`, () => {
      const random = new Random(5);
      const envelope = new Envelope(dialectOf(version), random.bytes(16));
      for (let round = 0; round < ROUNDS; round++) {
        const header = random.chance(0.5) ? randomHeader(random, version) : null;
        const sent = { ...randomMessage(random, "device"), header, encrypted: true };
        const opened = open(envelope, envelope.seal(sent), "device");
        assert.ok(opened.ok, `round ${round}`);
        assert.deepEqual(
          opened.message.header,
          header ? { number: header.readUInt32BE(7), source: header.readUInt32BE(11) } : undefined,
        );
        assert.deepEqual(opened.message.payload, sent.payload);
      }
    });
  }

  for (const version of ["3.1", "3.2", "3.3", "3.4"] as const) {
    it(`${version}, in clear`, () => {
      const random = new Random(6);
      const envelope = new Envelope(dialectOf(version), random.bytes(16));
      for (let round = 0; round < ROUNDS; round++) {
        const sent = { ...randomMessage(random, "device"), header: null, encrypted: false };
        const opened = open(envelope, envelope.seal(sent), "device");
        // Where devices encrypt everything, anybody can have written it.
        const isAuthentic = version === "3.1" || version === "3.2" || sent.payload.length === 0;
        assert.equal(
          opened.ok ? "ok" : opened.reason,
          isAuthentic ? "ok" : "not_authentic",
          `round ${round}`,
        );
        const message = opened.ok ? opened.message : opened.clear;
        assert.deepEqual(message?.payload, sent.payload);
        assert.equal(message?.returnCode, sent.returnCode);
        assert.equal(message?.encrypted, false);
      }
    });
  }
});
