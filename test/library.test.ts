import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { quietDiscovery } from "./support/cli";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "./support/virtual";

const run = promisify(execFile);

const LIBRARY = pathToFileURL(path.resolve("dist/src/index.js")).href;
const GUARD = path.resolve("dist/test/support/loopback-only.js");

/** The TypeScript in a document; none of it needs more than to have its imports and addresses replaced. */
function examplesIn(document: string): readonly string[] {
  return [...readFileSync(document, "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
}

/** Runs a program as an ES module that speaks on loopback only; resolves with what it prints. */
async function print(program: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const args = ["--require", GUARD, "--input-type=module", "--eval", program];
  const { stdout } = await run(process.execPath, args, { env: { ...process.env, ...env } });
  return stdout;
}

describe("the examples of the library", () => {
  it("switch the plug of the README, of whatever version it is", async () => {
    // It keeps silent in the version that is tried first, so it takes long to find.
    const device = await startDevice("3.5", { id: "vexampleplug00000001", behaviour: "3.5p" });
    const [example = ""] = examplesIn("README.md");
    const program = example
      .replace(/"@localtuya\/[\w-]+"/, JSON.stringify(LIBRARY))
      .replace(/ip: "[\d.]+"/, `ip: "127.0.0.1", port: ${device.port}`);
    assert.match(await print(program, { PLUG_KEY: LOCAL_KEY }), /^{ '1': true }$/m);
    assert.equal(device.values()["1"], true);
  });

  it("find and test a device by its announcements", async () => {
    const device = await startDevice("3.4");
    const { port: udp } = await quietDiscovery();
    device.startAnnouncing({ port: udp, intervalMs: 100 });
    const [find = "", test = ""] = examplesIn("docs/library.md");
    const where = `ip: "127.0.0.1", port: ${device.port}`;
    const program = `
      import { Device, diagnose, Discovery, isConclusion } from ${JSON.stringify(LIBRARY)};
      const [deviceId, localKey] = [process.env.ID, process.env.KEY];
      ${find
        .replace('ip: ""', `ip: "", port: ${device.port}`)
        .replace("Discovery({})", `Discovery({ bind: "127.0.0.1", ports: [${udp}], probe: [] })`)}
      await device.whenReady(15_000);
      console.log(device.state.kind);
      await device.close();
      ${test.replace(/ip: "[\d.]+"/, where)}
      await discovery.close();`;
    const printed = await print(program, { ID: DEVICE_ID, KEY: LOCAL_KEY });
    assert.match(printed, /^ready$/m);
    assert.match(printed, /^identity: .* announces itself from there\.$/m);
    assert.match(printed, /^OK: /m);
  });
});
