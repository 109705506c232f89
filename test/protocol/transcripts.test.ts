import assert from "node:assert/strict";
import { secretKey } from "../../src/protocol/cipher";
import { Envelope } from "../../src/protocol/envelope";
import { openFrame6699 } from "../../src/protocol/frame-6699";
import { FrameDecoder } from "../../src/protocol/frame-decoder";
import { continueHandshake, type HandshakeState, startHandshake } from "../../src/protocol/handshake";
import { parseBody } from "../../src/protocol/message";
import { readReport } from "../../src/protocol/report";
import { dialectOf } from "../../src/protocol/version";
import { onlyFrame } from "../support/frames";
import { hex } from "../support/hex";
import { negotiations, type Transcript, type TranscriptEvent, transcripts } from "../support/vectors";

const DIALECT = dialectOf("3.5");

/** The recordings were made with this negotiation: same local key, nonces and session key. */
const NEGOTIATION = negotiations.find(({ id }) => id === "v35-special");

const frameIn = (event: TranscriptEvent) => onlyFrame(new FrameDecoder().push(hex(event.frameHex ?? "")));
const framesFromDevice = ({ events }: Transcript) =>
  events.filter(({ dir, frameHex }) => dir === "from_device" && frameHex !== undefined);

function keys({ localKeyHex, sessionKeyHex }: Transcript): Record<"local" | "session", Buffer> {
  return { local: hex(localKeyHex), session: hex(sessionKeyHex ?? "") };
}

describe("transcripts of the vendor's device code", () => {
  it("are five, with sixteen frames of the device", () => {
    assert.equal(transcripts.length, 5);
    assert.equal(transcripts.flatMap(framesFromDevice).length, 16);
  });

  for (const transcript of transcripts) {
    it(`${transcript.id}: each frame of the device opens under its key, and under no other`, () => {
      for (const event of framesFromDevice(transcript)) {
        const { local, session } = keys(transcript);
        const [key, other] = event.keyRole === "local" ? [local, session] : [session, local];
        const frame = frameIn(event);
        assert.deepEqual([frame.sequence, frame.command], [event.seq, event.cmd]);
        assert.equal(openFrame6699(frame, secretKey(key))?.toString("hex"), event.plaintextHex);
        assert.deepEqual(new Envelope(DIALECT, other).open(frame), { ok: false, reason: "bad_tag" });
        const opened = new Envelope(DIALECT, key).open(frame);
        assert.ok(opened.ok && opened.message.returnCode !== undefined);
        const { header, payload } = opened.message;
        const plain = hex(event.plaintextHex ?? "");
        if (header) {
          const { number, source } = header;
          assert.deepEqual([number, source], [plain.readUInt32BE(4 + 7), plain.readUInt32BE(4 + 11)]);
        }
        assert.deepEqual(payload, plain.subarray(header ? 4 + 15 : 4));
      }
    });
  }
});

/**
 * What a client makes of a conversation: negotiates, then reads under the session key. A push that was on its way when
 * the session began is still under the local key.
 */
function listen(transcript: Transcript): { state: HandshakeState; heard: string[] } {
  assert.ok(NEGOTIATION);
  const { local } = keys(transcript);
  const context = { dialect: DIALECT, localKey: local, nonce: hex(NEGOTIATION.clientNonceHex) };
  let { state } = startHandshake(context);
  let envelopes = [new Envelope(DIALECT, local)];
  const heard: string[] = [];
  for (const event of framesFromDevice(transcript)) {
    const opened = envelopes.map((envelope) => envelope.open(frameIn(event))).find(({ ok }) => ok);
    assert.ok(opened?.ok);
    const { command, payload, returnCode } = opened.message;
    const next = continueHandshake(context, state, opened.message).state;
    if (next.step === "established" && state.step !== "established") {
      envelopes = [new Envelope(DIALECT, next.sessionKey), ...envelopes];
    }
    state = next;
    const body = parseBody(payload);
    const dps = body.kind === "json" ? JSON.stringify(readReport(body.value)?.dps) : undefined;
    if (command !== 4)
      heard.push(`${command} code ${returnCode} ${dps ?? (body.kind === "text" ? body.text : "")}`.trim());
  }
  return { state, heard };
}

describe("a client that listens to the transcripts", () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    "tuyaopen-normal": [
      '16 code 0 {"1":false,"2":0,"4":"low","6":0,"7":false}',
      "13 code 1",
      '8 code 0 {"1":true}',
      "9 code 0",
      '8 code 0 {"2":77}',
      '16 code 0 {"1":true,"2":77,"4":"low","6":0,"7":false}',
    ],
    "tuyaopen-errors": [
      "10 code 1 data format error",
      "13 code 1 parse data error",
      "13 code 1 data format error",
      "7 code 1",
    ],
    "tuyaopen-prenego-push": ['8 code 0 {"2":5}', '8 code 0 {"2":6}', '8 code 0 {"2":7}'],
    "tuyaopen-wrongkey": [],
    "tuyaopen-34frame": [],
  };
  for (const transcript of transcripts) {
    it(`${transcript.id}: hears what the device said`, () => {
      const { state, heard } = listen(transcript);
      assert.deepEqual(heard, expected[transcript.id]);
      assert.equal(state.step, heard.length > 0 ? "established" : "awaiting-response");
    });
  }
});
