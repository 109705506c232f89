import assert from "node:assert/strict";
import { Envelope } from "../../../src/protocol/envelope";
import { FrameDecoder } from "../../../src/protocol/frame-decoder";
import { parseBody } from "../../../src/protocol/message";
import { dialectOf, PROTOCOL_VERSIONS, type ProtocolVersion } from "../../../src/protocol/version";
import {
  isBelieved,
  isFromClient,
  isProvenByNegotiation,
  provesKey,
  takesCommands,
  type Trust,
} from "../../../src/session/proof/proof";
import { build55aa, encryptEcb, uint32 } from "../../support/build";
import { onlyFrame } from "../../support/frames";
import { DEVICE_ID, LOCAL_KEY } from "../../support/virtual";

const KEY = Buffer.from(LOCAL_KEY, "latin1");
const OTHER_KEY = Buffer.from("0123456789abcdef");
const CONTROL = 7;
const STATUS = 8;
const HEART_BEAT = 9;
const QUERY = 10;
const LISTS = 0x40;
const REPORT = JSON.stringify({ dps: { "1": true } });

/** Whether a frame made of these parts, without the code under test, proves the key. */
function proves(command: number, body: Buffer, version: ProtocolVersion = "3.3"): boolean {
  const frame = onlyFrame(new FrameDecoder().push(build55aa(1, command, body)));
  const opened = new Envelope(dialectOf(version), KEY).open(frame);
  return opened.ok && provesKey(opened.message, parseBody(opened.message.payload));
}

function sealed(text: string, key = KEY): Buffer {
  return Buffer.concat([uint32(0), encryptEcb(key, Buffer.from(text))]);
}

function clear(text: string): Buffer {
  return Buffer.concat([uint32(0), Buffer.from(text)]);
}

describe("proof of the key", () => {
  it("is a negotiation where there is one", () => {
    const negotiating = PROTOCOL_VERSIONS.filter((version) => isProvenByNegotiation(dialectOf(version)));
    assert.deepEqual(negotiating, ["3.4", "3.5"]);
  });

  for (const [what, command, text] of [
    ["values in answer to a query", QUERY, REPORT],
    ["values reported by itself", STATUS, REPORT],
    ["values of a sub-device", QUERY, JSON.stringify({ dps: { "1": 1 }, cid: "00a1" })],
    ["a refusal", QUERY, "json obj data unvalid"],
    ["a refusal of a command", CONTROL, "parse data error"],
    ["the list of a gateway", LISTS, JSON.stringify({ online: ["00a1"], offline: [] })],
  ] as const) {
    it(`is ${what}, sealed under it`, () => {
      assert.equal(proves(command, sealed(text)), true);
    });

    it(`is not ${what} in clear, or sealed under another key`, () => {
      for (const version of ["3.1", "3.2", "3.3"] as const) {
        assert.equal(proves(command, clear(text), version), false, version);
        assert.equal(proves(command, sealed(text, OTHER_KEY), version), false, version);
      }
    });
  }

  for (const [what, command, body] of [
    ["an empty answer", QUERY, uint32(0)],
    ["an acknowledgement", CONTROL, uint32(0)],
    ["a command without any body", CONTROL, Buffer.alloc(0)],
    ["an answer to a heartbeat, whatever is in it", HEART_BEAT, sealed(REPORT)],
    ["nothing, sealed", QUERY, sealed("")],
    ["a word, sealed", QUERY, sealed("hello")],
    ["an id, sealed", QUERY, sealed(JSON.stringify({ devId: DEVICE_ID }))],
    [
      "a query, sealed",
      QUERY,
      sealed(JSON.stringify({ gwId: DEVICE_ID, devId: DEVICE_ID, uid: "u", t: "1" })),
    ],
    ["values that are all null, sealed", STATUS, sealed(JSON.stringify({ dps: { "1": null, "2": null } }))],
    [
      "a set, sealed",
      STATUS,
      sealed(JSON.stringify({ devId: DEVICE_ID, uid: "u", t: "1", dps: { "1": 1 } })),
    ],
    ["the end of a query, sealed", QUERY, sealed('"t":"1764500000"}').subarray(0, 4 + 32)],
  ] as const) {
    it(`is not ${what}`, () => {
      assert.equal(proves(command, body), false);
    });
  }

  it("is not one block of what was sent to somebody, whichever he takes", () => {
    const body = { gwId: DEVICE_ID, devId: DEVICE_ID, uid: DEVICE_ID, t: "1764500000" };
    for (let pad = 0; pad < 16; pad++) {
      const query = encryptEcb(
        KEY,
        Buffer.from(JSON.stringify({ ...body, t: `1764500000${"0".repeat(pad)}` })),
      );
      const last = query.subarray(-16);
      for (let at = 0; at < query.length; at += 16) {
        for (const cut of [query.subarray(at), Buffer.concat([query.subarray(at, at + 16), last])])
          assert.equal(proves(QUERY, Buffer.concat([uint32(1), cut])), false, `${pad} ${at}`);
      }
    }
  });

  it("tells what clients write from what devices write", () => {
    for (const body of [
      { devId: DEVICE_ID, uid: "eu155", t: "1", dps: { "1": true } },
      { protocol: 5, t: 1, data: { dps: { "1": true } } },
      { gwId: DEVICE_ID, devId: DEVICE_ID },
      { dpId: [18, 19, 20] },
      { reqType: "subdev_online_stat_query", data: { cids: [] } },
    ])
      assert.equal(isFromClient(body), true);
    for (const body of [
      { dps: { "1": true } },
      { devId: DEVICE_ID, dps: {}, t: 1 },
      { protocol: 4, t: 1, data: { dps: {} } },
    ])
      assert.equal(isFromClient(body), false);
  });
});

describe("trust before proof", () => {
  it("lets commands go to an address that was named with its version only, and believes none that was merely heard of", () => {
    const rows = (["pinned", "configured", "heard"] as const).map((trust: Trust) => [
      takesCommands(trust, false),
      isBelieved(trust, false),
      takesCommands(trust, true),
      isBelieved(trust, true),
    ]);
    assert.deepEqual(rows, [
      [true, true, true, true],
      [false, true, true, true],
      [false, false, true, true],
    ]);
  });
});
