import assert from "node:assert/strict";
import { describeSkew } from "../../src/platform/platform-refusal";
import { fetchDevices } from "../../src/platform/fetch-devices";
import type { PlatformProblem } from "../../src/platform/problem";
import { ACCESS_ID, ACCESS_SECRET, startPlatform, type TuyaPlatform } from "../support/tuya-platform";

async function problemOf(
  platform: TuyaPlatform,
  { accessId = ACCESS_ID, accessSecret = ACCESS_SECRET } = {},
): Promise<PlatformProblem> {
  const { signal } = new AbortController();
  const result = await fetchDevices(
    { accessId, accessSecret, dataCentre: "eu" },
    { signal, loopbackPort: platform.port },
  );
  assert.ok(!result.ok);
  return result.problem;
}

describe("refusalOf", () => {
  it("tells a wrong access id from a wrong secret", async () => {
    const platform = await startPlatform({ eu: {} });
    const id = await problemOf(platform, { accessId: "k3p9vexample0another" });
    assert.equal(id.code, "WRONG_ID");
    const secret = await problemOf(platform, { accessSecret: "00000000000000000000000000000000" });
    assert.equal(secret.code, "WRONG_SECRET");
    assert.match(secret.says, /secret does not belong to this access id/);
    assert.equal(platform.received.length, 2, "one request each: no other data centre, no second try");
  });

  it("names how wrong the clock is", async () => {
    const platform = await startPlatform({ eu: {} });
    platform.clockMs = -12 * 60_000;
    const fast = await problemOf(platform);
    assert.deepEqual(
      [fast.code, fast.says],
      [
        "CLOCK",
        "The clock of this server is wrong: 12 minutes fast compared with the Tuya platform, so the platform refuses what it signs.",
      ],
    );
    platform.clockMs = 3 * 3_600_000;
    assert.match((await problemOf(platform)).says, /3 hours slow/);
  });

  it("names how wrong the clock is by the Date header, where the answer has no time", async () => {
    const platform = await startPlatform({ eu: {} });
    platform.misbehave(/token/, (response) => {
      response.setHeader("Date", new Date(Date.now() - 86_400_000 * 9).toUTCString());
      response.end(JSON.stringify({ success: false, code: 1013, msg: "request time is invalid" }));
    });
    assert.match((await problemOf(platform)).says, /9 days fast/);
  });

  for (const [code, expected, remedy] of [
    [28841002, "TRIAL_LAPSED", /Extend Trial Period/],
    [28841001, "NOT_SUBSCRIBED", /Service API.*IoT Core/],
    [28841101, "NOT_SUBSCRIBED", /IoT Core/],
    [28841105, "NOT_SUBSCRIBED", /IoT Core/],
    [28841106, "NOT_SUBSCRIBED", /IoT Core/],
    [28841004, "QUOTA", /next month/],
    [1110, "BUSY", /minute/],
    [500, "BUSY", /minute/],
    [1114, "ADDRESS_REFUSED", /IP Allowlist/],
    [2007, "ADDRESS_REFUSED", /data centre your app account belongs to/],
    [1106, "DATA_CENTRE", /Link App Account/],
    [2406, "DATA_CENTRE", /Link App Account/],
    [28841107, "DATA_CENTRE", /data centre/],
  ] as const) {
    it(`says what to click after ${code}`, async () => {
      const platform = await startPlatform({ eu: {} });
      platform.refuse(/./, [code, "No permissions."]);
      const problem = await problemOf(platform);
      assert.equal(problem.code, expected);
      assert.match(problem.remedy, remedy);
      assert.equal(problem.dataCentre, undefined);
    });
  }

  it("quotes a refusal nobody knows, without what might be secret", async () => {
    const platform = await startPlatform({ eu: {} });
    platform.refuse(/./, [4711, `<b>The moon\u0000</b> is ${ACCESS_SECRET}`]);
    const { code, says } = await problemOf(platform);
    assert.equal(code, "REFUSED");
    assert.equal(says, 'The Tuya platform refused: "b The moon b is …" (code 4711).');
  });
});

describe("describeSkew", () => {
  it("uses the unit a person would", () => {
    const minute = 60_000;
    assert.deepEqual(
      [-1000, 90_000, 7 * minute, -100 * minute, 30 * 60 * minute, 72 * 60 * minute].map(describeSkew),
      [
        "1 second slow",
        "90 seconds fast",
        "7 minutes fast",
        "100 minutes slow",
        "30 hours fast",
        "3 days fast",
      ],
    );
  });
});
