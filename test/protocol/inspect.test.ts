import assert from "node:assert/strict";
import { Command } from "../../src/protocol/command";
import { type Inspected, inspectBytes } from "../../src/protocol/inspect";
import type { InspectKey } from "../../src/protocol/key-ring";
import { PROTOCOL_VERSIONS } from "../../src/protocol/version";
import { build55aa, encryptEcb } from "../support/build";
import { MUTATIONS } from "../support/mutate";
import { Random } from "../support/random";
import {
  badVectors,
  constants,
  frameOf,
  keyOf,
  tcpVectors,
  udpVectors,
  type Vector,
  vectorNamed,
} from "../support/vectors";

const OTHER_KEY = Buffer.from("0123456789abcdef");

function only(found: readonly Inspected[]): Inspected {
  const [first] = found;
  assert.ok(first && found.length === 1, `${found.length} findings`);
  return first;
}

function isNegotiation({ cmd }: Vector): boolean {
  return cmd !== null && cmd >= Command.SESS_KEY_NEG_START && cmd <= Command.SESS_KEY_NEG_FINISH;
}

/** What is read is what the vector says. */
function assertRead(found: Inspected, vector: Vector): void {
  assert.equal(found.reason, undefined);
  assert.equal(found.format, vector.prefix === "none" ? undefined : vector.prefix.toUpperCase());
  assert.equal(found.sequence, vector.seq ?? undefined);
  assert.equal(found.command, vector.cmd ?? undefined);
  assert.equal(found.returnCode, vector.retcode ?? undefined);
  assert.equal(found.payload.toString("hex"), isNegotiation(vector) ? "" : vector.appPayloadHex);
  assert.equal(found.raw.toString("hex"), vector.frameHex);
}

/** The direction is told where it can be, and never wrong. */
function assertDirection({ direction }: Inspected, vector: Vector): void {
  const expected = ["to_device", "app_broadcast"].includes(vector.direction) ? "out" : "in";
  if (direction !== undefined) assert.equal(direction, expected);
  if (vector.retcode !== null || isNegotiation(vector)) assert.equal(direction, expected);
}

/** Keys a frame can be looked at with: the version known, not known, and another one taken for it. */
function keysFor(vector: Vector): InspectKey[] {
  const localKey = keyOf(vector);
  return [
    { localKey, version: vector.version },
    { localKey },
    ...PROTOCOL_VERSIONS.filter((name) => name >= "3.4" && name !== vector.version).map((version) => ({
      localKey,
      version,
    })),
  ];
}

describe("inspectBytes, for every vector", () => {
  for (const vector of tcpVectors.filter(({ keyRole }) => keyRole !== "session")) {
    it(`${vector.id} is read with the local key`, () => {
      for (const key of keysFor(vector)) {
        const found = only(inspectBytes(frameOf(vector), key));
        assertRead(found, vector);
        assertDirection(found, vector);
        if (key.version === vector.version) assert.equal(found.version, vector.version);
        else assert.ok(found.version === undefined || found.version === vector.version);
      }
    });
  }

  for (const vector of tcpVectors.filter(({ keyRole }) => keyRole === "session")) {
    it(`${vector.id} is known to be encrypted with a session key`, () => {
      const localKey = Buffer.from(constants.localKeys.special.hex, "hex");
      for (const key of [{ localKey, version: vector.version }, { localKey }, {}]) {
        const found = only(inspectBytes(frameOf(vector), key));
        assert.equal(found.reason, "session_key");
        assert.equal(found.version, vector.version);
        assert.equal(found.command, vector.cmd);
        assert.equal(found.payload.length, 0);
      }
    });
  }

  for (const vector of tcpVectors.filter(({ keyRole }) => keyRole === "local")) {
    it(`${vector.id} is not read with another key, nor without one`, () => {
      const isEarlyPush = vector.version === "3.5" && vector.cmd === Command.STATUS;
      const negotiation = { "3.4": "bad_hmac", "3.5": "bad_tag" }[vector.version as string];
      for (const [key, reason] of [
        [{ localKey: OTHER_KEY }, negotiation ?? "bad_body"],
        [{}, "no_key"],
      ] as const) {
        const found = only(inspectBytes(frameOf(vector), key));
        assert.equal(found.reason, isEarlyPush ? "session_key" : reason);
        assert.equal(found.payload.length, 0);
      }
    });
  }

  for (const vector of tcpVectors.filter(({ keyRole }) => keyRole === "none")) {
    it(`${vector.id} is read without a key`, () => {
      assertRead(only(inspectBytes(frameOf(vector))), vector);
    });
  }

  for (const vector of udpVectors) {
    it(`${vector.id} is read without a key`, () => {
      const found = only(inspectBytes(frameOf(vector)));
      assertRead(found, vector);
      assertDirection(found, vector);
      const text = Buffer.from(vector.appPayloadHex, "hex").toString().replace(/\0+$/, "");
      const body = JSON.parse(text) as Record<string, unknown>;
      assert.equal(found.announcement?.id, body["gwId"] ?? body["uuid"]);
      if (found.announcement) assert.equal(found.announcement.ip, body["ip"]);
      else assert.equal(found.command, Command.REQ_DEVINFO);
    });
  }

  for (const vector of badVectors) {
    it(`${vector.id} is refused`, () => {
      const key = { localKey: keyOf(vector), version: vector.version };
      const found = inspectBytes(
        frameOf(vector),
        vector.keyRole === "local" ? key : { version: vector.version },
      );
      const [first] = found;
      assert.ok(first?.reason);
      const expected = ["bad_hmac", "bad_tag"].includes(vector.expect) && vector.transport === "tcp";
      // What is wrong with a frame under a session key shows only with that key.
      if (expected) assert.equal(first.reason, "session_key");
      else if (vector.id !== "neg-v34-len35") assert.equal(first.reason, vector.expect);
      assert.equal(Buffer.concat(found.map(({ raw }) => raw)).toString("hex"), vector.frameHex);
    });
  }
});

describe("inspectBytes", () => {
  const all = [...tcpVectors, ...udpVectors];
  const query = frameOf(vectorNamed("v33-query-resp"));
  const start = frameOf(vectorNamed("v35-neg-special-1"));
  const announcement = frameOf(vectorNamed("udp6667-13"));
  const large = frameOf(vectorNamed("v35-large-resp"));
  const key: InspectKey = { localKey: keyOf(vectorNamed("v33-query-resp")) };

  it("finds several frames of both formats, and what stands between them", () => {
    const garbage = Buffer.from("0102 0300".replace(" ", ""), "hex");
    const found = inspectBytes(Buffer.concat([garbage, query, start, garbage, announcement]), key);
    assert.deepEqual(
      found.map(({ format, reason }) => reason ?? format),
      ["no_prefix", "55AA", "6699", "no_prefix", "55AA"],
    );
    assert.deepEqual(found[0]?.raw, garbage);
    assert.ok(found[4]?.announcement);
  });

  it("reports a frame that was cut off, and reads those behind it", () => {
    const found = inspectBytes(
      Buffer.concat([large.subarray(0, 60), query, start, query.subarray(0, 20)]),
      key,
    );
    assert.deepEqual(
      found.map(({ format, reason }) => reason ?? format),
      ["incomplete", "55AA", "6699", "incomplete"],
    );
  });

  it("reads a scene with the local key, though its command is that of an announcement on UDP", () => {
    const localKey = keyOf(vectorNamed("v33-query-resp"));
    const scene = Buffer.from('{"scene":1}');
    const bytes = build55aa(1, Command.SCENE_EXECUTE, encryptEcb(localKey, scene));
    const found = only(inspectBytes(bytes, { localKey }));
    assert.deepEqual([found.reason, found.direction, found.payload], [undefined, undefined, scene]);
  });

  it("finds either format behind a frame that was cut off", () => {
    for (const next of [query, start]) {
      const found = inspectBytes(Buffer.concat([large.subarray(0, 60), next]), key);
      assert.deepEqual([found[0]?.reason, found[1]?.raw], ["incomplete", next]);
    }
  });

  it("finds nothing in nothing", () => {
    assert.deepEqual(inspectBytes(Buffer.alloc(0)), []);
  });

  for (const [change, mutate] of Object.entries(MUTATIONS)) {
    it(`never throws, and loses no byte, where somebody ${change}`, () => {
      const random = new Random(7);
      for (let round = 0; round < 300; round++) {
        const vector = random.pick(all);
        const bytes = mutate(vector, random, all);
        const found = inspectBytes(bytes, round % 2 ? { localKey: keyOf(vector) } : {});
        assert.equal(Buffer.concat(found.map(({ raw }) => raw)).compare(bytes), 0);
      }
    });
  }

  it("takes time in proportion to the bytes, whatever they are", () => {
    const prefixes = Buffer.alloc(256 * 1024, Buffer.from("000055aa0000000100000007000010", "hex"));
    const found = inspectBytes(prefixes, key);
    assert.equal(
      found.reduce((sum, { raw }) => sum + raw.length, 0),
      prefixes.length,
    );
  });
});
