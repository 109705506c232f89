import assert from "node:assert/strict";
import { Envelope } from "../../src/protocol/envelope";
import { FrameDecoder } from "../../src/protocol/frame-decoder";
import {
  continueHandshake,
  deriveSessionKey,
  DEVICE_HANDSHAKE,
  type HandshakeContext,
  type HandshakeState,
  type NegotiationMessage,
  startHandshake,
} from "../../src/protocol/handshake";
import { dialectOf } from "../../src/protocol/version";
import { flipBit } from "../support/build";
import { onlyFrame } from "../support/frames";
import { hex } from "../support/hex";
import {
  bytesOf,
  frameOf,
  type Negotiation,
  negotiations,
  type Vector,
  vectorNamed,
} from "../support/vectors";

const START = 3;
const RESPONSE = 4;
const FINISH = 5;
const STATUS = 8;

function ends(negotiation: Negotiation): { client: HandshakeContext; device: HandshakeContext } {
  const common = { dialect: dialectOf(negotiation.version), localKey: hex(negotiation.localKeyHex) };
  return {
    client: { ...common, nonce: hex(negotiation.clientNonceHex) },
    device: { ...common, nonce: hex(negotiation.deviceNonceHex) },
  };
}

/** The message a negotiation vector carries, read from its frame under the local key. */
function received(vector: Vector, { dialect, localKey }: HandshakeContext): NegotiationMessage {
  const frame = onlyFrame(new FrameDecoder({ integrity: dialect.integrity }).push(frameOf(vector)));
  const opened = new Envelope(dialect, localKey).open(
    frame,
    vector.direction === "to_device" ? "client" : "device",
  );
  assert.ok(opened.ok);
  return opened.message;
}

/** Asserts that a message, sealed under the local key, is the frame of a vector. */
function assertSends(
  message: NegotiationMessage | undefined,
  vector: Vector,
  context: HandshakeContext,
): void {
  assert.ok(message);
  const sealed = new Envelope(context.dialect, context.localKey).seal({
    ...message,
    sequence: vector.seq ?? 0,
    returnCode: vector.retcode ?? undefined,
    iv: bytesOf(vector.ivHex),
  });
  assert.equal(sealed.toString("hex"), vector.frameHex);
}

describe("negotiations of the vectors", () => {
  for (const negotiation of negotiations) {
    const { client, device } = ends(negotiation);
    const [start, response, finish] = negotiation.steps.map(vectorNamed);
    assert.ok(start && response && finish);
    const isUsable = !negotiation.sessionKeyHex.startsWith("00");

    it(`${negotiation.id}, the client's end`, () => {
      const first = startHandshake(client);
      assertSends(first.send, start, client);
      const second = continueHandshake(client, first.state, received(response, client));
      if (isUsable) {
        assert.deepEqual(second.state, { step: "established", sessionKey: hex(negotiation.sessionKeyHex) });
        assertSends(second.send, finish, client);
      } else {
        assert.deepEqual(second, { state: { step: "failed", reason: "unusable_key" } });
      }
    });

    it(`${negotiation.id}, the device's end`, () => {
      const first = continueHandshake(device, DEVICE_HANDSHAKE, received(start, device));
      assertSends(first.send, response, device);
      const second = continueHandshake(device, first.state, received(finish, device));
      assert.deepEqual(second, {
        state: { step: "established", sessionKey: hex(negotiation.sessionKeyHex) },
      });
    });

    it(`${negotiation.id}, the session key`, () => {
      const key = deriveSessionKey(client.dialect, client.localKey, client.nonce, device.nonce);
      assert.equal(key.toString("hex"), negotiation.sessionKeyHex);
    });
  }

  it("are eight, two of them with a key nobody can use", () => {
    assert.equal(negotiations.length, 8);
    assert.equal(negotiations.filter(({ id }) => id.endsWith("-zerokey")).length, 2);
  });
});

describe("continueHandshake", () => {
  for (const id of ["v34-special", "v35-special"]) {
    const negotiation = negotiations.find((candidate) => candidate.id === id);
    assert.ok(negotiation);
    const { client, device } = ends(negotiation);
    const [, response, finish] = negotiation.steps.map((step) => received(vectorNamed(step), client));
    assert.ok(response && finish);
    const waiting: HandshakeState = { step: "awaiting-response" };
    const answered = continueHandshake(device, DEVICE_HANDSHAKE, {
      command: START,
      payload: client.nonce,
    }).state;

    it(`${id}: a proof of which one bit is wrong is a wrong key, at either end`, () => {
      for (let bit = 16 * 8; bit < 48 * 8; bit++) {
        const transition = continueHandshake(client, waiting, {
          ...response,
          payload: flipBit(response.payload, bit),
        });
        assert.deepEqual(transition, { state: { step: "failed", reason: "wrong_key" } });
      }
      for (let bit = 0; bit < 32 * 8; bit++) {
        const transition = continueHandshake(device, answered, {
          ...finish,
          payload: flipBit(finish.payload, bit),
        });
        assert.deepEqual(transition, { state: { step: "failed", reason: "wrong_key" } });
      }
    });

    it(`${id}: messages of impossible length fail`, () => {
      for (const length of [0, 15, 16, 32, 47, 49, 52, 64]) {
        const payload = Buffer.alloc(length);
        assert.deepEqual(continueHandshake(client, waiting, { command: RESPONSE, payload }), {
          state: { step: "failed", reason: "malformed" },
        });
      }
      for (const length of [0, 1, 15]) {
        const start = { command: START, payload: Buffer.alloc(length) };
        assert.deepEqual(continueHandshake(device, DEVICE_HANDSHAKE, start).state, {
          step: "failed",
          reason: "malformed",
        });
        const state = continueHandshake(device, answered, { command: FINISH, payload: start.payload }).state;
        assert.deepEqual(state, { step: "failed", reason: "wrong_key" });
      }
    });

    it(`${id}: the device reads 16 bytes of a nonce and 32 of a proof, as firmware does`, () => {
      const longer = (payload: Buffer) => Buffer.concat([payload, Buffer.from("more")]);
      const start = { command: START, payload: longer(client.nonce) };
      assert.deepEqual(continueHandshake(device, DEVICE_HANDSHAKE, start).state, answered);
      const end = continueHandshake(device, answered, { command: FINISH, payload: longer(finish.payload) });
      assert.equal(end.state.step, "established");
    });

    const sessionKey = hex(negotiation.sessionKeyHex);
    const states: readonly [HandshakeState, number | undefined][] = [
      [DEVICE_HANDSHAKE, START],
      [waiting, RESPONSE],
      [answered, FINISH],
      [{ step: "established", sessionKey }, undefined],
      [{ step: "failed", reason: "wrong_key" }, undefined],
    ];
    for (const [state, awaited] of states) {
      it(`${id}: ${state.step} is changed by ${awaited ? `command ${awaited}` : "nothing"} only`, () => {
        for (const command of [0, START, RESPONSE, FINISH, 7, STATUS, 9, 16].filter(
          (other) => other !== awaited,
        )) {
          const transition = continueHandshake(client, state, { command, payload: Buffer.alloc(48) });
          assert.deepEqual(transition, { state }, `command ${command}`);
        }
      });
    }
  }
});
