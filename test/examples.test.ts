import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Node, NodeAPI, NodeInitializer } from "node-red";
import helper from "node-red-node-test-helper";
import type { DeviceLink } from "../nodes/link/device-link";
import type { AcquireDevice } from "../nodes/link/direct-link";
import { discoverySharer } from "../nodes/runtime/discovery-share";
import { registerTuyaDevice } from "../nodes/tuya-device/tuya-device";
import { registerTuyaDiscover } from "../nodes/tuya-discover/tuya-discover";
import tuyaIn from "../nodes/tuya-in/tuya-in";
import tuyaOut from "../nodes/tuya-out/tuya-out";
import tuyaRaw from "../nodes/tuya-raw/tuya-raw";
import { PROTOCOL_VERSIONS } from "../src/protocol/version";
import { acquireDevice } from "../src/device/registry";
import { isPresetName, PRESETS } from "../src/virtual/presets";
import type { VirtualDevice } from "../src/virtual/virtual-device";
import { discoveryOn, freeUdpPort } from "./support/editor-discovery";
import { EXPECTED, type Press } from "./support/example-presses";
import { type FlowNode, flowProblems, readFlowFile } from "./support/flow-file";
import { NODE_RED } from "./support/node-red";
import { LOCAL_KEY, startDevice } from "./support/virtual";
import type { Dps } from "../src/protocol/dps";

const FOLDER = "examples";

/** Words people look for in the menu. */
const KINDS =
  "switch plug meter dimmer lamp cover thermostat sensor breaker fan blaster gateway energy button".split(
    " ",
  );

/** Node-RED's own nodes that the examples use, real ones. The test helper brings catch and status by itself. */
const CORE = [
  "common/20-inject",
  "common/90-comment",
  "function/10-function",
  "function/10-switch",
  "function/15-change",
  "function/rbe",
].map((file) => require(`@node-red/nodes/core/${file}.js`) as NodeInitializer);

/** What test nodes stand for. */
const HEARD = ["debug", "mqtt in", "mqtt out"];

interface TestMessage {
  readonly _msgid: string;
  readonly payload?: unknown;
  readonly tuya?: { readonly dps?: object };
  readonly error?: { readonly code?: string };
}

/** An example, deployed with virtual devices in place of the addresses in it. */
class Deployment extends EventEmitter<{ arrived: [name: string, msg: TestMessage] }> {
  readonly nodes: readonly FlowNode[];
  readonly heard = new Set<string>();
  /** The device behind each name. */
  readonly virtual = new Map<string, VirtualDevice>();
  /** What the devices were told, in order. */
  readonly sets: Dps[] = [];

  constructor(nodes: readonly FlowNode[]) {
    super();
    // Test nodes hear what debug nodes would show, and nothing goes to a broker.
    this.nodes = nodes
      .filter(({ type }) => type !== "mqtt-broker")
      .map((node) => (HEARD.includes(node.type) ? { ...node, type: "helper" } : node));
  }

  async load(): Promise<void> {
    const flow = (await Promise.all(this.nodes.map((node) => this.#withVirtualDevice(node)))).map(inLessTime);
    const keys = this.nodes.filter(isDirectDevice).map(({ id }) => [id, { localKey: LOCAL_KEY }]);
    const types = [device, tuyaIn, tuyaOut, discover, tuyaRaw, ...CORE];
    await helper.load(types, flow as never, Object.fromEntries(keys) as never);
    for (const { id, name = "" } of this.nodes.filter(({ type }) => type === "helper")) {
      helper.getNode(id).on("input", (msg) => {
        this.heard.add(name);
        this.emit("arrived", name, msg as TestMessage);
      });
    }
    await Promise.all(this.nodes.filter(({ type }) => type === "tuya-device").map(untilKnown));
  }

  /** Presses a button; resolves with what its message has become when it arrives at a debug node. */
  async press({ button, at, after }: Press): Promise<TestMessage> {
    if (after !== undefined) await this.untilHeard([after]);
    const inject = this.nodes.find(({ type, name }) => type === "inject" && name === button);
    assert.ok(inject, `there is a button "${button}"`);
    const id = `pressed-${button}-${this.listenerCount("arrived")}`;
    const answered = new Promise<TestMessage>((resolve) => {
      const listener = (name: string, msg: TestMessage): void => {
        if (name !== at || msg._msgid !== id) return;
        this.off("arrived", listener);
        resolve(msg);
      };
      this.on("arrived", listener);
    });
    helper.getNode(inject.id).receive({ _msgid: id } as never);
    return answered;
  }

  /** Puts a virtual device of the same kind at the address of a device. */
  async #withVirtualDevice(node: FlowNode): Promise<FlowNode> {
    if (!isDirectDevice(node)) return node;
    const { name = "" } = node;
    const preset = presetOf(node);
    assert.ok(isPresetName(preset), `there is a virtual ${preset}`);
    const { version, ...product } = PRESETS[preset];
    const virtual = await startDevice(version, { ...product, id: String(node["deviceId"]) });
    virtual.on("set", ({ dps }) => this.sets.push(dps));
    this.virtual.set(name, virtual);
    // To measure the version takes seconds, and has tests of its own.
    return { ...node, ip: virtual.host, port: String(virtual.port), version };
  }

  /** Resolves when something has arrived at every debug node with one of these names. */
  async untilHeard(names: readonly string[]): Promise<void> {
    while (!names.every((name) => this.heard.has(name))) await once(this, "arrived");
  }
}

/** Devices of this machine need no pause between two connections. */
function device(RED: NodeAPI): void {
  const acquire: AcquireDevice = (settings, holder, logger) =>
    acquireDevice(settings, holder, logger, { timings: { pauseMs: 50 } });
  registerTuyaDevice(RED, acquire, discoverySharer(RED, { lingerMs: 0 }));
}

function discover(RED: NodeAPI): void {
  registerTuyaDiscover(RED, discoverySharer(RED, { lingerMs: 0 }));
}

/** A search for some seconds takes a fraction of one. */
function inLessTime(node: FlowNode): FlowNode {
  const isScan = node.type === "tuya-discover" && node["seconds"] !== "0";
  return isScan ? { ...node, seconds: "0.2" } : node;
}

/** The product a device of an example is: its name says so. */
function presetOf({ name = "" }: FlowNode): string {
  return name.toLowerCase().replaceAll(" ", "-");
}

function isDirectDevice({ type, gateway }: FlowNode): boolean {
  return type === "tuya-device" && gateway === "";
}

/** Until the device has told its values: from then on it tells of changes, too. */
async function untilKnown({ id }: FlowNode): Promise<void> {
  const { link } = helper.getNode(id) as Node & { readonly link: DeviceLink };
  const isKnown = (): boolean => Object.keys(link.device?.values(link.profile.cid) ?? {}).length > 0;
  if (isKnown()) return;
  await new Promise<void>((resolve) => {
    link.on("report", () => {
      if (isKnown()) resolve();
    });
  });
}

const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.replaceAll(path.sep, "/"))
  .sort();

/** Those that need another package: `dashboard.test.ts` runs them. */
const isDashboard = (file: string) => file.startsWith("Dashboard/");

describe("examples", function () {
  this.slow(3_000);

  before(() => helper.init(require.resolve(NODE_RED)));
  beforeEach(() => {
    // The addresses are known, and a search would leave this machine.
    helper.settings({ tuyaDeviceDiscovery: false } as object);
    return helper.startServer();
  });
  afterEach(async () => {
    await helper.unload();
    await (helper.stopServer() as unknown as Promise<void>);
  });

  it("are the ones tested here", () => {
    assert.deepEqual(
      files.filter((file) => !isDashboard(file)),
      Object.keys(EXPECTED),
    );
  });

  it("stand in folders, numbered from 1 in each", () => {
    const folders = new Set(files.map((file) => path.dirname(file)));
    assert.deepEqual([...folders], ["Dashboard", "Devices", "Diagnosis", "Messages", "Sharing"]);
    for (const folder of folders) {
      const own = files.filter((file) => path.dirname(file) === folder).map((file) => path.basename(file));
      assert.deepEqual(
        own.map((file) => parseInt(file, 10)),
        own.map((_file, index) => index + 1),
        folder,
      );
    }
  });

  it("share no ids, so that all of them can be imported", () => {
    const ids = files.flatMap((file) => readFlowFile(path.join(FOLDER, file)).map(({ id }) => id));
    assert.equal(new Set(ids).size, ids.length);
  });

  it("show every node of the package", () => {
    const { "node-red": entry } = JSON.parse(readFileSync("package.json", "utf8")) as {
      "node-red": { nodes: Record<string, string> };
    };
    const types = new Set(
      files.flatMap((file) => readFlowFile(path.join(FOLDER, file)).map(({ type }) => type)),
    );
    assert.deepEqual(
      Object.keys(entry.nodes).filter((type) => !types.has(type)),
      [],
    );
  });

  it("can be found by the kind of device, in the menu", () => {
    assert.deepEqual(
      KINDS.filter((kind) => !files.some((file) => file.toLowerCase().includes(kind))),
      [],
    );
  });

  it("run with virtual devices of every kind and every version", () => {
    const devices = files.flatMap((file) => readFlowFile(path.join(FOLDER, file))).filter(isDirectDevice);
    const used = new Set(devices.map(presetOf));
    const isNewest = (name: string) => !name.endsWith("-old");
    assert.deepEqual(
      Object.keys(PRESETS)
        .filter(isNewest)
        .filter((name) => !used.has(name)),
      [],
    );
    const versions = [...used].filter(isPresetName).map((name) => PRESETS[name].version);
    assert.deepEqual([...new Set<string>(versions)].sort(), PROTOCOL_VERSIONS);
  });

  for (const [file, { presses, happens = [], silent = [], announced }] of Object.entries(EXPECTED)) {
    describe(file, () => {
      const nodes = readFlowFile(path.join(FOLDER, file));

      it("can be imported", () => {
        assert.deepEqual(flowProblems(nodes), []);
      });

      it("explains itself in a comment", () => {
        const [comment] = nodes.filter(({ type }) => type === "comment");
        assert.match(String(comment?.["info"]), /.{100}/s);
      });

      it("contains no address that could be somebody's", () => {
        const addresses = nodes.filter(isDirectDevice).map(({ ip }) => String(ip));
        for (const ip of addresses) assert.match(ip, /^192\.0\.2\.\d+$/);
      });

      it("does what its buttons say", async () => {
        if (announced !== undefined) {
          const port = await freeUdpPort();
          helper.settings(discoveryOn(port));
          const virtual = await startDevice("3.4", { id: announced });
          virtual.startAnnouncing({ port, intervalMs: 20 });
        }
        const deployment = new Deployment(nodes);
        await deployment.load();
        const buttons = nodes.filter(({ type }) => type === "inject").map(({ name }) => name);
        assert.deepEqual(new Set(presses.map(({ button }) => button)), new Set(buttons));

        for (const { device, dps } of happens) deployment.virtual.get(device)?.set(dps);
        const pending: Promise<void>[] = [];
        for (const press of presses) {
          const done = deployment.press(press).then((msg) => assertAnswer(msg, press, deployment.sets));
          if (press.later) pending.push(done);
          else await done;
        }
        await Promise.all(pending);

        const debugs = nodes.filter(({ type }) => type === "debug").map(({ name = "" }) => name);
        await deployment.untilHeard(debugs.filter((name) => !silent.includes(name)));
        for (const name of silent) assert.equal(deployment.heard.has(name), false, `"${name}" heard nothing`);
        assert.deepEqual(loggedErrors(), []);
      });
    });
  }
});

function assertAnswer(
  msg: TestMessage,
  { button, dps, told = [], like, answer, code }: Press,
  sets: readonly Dps[],
): void {
  if (code !== undefined) assert.equal(msg.error?.code, code, button);
  if (dps !== undefined) assert.deepEqual(msg.tuya?.dps, dps, button);
  if (like !== undefined) assert.match(String(Object.values(msg.tuya?.dps ?? {})[0]), like, button);
  if (dps !== undefined || like !== undefined) {
    const isTold = sets.some((told) => isDeepStrictEqual(told, msg.tuya?.dps));
    assert.ok(isTold, `${button}: the device was told ${JSON.stringify(msg.tuya?.dps)}`);
  }
  for (const each of told) {
    const isTold = sets.some((set) => isDeepStrictEqual(set, each));
    assert.ok(isTold, `${button}: a device was told ${JSON.stringify(each)}`);
  }
  if (answer !== undefined) assert.deepEqual({ ...(msg.payload as object), ...answer }, msg.payload, button);
}

/** Errors no Catch node caught. */
function loggedErrors(): readonly unknown[] {
  const ERROR = 20;
  const entries = (helper.log().args as { level: number; msg: unknown }[][]).map(([entry]) => entry);
  return entries.filter((entry) => entry?.level === ERROR).map((entry) => String(entry?.msg));
}
