import assert from "node:assert/strict";
import { KnownValues } from "../../src/device/values";
import { Envelope } from "../../src/protocol/envelope";
import { FrameDecoder } from "../../src/protocol/frame-decoder";
import { parseBody } from "../../src/protocol/message";
import { possibleReport, readChildrenReport, readReport } from "../../src/protocol/report";
import { dialectOf } from "../../src/protocol/version";
import { OwnBodies } from "../../src/session/proof/own-bodies";
import { isFromClient } from "../../src/session/proof/proof";
import { build55aa, encryptEcb, uint32 } from "../support/build";
import { LOCAL_KEY } from "../support/virtual";

/*
 * What one frame costs, whatever is in it, in ordinary frames of the same size. One of those takes well under half a
 * millisecond, so a hundred of them are less than the 50 ms for which a frame may hold everybody up; but no clock is asked.
 */
const MOST = 100;
const ROUNDS = 15;
const KEY = Buffer.from(LOCAL_KEY, "latin1");
/** Of a body: what fits into a frame of 16 KiB. */
const SIZE = 16_000;

const STATUS = 8;

function frameOf(body: string): Buffer {
  const text = encryptEcb(KEY, Buffer.from(body.slice(0, SIZE)));
  return build55aa(0, STATUS, Buffer.concat([uint32(0), Buffer.from("3.3"), Buffer.alloc(12), text]));
}

/** All that is done with what a frame says before anybody else has a turn. */
function take(bytes: Buffer): boolean {
  const [decoded] = new FrameDecoder().push(bytes);
  assert.ok(decoded?.type === "frame");
  const opened = new Envelope(dialectOf("3.3"), KEY).open(decoded);
  if (!opened.ok) return false;
  const own = new OwnBodies();
  own.add(Buffer.from("{}"));
  own.addUnproven(Buffer.from('{"devId":"x"}'), new Set());
  const body = parseBody(opened.message.payload);
  if (own.has(opened.message.payload) || body.kind !== "json" || isFromClient(body.value)) return false;
  readChildrenReport(body.value);
  const report = readReport(body.value);
  if (report) new KnownValues().merge(possibleReport(report), "push");
  return report !== undefined;
}

function cpuTimeOf(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

const repeat = (text: string, length = SIZE): string =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);
const within = (value: string): string => `{"dps":{"1":${value}}}`;
const points = (count: number, value: (dp: number) => unknown): string =>
  JSON.stringify({
    dps: Object.fromEntries(Array.from({ length: count }, (_, i) => [String(i + 1), value(i + 1)])),
  });

const BODIES: Readonly<Record<string, string>> = {
  "thousands of data points": points(1_200, (dp) => dp),
  "as many data points as there are, with texts": points(255, (dp) => repeat(`${dp} "`, 40)),
  "one long text": within(JSON.stringify(repeat("x", 15_000))),
  "a text of escapes": within(JSON.stringify(repeat('"\\', 7_000))),
  "escapes that are none": within(`"${repeat("\\x", 15_000)}"`),
  "backslashes without end": within(`"${repeat("\\", 15_001)}`),
  "a type and blanks": `{"dps":{},"type":${repeat(" ", 15_000)}`,
  "types and types": `{${repeat('"type": ', 15_000)}`,
  "a type without quotes, and more of them": `{${repeat('"type":query,', 15_000)}"dps":{}}`,
  "lists in lists": within(repeat("[", 7_000) + repeat("]", 7_000)),
  "objects in objects": repeat('{"dps":', 15_000),
  "objects in objects, closed": '{"a":'.repeat(2_600) + "1" + "}".repeat(2_600),
  "ninety levels, broad ones": within(`${"[".repeat(90)}${repeat("1,", 14_000)}1${"]".repeat(90)}`),
  "a number without end": within(repeat("9", 15_000)),
  "numbers with exponents": points(1_000, () => 1e300),
  "names of a prototype": `{"dps":{${Array.from({ length: 900 }, () => '"__proto__":{}').join(",")}}}`,
  "ids of sub-devices": JSON.stringify({
    online: Array.from({ length: 900 }, (_, i) => `00a1b2c3${i}`),
    dps: {},
  }),
  "no JSON at all": repeat("parse data error ", 15_900),
  "an end that is missing": `{"dps":{"1":"${repeat("x", 15_900)}`,
  "bytes that are no text": repeat("\u00ff\u0100", 8_000),
  "NUL behind NUL": `{"dps":{}}${repeat("\0", 15_900)}`,
};

describe("one frame, whatever it says", () => {
  const ordinary = frameOf(points(255, (dp) => repeat(`value ${dp} `, 45)));

  it("is taken where it is an ordinary one", () => {
    assert.equal(take(ordinary), true);
  });

  for (const [what, body] of Object.entries(BODIES)) {
    it(`costs no more than a hundred ordinary ones: ${what}`, () => {
      const bytes = frameOf(body);
      let [hundred, one] = [Infinity, Infinity];
      for (let round = 0; round < ROUNDS; round++) {
        hundred = Math.min(
          hundred,
          cpuTimeOf(() => {
            for (let i = 0; i < MOST; i++) take(ordinary);
          }),
        );
        one = Math.min(
          one,
          cpuTimeOf(() => take(bytes)),
        );
        if (one <= hundred) return;
      }
      assert.fail(`costs ${Math.round((MOST * one) / hundred)} ordinary ones`);
    });
  }
});
