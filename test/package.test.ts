import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { PRESETS } from "../src/virtual/presets";
import { findBrowser, launchBrowser } from "./support/browser";
import { type NodeRedServer, type Runtime, startNodeRed } from "./support/node-red";
import { tryEditor } from "./support/packed-editor";
import { FETCH_MS, installFromPalette, newestRuntime, pack, type Tarball } from "./support/packed";
import { LOADING_MS } from "./support/patience";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "./support/virtual";

const run = promisify(execFile);

const { name: NAME, "node-red": ENTRY } = JSON.parse(readFileSync("package.json", "utf8")) as {
  name: string;
  "node-red": { nodes: Record<string, string> };
};
const TYPES = Object.keys(ENTRY.nodes);

/** All that may be in the package. */
const ALLOWED = [
  /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md)$/,
  /^examples\/[A-Z][a-z]+\/\d\d - [^/]+\.json$/,
  /^profiles\/[a-z-]+\.json$/,
  /^resources\/(?:mqtt|yaml)\.js$/,
  /^dist\/src\/[a-z\d/-]+\.(?:js|d\.ts)$/,
  /^dist\/nodes\/(?:[a-z-]+\/){1,2}[a-z-]+\.js$/,
  /^dist\/nodes\/(tuya-[a-z]+)\/\1\.html$/,
  /^dist\/nodes\/(tuya-[a-z]+)\/icons\/\1\.svg$/,
  /^dist\/nodes\/(tuya-[a-z]+)\/locales\/[a-zA-Z-]+\/\1\.(?:json|html)$/,
];

/** Message catalogues by set of nodes. */
type Texts = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** Bytes. A mistake in the list of files costs megabytes; the package itself is far below. */
const MAX_SIZE = 800_000;
const MAX_UNPACKED_SIZE = 3_000_000;

let folder: string;
let userDir: string;
let tarball: Tarball;

describe("package", function () {
  this.timeout(2 * LOADING_MS);
  this.slow(10_000);

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "tuya-package-"));
    userDir = path.join(folder, "user");
    tarball = await pack(folder);
    await installFromPalette(tarball.file, userDir);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const installed = (): string => path.join(userDir, "node_modules", NAME);

  it("contains what runs and what explains it, and nothing else", () => {
    const files = tarball.files.map((file) => file.path);
    assert.deepEqual(
      files.filter((file) => !ALLOWED.some((pattern) => pattern.test(file))),
      [],
    );
    const needed = TYPES.flatMap((type) => [
      `dist/nodes/${type}/${type}.js`,
      `dist/nodes/${type}/${type}.html`,
    ]);
    needed.push(
      "README.md",
      "LICENSE",
      "CHANGELOG.md",
      "SECURITY.md",
      "dist/src/index.js",
      "dist/src/index.d.ts",
    );
    needed.push(...TYPES.map((type) => `dist/nodes/${type}/locales/en-US/${type}.json`));
    assert.deepEqual(
      needed.filter((file) => !files.includes(file)),
      [],
    );
    for (const shipped of ["examples", "profiles"]) {
      const own = readdirSync(shipped, { recursive: true, encoding: "utf8" }).filter((file) =>
        file.endsWith(".json"),
      );
      assert.equal(files.filter((file) => file.startsWith(`${shipped}/`)).length, own.length);
    }
  });

  it("is small", () => {
    assert.ok(tarball.size < MAX_SIZE, `${tarball.size} bytes packed`);
    assert.ok(tarball.unpackedSize < MAX_UNPACKED_SIZE, `${tarball.unpackedSize} bytes unpacked`);
  });

  it("names no folder of the machine it was made on", async () => {
    const names = [process.cwd(), path.join(homedir(), path.sep), tmpdir() + path.sep];
    for (const { path: file } of tarball.files) {
      const text = await readFile(path.join(installed(), file), "utf8");
      for (const name of names) assert.ok(!text.includes(name), `${file} mentions ${name}`);
    }
  });

  it("brings no other package along", async () => {
    const modules = path.join(userDir, "node_modules");
    const visible = (await readdir(modules)).filter((name) => !name.startsWith("."));
    assert.deepEqual(visible, [path.dirname(NAME)]);
    assert.deepEqual(await readdir(path.join(modules, path.dirname(NAME))), [path.basename(NAME)]);
    assert.ok(!(await readdir(installed())).includes("node_modules"));
  });

  it("is a library without Node-RED", async () => {
    const device = await startDevice("3.5", { dps: { "1": true } });
    const program = `
      const { Device, TuyaError, ERROR_CODES } = require(${JSON.stringify(NAME)});
      const [deviceId, localKey, port] = process.argv.slice(1);
      const device = new Device({ deviceId, localKey, ip: "127.0.0.1", port: Number(port), version: "3.5" });
      device.connect();
      device.whenReady(4000)
        .then(() => device.query())
        .then((dps) => device.set({ 1: !dps[1] }))
        .then(() => console.log(JSON.stringify([device.values(), ERROR_CODES.includes("BUSY"), typeof TuyaError])))
        .finally(() => device.close());`;
    const args = ["-e", program, DEVICE_ID, LOCAL_KEY, String(device.port)];
    const { stdout } = await run(process.execPath, args, { cwd: userDir });
    assert.deepEqual(JSON.parse(stdout), [{ "1": false }, true, "function"]);
  });

  it("brings the command tuya-lan", async () => {
    const command = path.join(userDir, "node_modules", ".bin", "tuya-lan");
    const { stdout } = await run(command, ["--help"], { shell: process.platform === "win32" });
    assert.match(stdout, /^Usage: tuya-lan/);
  });

  it("has types a TypeScript program finds", async () => {
    const program = `
      import { acquireDevice, Device, SILENT, TuyaError, type DeviceReport, type Dps } from "${NAME}";
      const device = new Device({ deviceId: "id", localKey: "0123456789abcdef", ip: "127.0.0.1", version: "auto" });
      const stop: () => void = device.on("report", ({ dps, reason }: DeviceReport) => console.log(dps["1"], reason));
      const values: Promise<Dps> = device.query();
      values.catch((error: unknown) => error instanceof TuyaError && error.code === "OFFLINE");
      void acquireDevice(device.settings, "me", SILENT).release().then(stop);
      // @ts-expect-error: there is no such version
      new Device({ deviceId: "id", localKey: "", ip: "", version: "9.9" });
      // @ts-expect-error: only what the package exports can be imported
      import { encodeFrame } from "${NAME}/dist/src/protocol/frame";`;
    await writeFile(path.join(userDir, "program.ts"), program);
    const [, example] = /^```ts\n(.*?)^```$/ms.exec(await readFile("README.md", "utf8")) ?? [];
    assert.ok(example, "README has an example");
    await writeFile(path.join(userDir, "readme.mts"), example);
    const options = "--noEmit --strict --target es2022 --module nodenext --types node --typeRoots".split(" ");
    const types = path.resolve("node_modules", "@types");
    const compiler = path.resolve("node_modules", "typescript", "bin", "tsc");
    const args = [compiler, ...options, types, "program.ts", "readme.mts"];
    const { stdout } = await run(process.execPath, args, { cwd: userDir }).catch(
      (error: { stdout: string }) => error,
    );
    assert.equal(stdout, "");
  });

  const runtimes: Record<string, () => Promise<Runtime | undefined>> = {
    "in the Node-RED of this repository": () => Promise.resolve(undefined),
    "in Node-RED 5 on Node.js 22": newestRuntime,
  };
  if (process.env["SKIP_PACKAGE_TEST"] === "1") {
    delete runtimes["in Node-RED 5 on Node.js 22"];
    console.log("SKIP_PACKAGE_TEST=1: the package is not tested in Node-RED 5.");
  }
  for (const [title, find] of Object.entries(runtimes)) {
    describe(title, () => {
      let server: NodeRedServer | undefined;
      const running = (): NodeRedServer => {
        assert.ok(server, "Node-RED runs");
        return server;
      };
      const get = (url: string, accept: string): Promise<unknown> => getFrom(running(), url, accept);

      before(async function () {
        this.timeout(FETCH_MS + LOADING_MS);
        const runtime = await find();
        const ownDir = path.join(folder, title);
        await cp(userDir, ownDir, { recursive: true });
        server = await startNodeRed({ userDir: ownDir, ...(runtime && { runtime }) });
      });
      after(async () => {
        await server?.stop();
        assert.doesNotMatch(server?.output() ?? "", /outside loopback/);
      });

      it("registers all its types", async () => {
        const sets = (await get("nodes", "application/json")) as {
          module: string;
          types: string[];
          enabled: boolean;
          err?: string;
        }[];
        const own = sets.filter(({ module }) => module === NAME);
        assert.deepEqual(
          own.map(({ types, enabled, err }) => ({ types, enabled, err })),
          TYPES.map((type) => ({ types: [type], enabled: true, err: undefined })),
        );
        assert.doesNotMatch(running().output(), /error/i);
      });

      it("serves what the editor needs of it", async () => {
        const html = String(await get("nodes", "text/html"));
        for (const type of TYPES) {
          assert.ok(html.includes(`registerType("${type}"`), `editor side of ${type}`);
          assert.ok(html.includes(`data-template-name="${type}"`), `form of ${type}`);
        }
        const texts = (await get("nodes/messages?lng=en-US", "application/json")) as Texts;
        for (const type of TYPES)
          assert.ok(texts[`${NAME}/${type}`]?.[type]?.["paletteLabel"], `texts of ${type}`);
        for (const icon of namesIn("icons"))
          assert.match(String(await get(`icons/${NAME}/${icon}`, "image/svg+xml")), /^<svg/);
        const menu = (folder: string) => get(`library/examples/flows/${NAME}/${folder}`, "application/json");
        assert.deepEqual(await menu(""), namesIn("examples"));
        for (const folder of namesIn("examples")) {
          const names = namesIn(`examples/${folder}`).map((file) => ({ fn: path.parse(file).name }));
          assert.deepEqual(await menu(`${folder}/`), names);
        }
      });

      it("passes on a value of a device", async () => {
        const device = await startDevice("3.5", { ...PRESETS.lamp, version: "3.5" });
        await deployTo(running(), [
          { id: "tab", type: "tab", label: "Test" },
          {
            id: "device",
            type: "tuya-device",
            name: "Lamp",
            deviceId: device.id,
            ip: device.host,
            port: String(device.port),
            version: "3.5",
            datapoints: [{ dp: "22", code: "bright_value", type: "Integer", scale: 1 }],
            credentials: { localKey: LOCAL_KEY },
          },
          {
            id: "in",
            type: "tuya-in",
            z: "tab",
            device: "device",
            output: "each",
            dps: "bright_value",
            initial: true,
            x: 100,
            y: 100,
            wires: [["debug"]],
          },
          { id: "debug", type: "debug", z: "tab", console: "true", active: true, x: 200, y: 100, wires: [] },
        ]);
        await running().says(/\b80\b/);
        device.set({ "22": 415 });
        await running().says(/\b41\.5\b/);
        const flows = JSON.stringify(await get("flows", "application/json"));
        assert.ok(!flows.includes(JSON.stringify(LOCAL_KEY).slice(1, -1)), "no key in the flow");
      });

      // In the other one all tests of the editor do.
      if (find === newestRuntime)
        it("opens its dialogs in the editor, and imports what is asked for", async function () {
          const executable = findBrowser();
          if (!executable) this.skip();
          const browser = await launchBrowser(executable);
          try {
            await tryEditor(browser, running());
          } finally {
            await browser.close();
          }
        });
    });
  }
});

/** What the admin API answers: JSON parsed, anything else as text. */
async function getFrom(server: NodeRedServer, url: string, accept: string): Promise<unknown> {
  const response = await fetch(`${server.url}${url}`, { headers: { accept } });
  assert.ok(response.ok, `GET ${url}: ${response.status}`);
  const isJson = response.headers.get("content-type")?.includes("json");
  return isJson ? response.json() : response.text();
}

/** Deploys flows; credentials stand in the nodes, as the editor sends them. */
async function deployTo(server: NodeRedServer, flows: readonly object[]): Promise<void> {
  const response = await fetch(`${server.url}flows`, {
    method: "POST",
    headers: { "content-type": "application/json", "node-red-api-version": "v2" },
    body: JSON.stringify({ flows }),
  });
  assert.ok(response.ok, `POST flows: ${response.status}`);
}

function namesIn(of: string): readonly string[] {
  return readdirSync(of);
}
