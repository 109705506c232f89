import assert from "node:assert/strict";
import { commandNumber } from "../../src/protocol/command";
import { inspectBytes, type Inspected } from "../../src/protocol/inspect";
import { dialectOf } from "../../src/protocol/version";
import { build55aa, build6699Gcm } from "../support/build";
import { hex } from "../support/hex";
import { Random } from "../support/random";
import {
  badVectors,
  frameOf,
  keyOf,
  tcpVectors,
  transcripts,
  udpVectors,
  vectorNamed,
  type Vector,
  vectors,
} from "../support/vectors";

const NEGOTIATION = [3, 4, 5];

function only(inspected: readonly Inspected[]): Inspected {
  assert.equal(inspected.length, 1);
  return inspected[0] as Inspected;
}

/** What has to come out, apart from the version. */
function expected({ direction, seq, cmd, retcode, appPayloadHex }: Vector): object {
  return {
    direction: direction === "to_device" ? "out" : "in",
    sequence: seq,
    command: cmd,
    returnCode: retcode ?? undefined,
    payload: NEGOTIATION.includes(cmd ?? -1) ? "" : appPayloadHex,
    valid: true,
    reason: undefined,
  };
}

function found({ direction, sequence, command, returnCode, payload, valid, reason }: Inspected): object {
  return { direction, sequence, command, returnCode, payload: payload.toString("hex"), valid, reason };
}

/** Frames of devices that leave the return code out look like those of a client. */
const WITHOUT_RETURN_CODE = tcpVectors.filter(
  ({ direction, retcodeHex, cmd }) => direction === "from_device" && !retcodeHex && cmd !== 8 && cmd !== 4,
);
const ordinary = tcpVectors.filter((vector) => !WITHOUT_RETURN_CODE.includes(vector));

describe("inspectBytes", () => {
  it("has enough to read", () => {
    assert.ok(ordinary.length > 60, String(ordinary.length));
    assert.ok(new Set(ordinary.map(({ version }) => version)).size === 5);
  });

  for (const vector of ordinary) {
    it(`reads ${vector.id}`, () => {
      const { version } = vector;
      const inspected = only(inspectBytes(frameOf(vector), { version, localKey: keyOf(vector) }));
      assert.deepEqual(found(inspected), expected(vector));
      assert.equal(inspected.format, dialectOf(version).format);
      assert.deepEqual(inspected.raw, frameOf(vector));
    });

    it(`reads ${vector.id} without being told the version`, () => {
      const inspected = only(inspectBytes(frameOf(vector), { localKey: keyOf(vector) }));
      const { direction, payload } = found(inspected) as Record<string, unknown>;
      const { direction: whence, payload: what } = expected(vector) as Record<string, unknown>;
      assert.deepEqual([direction, payload, inspected.valid], [whence, what, true]);
    });
  }

  for (const vector of udpVectors.filter(({ prefix }) => prefix !== "none")) {
    it(`reads ${vector.id} of UDP, without any key`, () => {
      const inspected = only(inspectBytes(frameOf(vector)));
      assert.equal(inspected.direction, vector.id.includes("-25-") ? "out" : "in");
      assert.equal(inspected.payload.toString("hex"), vector.appPayloadHex);
      assert.deepEqual([inspected.valid, inspected.command], [true, vector.cmd]);
    });
  }

  for (const vector of badVectors.filter(({ transport }) => transport === "tcp")) {
    it(`says what is wrong with ${vector.id}: ${vector.expect}`, () => {
      const { version, expect } = vector;
      const inspected = inspectBytes(frameOf(vector), { version, localKey: keyOf(vector) });
      assert.ok(inspected.every(({ valid }) => !valid));
      const reasons = inspected.map(({ reason }) => reason);
      const other = { bad_length: ["incomplete", "bad_length", "bad_suffix"], bad_suffix: ["bad_suffix"] };
      const accepted = other[expect as keyof typeof other] ?? [expect];
      assert.ok(
        reasons.some((reason) => accepted.includes(reason ?? "")),
        reasons.join(),
      );
      assert.deepEqual(Buffer.concat(inspected.map(({ raw }) => raw)), frameOf(vector));
    });
  }

  it("reads what is in clear without a key, and says of the rest that it needs one", () => {
    const rest: string[] = [];
    for (const vector of ordinary) {
      const inspected = only(inspectBytes(frameOf(vector)));
      if (inspected.valid) assert.equal(inspected.payload.toString("hex"), vector.appPayloadHex, vector.id);
      else rest.push(`${inspected.reason}`);
      assert.deepEqual([inspected.sequence, inspected.command], [vector.seq, vector.cmd]);
    }
    assert.deepEqual([...new Set(rest)], ["no_key"]);
    assert.equal(only(inspectBytes(frameOf(vectorNamed("v31-query-req")))).valid, true);
  });

  it("does not read what belongs to another key", () => {
    const localKey = Buffer.from("another key 1234");
    for (const vector of ordinary.filter(({ keyRole, cmd }) => keyRole !== "none" && cmd !== 9)) {
      const inspected = only(inspectBytes(frameOf(vector), { localKey }));
      if (!inspected.valid) assert.equal(inspected.payload.length, 0, vector.id);
      else assert.equal(inspected.payload.toString("hex"), vector.appPayloadHex, vector.id);
    }
    const readings = inspectBytes(frameOf(vectorNamed("v35-control-req")), { localKey });
    assert.equal(only(readings).reason, "bad_tag");
  });

  it("shows nothing of a negotiation but that it took place", () => {
    for (const vector of ordinary.filter(({ cmd }) => NEGOTIATION.includes(cmd ?? -1))) {
      const { payload, valid } = only(inspectBytes(frameOf(vector), { localKey: keyOf(vector) }));
      assert.deepEqual([payload.length, valid], [0, true]);
    }
  });

  for (const transcript of transcripts.filter(({ id }) => !/wrongkey|34frame/.test(id))) {
    it(`reads a whole conversation with the local key alone (${transcript.id})`, () => {
      const events = transcript.events.filter(({ frameHex }) => frameHex !== undefined);
      const bytes = Buffer.concat(events.map(({ frameHex }) => hex(frameHex ?? "")));
      const inspected = inspectBytes(bytes, { localKey: hex(transcript.localKeyHex) });
      assert.deepEqual(
        inspected.map(({ direction, command }) => [direction, command]),
        events.map(({ dir, cmd }, i) => [dir === "to_device" ? "out" : "in", cmd ?? inspected[i]?.command]),
      );
      let compared = 0;
      inspected.forEach(({ payload, valid, command }, i) => {
        const plain = events[i]?.plaintextHex;
        assert.ok(valid, `frame ${i}`);
        if (plain === undefined || NEGOTIATION.includes(command)) return;
        compared++;
        assert.ok(payload.length > 0 || plain.length === 8, `frame ${i}`);
        assert.ok(plain.endsWith(payload.toString("hex")), `frame ${i}`);
      });
      assert.ok(compared >= 3);
      const secrets = [transcript.localKeyHex, transcript.sessionKeyHex ?? ""];
      const shown = inspected.map(({ payload }) => payload.toString("hex")).join();
      for (const secret of secrets) assert.ok(!shown.includes(secret));
    });
  }

  it("reads several frames, junk between them, and a piece at the end", () => {
    const query = frameOf(vectorNamed("v31-query-req"));
    const bytes = Buffer.concat([query, hex("ffff"), query, query.subarray(0, 20)]);
    assert.deepEqual(
      inspectBytes(bytes).map(({ valid, reason, raw }) => [valid, reason, raw.length]),
      [
        [true, undefined, query.length],
        [false, "no_prefix", 2],
        [true, undefined, query.length],
        [false, "incomplete", 20],
      ],
    );
    assert.deepEqual(inspectBytes(Buffer.alloc(0)), []);
  });

  it("tells the ends apart where both encrypt alike", () => {
    const key = Buffer.from("0123456789abcdef");
    const iv = hex("000102030405060708090a0b");
    // A nonce that begins like a return code.
    const nonce = Buffer.concat([hex("00000001"), Buffer.alloc(12, 7)]);
    const start = build6699Gcm(key, iv, 1, 3, nonce);
    assert.equal(only(inspectBytes(start, { localKey: key })).direction, "out");
    const acknowledgement = build6699Gcm(key, iv, 1, 13, hex("01000000"));
    const { direction, returnCode } = only(inspectBytes(acknowledgement, { localKey: key }));
    assert.deepEqual([direction, returnCode], ["in", 1]);
  });

  it("gives every byte back, whatever it is fed", () => {
    const random = new Random(3);
    const whole = vectors.map(frameOf);
    for (let i = 0; i < 500; i++) {
      const bytes = Buffer.concat([random.pick(whole), random.bytes(random.below(20)), random.pick(whole)]);
      for (let n = random.below(4); n > 0; n--) bytes[random.below(bytes.length)] = random.below(256);
      const inspected = inspectBytes(bytes, { localKey: random.bytes(16) });
      assert.deepEqual(Buffer.concat(inspected.map(({ raw }) => raw)), bytes);
    }
  });

  it("takes a telling time for many small frames", () => {
    const frame = build55aa(1, commandNumber("HEART_BEAT") ?? 0, Buffer.alloc(0));
    const bytes = Buffer.concat(Array.from({ length: 5_000 }, () => frame));
    const began = performance.now();
    assert.equal(inspectBytes(bytes, { localKey: Buffer.alloc(16, 1) }).length, 5_000);
    assert.ok(performance.now() - began < 2_000);
  });
});
