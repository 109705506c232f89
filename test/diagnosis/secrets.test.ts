import assert from "node:assert/strict";
import { diagnose } from "../../src/diagnosis/diagnose";
import type { DiagnosisLine } from "../../src/diagnosis/lines";
import type { Logger } from "../../src/logger";
import type { Faults } from "../../src/virtual/faults";
import { announce, diagnoseDevice, SHORT } from "../support/diagnosis";
import { startDiscovery } from "../support/udp";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";
import type { DiagnosisContext, DiagnosisInput } from "../../src/diagnosis/input";

const OTHER_KEY = "fedcba9876543210";

/** Everything a key can turn up as. */
function spellings(key: string): string[] {
  return [
    key,
    JSON.stringify(key).slice(1, -1),
    encodeURIComponent(key),
    Buffer.from(key).toString("hex"),
    Buffer.from(key).toString("base64"),
  ];
}

async function everythingSaid(input: DiagnosisInput, context: DiagnosisContext = {}): Promise<string> {
  const said: unknown[] = [];
  const log = (text: string | (() => string)): void =>
    void said.push(typeof text === "string" ? text : text());
  const logger: Logger = { error: log, warn: log, info: log, debug: log, trace: log };
  const lines: DiagnosisLine[] = [];
  for await (const line of diagnose(input, { ...context, logger, timings: { ...SHORT, silenceMs: 100 } }))
    lines.push(line);
  return [...said.map(String), ...lines.map((line) => JSON.stringify(line))].join("\n");
}

function assertSecret(text: string, ...keys: readonly string[]): void {
  for (const key of keys)
    for (const spelling of spellings(key)) assert.ok(!text.includes(spelling), `${spelling} in ${text}`);
}

describe("the local key", () => {
  const STATES = {
    "a device that works": {},
    "a busy one": { busy: true },
    "a silent one": { silent: true },
    "one that refuses": { refuseQuery: true },
  } as const satisfies Record<string, Faults>;

  for (const [title, faults] of Object.entries(STATES)) {
    it(`is in no text about ${title}, right or wrong`, async () => {
      const cases = (["3.3", "3.5"] as const).flatMap((version) =>
        [LOCAL_KEY, OTHER_KEY].map(async (localKey) => {
          const { host: ip, port } = await startDevice(version, { faults });
          const said = await everythingSaid({ deviceId: DEVICE_ID, localKey, ip, port, version: "auto" });
          assertSecret(said, LOCAL_KEY, OTHER_KEY);
        }),
      );
      await Promise.all(cases);
    });
  }

  it("is in no text about a spoilt key, neither as it was entered nor repaired", async () => {
    for (const localKey of [
      `"${LOCAL_KEY}"`,
      LOCAL_KEY.replace("<", "&lt;").replace('&"', "&amp;&quot;"),
      `${LOCAL_KEY}\n`,
      LOCAL_KEY.slice(1),
    ]) {
      const said = await everythingSaid({ deviceId: DEVICE_ID, localKey, ip: "127.0.0.1", version: "auto" });
      assert.match(said, /BAD_SETTINGS/);
      assertSecret(said, LOCAL_KEY, localKey);
    }
  });

  it("is in no text where it stands in the field of the id", async () => {
    const said = await everythingSaid({
      deviceId: OTHER_KEY,
      localKey: DEVICE_ID,
      ip: "127.0.0.1",
      version: "auto",
    });
    assert.match(said, /each other's field/);
    assertSecret(said, OTHER_KEY);
  });

  it("is blotted out where others say it: in a name, or in a refusal", async () => {
    const device = await startDevice("3.4", {
      faults: { refuseQuery: true, refusal: `bad ${LOCAL_KEY}\u001b[2J` },
    });
    const told = await diagnoseDevice(device, { name: `Lamp ${LOCAL_KEY}` });
    assert.equal(
      told.conclusion.says,
      'Lamp … is connected but refuses to show its data points ("bad …·[2J").',
    );
    assertSecret(JSON.stringify(told.lines), LOCAL_KEY);
  });
});

describe("a device that shows the key as a value", () => {
  it("has it blotted out in the sentence, as JSON writes it", async () => {
    const device = await startDevice("3.4", { dps: { "1": true, "101": LOCAL_KEY } });
    const { says } = (await diagnoseDevice(device)).step("datapoints");
    assert.equal(says, '2 data points: 1 = true, 101 = "…".');
  });
});

describe("texts of others", () => {
  it("reach nobody's terminal with control characters", async () => {
    const discovery = await startDiscovery();
    const id = "evil\u001b]0;x\u0007\u202e<b>0001";
    const stranger = await startDevice("3.4", { id, localKey: OTHER_KEY });
    await announce(stranger, discovery);
    const told = await diagnoseDevice(stranger, {}, { discovery });
    assert.match(told.conclusion.says, /^evil·\]0;x··<b>0001 announces itself/);
  });
});
