import assert from "node:assert/strict";
import { decodeAnnouncement, decodeDiscoveryRequest } from "../../src/protocol/announcement";
import { Envelope } from "../../src/protocol/envelope";
import type { Frame } from "../../src/protocol/frame";
import { type Decoded, FrameDecoder, MAX_LENGTH } from "../../src/protocol/frame-decoder";
import { continueHandshake, DEVICE_HANDSHAKE, type HandshakeState } from "../../src/protocol/handshake";
import { type Message, parseBody } from "../../src/protocol/message";
import { possibleReport, readChildrenReport, readReport } from "../../src/protocol/report";
import { dialectOf, PROTOCOL_VERSIONS } from "../../src/protocol/version";
import { bytesGivenBack } from "../support/frames";
import { type Mutation, MUTATIONS } from "../support/mutate";
import { Random } from "../support/random";
import { keyOf, type Vector, vectors } from "../support/vectors";

/*
 * Bytes no device sends, through everything that reads bytes. `MUTANTS=10000000 npm run fuzz` makes ten million of them.
 * The same number gives the same mutants on every machine.
 */
const MUTANTS = Number(process.env["MUTANTS"] ?? 100_000);
const PER_MUTATION = Math.ceil(MUTANTS / Object.keys(MUTATIONS).length);

const INTEGRITIES = ["crc32", "hmac-sha256", "gcm-tag"] as const;
const BASES = vectors.filter(({ prefix }) => prefix !== "none");
const NONCE = Buffer.alloc(16, 0x5a);
const STATES: readonly HandshakeState[] = [
  DEVICE_HANDSHAKE,
  { step: "awaiting-response" },
  { step: "awaiting-finish", sessionKey: NONCE, deviceNonce: NONCE },
];

/** What became of the mutants: proof that they reach every branch. */
const outcomes = new Set<string>();

const envelopes = new Map<string, Envelope[]>();

/** An envelope of every version, with the key of a vector. */
function envelopesFor(vector: Vector): readonly Envelope[] {
  const key = keyOf(vector);
  const name = key.toString("hex");
  const made =
    envelopes.get(name) ?? PROTOCOL_VERSIONS.map((version) => new Envelope(dialectOf(version), key));
  envelopes.set(name, made);
  return made;
}

function decodeInPieces(bytes: Buffer, random: Random): Decoded[] {
  const decoder = new FrameDecoder({ integrity: random.pick(INTEGRITIES) });
  const decoded: Decoded[] = [];
  const largest = random.pick([7, 100, 100_000]);
  for (let at = 0; at < bytes.length;) {
    const size = random.between(1, largest);
    decoded.push(...decoder.push(bytes.subarray(at, at + size)));
    assert.ok(decoder.pending < MAX_LENGTH + 22, "more pending than one frame");
    at += size;
  }
  const given = bytesGivenBack(decoded);
  assert.ok(given.equals(bytes.subarray(0, given.length)), "bytes given back differ from bytes pushed");
  assert.equal(given.length + decoder.pending, bytes.length, "bytes lost");
  return decoded;
}

function check(mutant: Buffer, vector: Vector, random: Random): void {
  for (const item of decodeInPieces(mutant, random)) {
    if (item.type === "discarded") outcomes.add(item.reason);
    else openEverywhere(item, vector);
  }
  const announcement = decodeAnnouncement(mutant);
  outcomes.add(`announcement ${announcement.ok ? "ok" : announcement.reason}`);
  if (announcement.ok) assert.ok(announcement.announcement.id !== "");
  const request = decodeDiscoveryRequest(mutant);
  assert.ok(request === undefined || typeof request.ip === "string");
}

function openEverywhere(frame: Frame, vector: Vector): void {
  assert.ok(isUint32(frame.sequence) && isUint32(frame.command));
  for (const envelope of envelopesFor(vector)) {
    for (const sender of ["client", "device"] as const) {
      const opened = envelope.open(frame, sender);
      outcomes.add(opened.ok ? `opened ${envelope.dialect.version}` : opened.reason);
      if (opened.ok) readMessage(opened.message, envelope, keyOf(vector));
    }
  }
}

function readMessage(message: Message, { dialect }: Envelope, localKey: Buffer): void {
  const { returnCode, header, payload } = message;
  assert.ok(returnCode === undefined || isUint32(returnCode));
  assert.ok(header === undefined || (isUint32(header.number) && isUint32(header.source)));
  const body = parseBody(payload);
  outcomes.add(body.kind);
  if (body.kind === "json") {
    assert.doesNotThrow(() => JSON.stringify(body.value));
    const said = readReport(body.value);
    if (said) {
      outcomes.add("report");
      const report = possibleReport(said);
      assert.ok(!Object.hasOwn(report.dps, "__proto__"));
      assert.ok(report.t === undefined || (Number.isFinite(report.t) && report.t > 0));
      assert.ok(
        [report.cid, report.deviceId].every(
          (id) => id === undefined || (typeof id === "string" && id !== ""),
        ),
      );
    }
    const children = readChildrenReport(body.value);
    if (children) {
      outcomes.add("children");
      assert.ok([...children.online, ...children.offline].every((cid) => typeof cid === "string"));
    }
  }
  for (const state of STATES) {
    const { state: next } = continueHandshake({ dialect, localKey, nonce: NONCE }, state, message);
    outcomes.add(next.step === "failed" ? next.reason : next.step);
  }
}

const isUint32 = (value: number) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff;

function run(name: string, mutation: Mutation, seed: number): void {
  const random = new Random(seed);
  let heapBefore = 0;
  for (let i = 0; i < PER_MUTATION; i++) {
    if (i === PER_MUTATION >> 3) heapBefore = settledHeap();
    const vector = random.pick(BASES);
    const mutant = mutation(vector, random, BASES);
    try {
      check(mutant, vector, random);
    } catch (cause) {
      throw new Error(`${name}, mutant ${i}, of ${vector.id}: ${mutant.toString("hex")}`, { cause });
    }
  }
  const grown = settledHeap() - heapBefore;
  assert.ok(grown < 8 * 1024 * 1024, `${grown} bytes of memory kept`);
}

/** Memory in use. Without `--expose-gc` (`npm run fuzz` has it) garbage counts too, so nothing can be said. */
function settledHeap(): number {
  if (!globalThis.gc) return 0;
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe(`mutated frames: nothing throws, no byte is lost (${PER_MUTATION} mutants each)`, function () {
  this.timeout(0);
  for (const [index, [name, mutation]] of Object.entries(MUTATIONS).entries()) {
    it(name, () => run(name, mutation, index));
  }

  it("between them they reach every outcome", () => {
    const expected = [
      "no_prefix bad_length bad_suffix foreign_format bad_crc bad_hmac bad_tag bad_body".split(" "),
      PROTOCOL_VERSIONS.map((version) => `opened ${version}`),
      "empty json text report children".split(" "),
      "ok not_tuya bad_crc bad_tag bad_body request".split(" ").map((result) => `announcement ${result}`),
      "awaiting-start awaiting-response awaiting-finish malformed wrong_key".split(" "),
    ].flat();
    assert.deepEqual(
      expected.filter((outcome) => !outcomes.has(outcome)),
      [],
    );
  });
});
