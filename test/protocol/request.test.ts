import assert from "node:assert/strict";
import {
  encodeRequest,
  OLDER_MEASUREMENTS,
  type Request,
  USUAL_MEASUREMENTS,
} from "../../src/protocol/request";
import { dialectOf, PROTOCOL_VERSIONS, type ProtocolVersion } from "../../src/protocol/version";
import { constants, tcpVectors, vectorNamed } from "../support/vectors";

const { deviceId, cid, t } = constants;
const encode = (version: ProtocolVersion, request: Request) =>
  encodeRequest(dialectOf(version), request, { deviceId, t });

const QUERY: Request = { kind: "query" };
const HEARTBEAT: Request = { kind: "heartbeat" };
const LIST: Request = { kind: "list-children" };
const refresh = (...dps: readonly number[]): Request => ({ kind: "refresh", dps });
const set = (dps: Record<string, boolean | number>, child?: string): Request => ({
  kind: "set",
  dps,
  cid: child,
});

/** The request each vector to a device is, where its body is one of ours. */
const REQUESTS: Readonly<Record<string, Request>> = {
  "v31-query-req": QUERY,
  "v31-control-req": set({ "1": false }),
  "v31-hb-req": HEARTBEAT,
  "v32-query-req-plain": QUERY,
  "v32-device22-query-req": { kind: "query-with-nulls", dps: ["1"] },
  "v32-control-req": set({ "1": true, "2": 55 }),
  "v33-query-req": QUERY,
  "v33-control-req": set({ "1": true, "2": 55 }),
  "v33-hb-req": HEARTBEAT,
  "v33-device22-query-req": { kind: "query-with-nulls", dps: ["1", "2"] },
  "v33-updatedps-req": refresh(18, 19, 20),
  "v33-sub-query-req": { kind: "query", cid },
  "v33-sub-control-req": set({ "1": true }, cid),
  "v34-query-req": QUERY,
  "v34-control-req": set({ "1": false }),
  "v34-hb-req": HEARTBEAT,
  "v34-updatedps-req": refresh(4, 5, 6, 18, 19, 20),
  "v34-sub-query-req": { kind: "query", cid },
  "v34-sub-control-req": set({ "1": true }, cid),
  "v34-subdev-list-req": LIST,
  "v35-query-req": QUERY,
  "v35-query-cid-req": { kind: "query", cid },
  "v35-control-req": set({ "1": true }),
  "v35-sub-control-req": set({ "1": true }, cid),
  "v35-hb-req": HEARTBEAT,
  "v35-updatedps-req": refresh(18, 19, 20),
  "v35-subdev-list-req": LIST,
};

/** Vectors to a device whose command or body this package does not send, though devices understand it. */
const NOT_OURS = [
  /-neg-/,
  /-hb-req-empty/,
  /-tuyapi-json$/,
  /-appsource$/,
  /-query10-req$/,
  /-control7-req$/,
];

describe("encodeRequest", () => {
  for (const [id, request] of Object.entries(REQUESTS)) {
    it(id, () => {
      const vector = vectorNamed(id);
      const { command, payload } = encode(vector.version, request);
      assert.equal(command, vector.cmd);
      assert.equal(payload.toString("utf8"), vector.appPayloadText);
    });
  }

  it("is compared with every vector to a device that has a body of ours", () => {
    const ours = tcpVectors
      .filter(
        ({ id, direction }) => direction === "to_device" && !NOT_OURS.some((pattern) => pattern.test(id)),
      )
      .map(({ id }) => id);
    assert.deepEqual(ours.toSorted(), Object.keys(REQUESTS).toSorted());
  });

  it("writes UTF-8 without blanks between the tokens, and leaves those inside strings alone", () => {
    const request: Request = { kind: "set", dps: { "101": "Küche  2", "20": { a: [1, 2] } } };
    for (const version of PROTOCOL_VERSIONS) {
      const text = encode(version, request).payload.toString("utf8");
      assert.match(text, /"dps":\{"20":\{"a":\[1,2\]\},"101":"Küche {2}2"\}/);
    }
  });

  it("addresses a sub-device in nulls and refreshes too", () => {
    const nulls = encode("3.3", { kind: "query-with-nulls", dps: ["1", "101"], cid });
    assert.deepEqual(
      [nulls.command, JSON.parse(nulls.payload.toString())],
      [13, { t, cid, dps: { "1": null, "101": null } }],
    );
    const again = encode("3.4", { kind: "refresh", dps: [1], cid });
    assert.deepEqual([again.command, again.payload.toString()], [18, `{"dpId":[1],"cid":"${cid}"}`]);
  });

  it("sends a DP named __proto__ as a name", () => {
    const { payload } = encode("3.3", { kind: "query-with-nulls", dps: ["__proto__"] });
    assert.match(payload.toString(), /"dps":\{"__proto__":null\}/);
  });
});

describe("encodeRequest", () => {
  it("sends a body made by somebody else as it is", () => {
    const payload = Buffer.from("no JSON at all");
    for (const version of PROTOCOL_VERSIONS)
      assert.deepEqual(encode(version, { kind: "raw", command: 0x2a, payload }), { command: 0x2a, payload });
  });

  it("knows which data points plugs measure", () => {
    assert.deepEqual(
      [USUAL_MEASUREMENTS, OLDER_MEASUREMENTS],
      [
        [18, 19, 20],
        [4, 5, 6],
      ],
    );
  });
});
