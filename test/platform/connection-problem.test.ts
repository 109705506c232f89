import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { connectionProblem } from "../../src/platform/connection-problem";
import { fetchDevices, type FetchOptions } from "../../src/platform/fetch-devices";
import type { PlatformProblem } from "../../src/platform/problem";
import { ACCESS_ID, ACCESS_SECRET, startPlatform } from "../support/tuya-platform";

const HOST = "openapi.tuyaeu.com";

async function problemAt(loopbackPort: number, more: Partial<FetchOptions> = {}): Promise<PlatformProblem> {
  const { signal } = new AbortController();
  const result = await fetchDevices(
    { accessId: ACCESS_ID, accessSecret: ACCESS_SECRET, dataCentre: "eu" },
    { signal, loopbackPort, ...more },
  );
  assert.ok(!result.ok);
  return result.problem;
}

/** What becomes of an error that only a real network has. */
function problemOf(code: string): PlatformProblem {
  const error = Object.assign(new Error(`failed: ${code}`), { code });
  return connectionProblem(error, { host: HOST, isCancelled: false, isLate: false, timeoutMs: 1000 }).problem;
}

describe("connectionProblem", () => {
  it("says that nothing answers", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, "close");
    const { code, says } = await problemAt(port);
    assert.deepEqual([code, says], ["UNREACHABLE", `${HOST} cannot be reached (ECONNREFUSED).`]);
  });

  it("does not wait for ever, neither for an answer nor for its end", async () => {
    const platform = await startPlatform({ eu: {} });
    platform.misbehave(/token/, () => undefined);
    assert.equal((await problemAt(platform.port, { requestTimeoutMs: 50 })).code, "TIMEOUT");
    platform.misbehave(/token/, (response) => void response.write("{"));
    assert.equal((await problemAt(platform.port, { requestTimeoutMs: 50 })).code, "TIMEOUT");
    const { code, says } = await problemAt(platform.port, { totalTimeoutMs: 50 });
    assert.deepEqual([code, /for all its answers/.test(says)], ["TIMEOUT", true]);
  });

  it("says that the connection broke", async () => {
    const platform = await startPlatform({ eu: {} });
    platform.misbehave(/token/, (_response, request) => void request.socket.destroy());
    const { code, says } = await problemAt(platform.port);
    assert.deepEqual([code, /ECONNRESET/.test(says)], ["UNREACHABLE", true]);
  });

  it("tells names, certificates and clocks apart", () => {
    assert.equal(problemOf("ENOTFOUND").code, "NO_NAME");
    assert.match(problemOf("EAI_AGAIN").remedy, /ad blocker/);
    assert.match(problemOf("SELF_SIGNED_CERT_IN_CHAIN").remedy, /NODE_EXTRA_CA_CERTS/);
    assert.equal(problemOf("ERR_TLS_CERT_ALTNAME_INVALID").code, "TLS");
    assert.match(problemOf("CERT_NOT_YET_VALID").remedy, /clock/);
    assert.equal(problemOf("EHOSTUNREACH").code, "UNREACHABLE");
  });

  it("looks into several errors, one an address", () => {
    const inner = Object.assign(new Error("refused"), { code: "ENETUNREACH" });
    const error = new AggregateError([inner, inner]);
    const { problem } = connectionProblem(error, {
      host: HOST,
      isCancelled: false,
      isLate: false,
      timeoutMs: 1,
    });
    assert.match(problem.says, /ENETUNREACH/);
  });

  it("mentions a proxy that is configured but not used", () => {
    const before = process.env["HTTPS_PROXY"];
    process.env["HTTPS_PROXY"] = "http://127.0.0.1:9";
    try {
      assert.match(problemOf("ETIMEDOUT").remedy, /HTTPS_PROXY names a proxy/);
    } finally {
      if (before === undefined) delete process.env["HTTPS_PROXY"];
      else process.env["HTTPS_PROXY"] = before;
    }
  });
});

describe("nonsense", () => {
  for (const [what, body, status, says] of [
    ["a log-in page", "<!doctype html><title>Welcome</title>", 200, /a web page \(HTTP 200\)/],
    ["a redirection", "", 302, /HTTP 302 without data/],
    ["broken JSON", '{"success": tr', 200, /HTTP 200 without data/],
    ["a list", "[]", 200, /data without meaning/],
    ["null", "null", 200, /data without meaning/],
    ["success without a token", '{"success": true}', 200, /no token/],
    ["a refusal without a code", '{"success": false}', 200, /without a code/],
  ] as const) {
    it(`is ${what}`, async () => {
      const platform = await startPlatform({ eu: {} });
      platform.misbehave(/token/, (response) => {
        response.writeHead(status, { Location: "http://127.0.0.1:9/" }).end(body);
      });
      const problem = await problemAt(platform.port);
      assert.equal(problem.code, "NONSENSE");
      assert.match(problem.says, says);
      assert.equal(platform.received.length, 1);
    });
  }

  it("is an answer without an end", async () => {
    const platform = await startPlatform({ eu: {} });
    platform.misbehave(/token/, (response) => {
      const more = (): void => void (response.destroyed || response.write("x".repeat(500_000), more));
      more();
    });
    const { code, says } = await problemAt(platform.port);
    assert.deepEqual([code, /without an end/.test(says)], ["NONSENSE", true]);
  });

  it("is no list of devices", async () => {
    const platform = await startPlatform({ eu: {} });
    platform.misbehave(
      /associated-users/,
      (response) => void response.end('{"success": true, "result": {}}'),
    );
    assert.match((await problemAt(platform.port)).says, /no list of devices/);
  });
});
