import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Node, NodeAPI, NodeInitializer } from "node-red";
import helper from "node-red-node-test-helper";
import type { DeviceLink } from "../nodes/shared/device-link";
import { discoverySharer } from "../nodes/shared/discovery-share";
import tuyaDevice from "../nodes/tuya-device";
import { registerTuyaDiscover } from "../nodes/tuya-discover";
import tuyaIn from "../nodes/tuya-in";
import tuyaOut from "../nodes/tuya-out";
import tuyaRaw from "../nodes/tuya-raw";
import { isPresetName, PRESETS } from "../src/virtual/presets";
import { discoveryOn, freeUdpPort } from "./support/editor-discovery";
import { type FlowNode, flowProblems, readFlowFile } from "./support/flow-file";
import { LOCAL_KEY, startDevice } from "./support/virtual";

const FOLDER = "examples";

/** What a button of an example leads to. */
interface Press {
  readonly button: string;
  /** Name of the debug node its message arrives at. */
  readonly at: string;
  /** Values sent, by data point number. */
  readonly dps?: object;
  /** Values by name that the answer contains, among others. */
  readonly answer?: object;
  /** The error the message ends in. */
  readonly code?: string;
  /** The answer comes only when a later button was pressed. */
  readonly later?: true;
}

interface Expectation {
  readonly presses: readonly Press[];
  /** Debug nodes that nothing reaches, because nothing is wrong enough. All others hear something. */
  readonly silent?: readonly string[];
  /** Id of a device that announces itself meanwhile. */
  readonly announced?: string;
}

const white = (brightness: number, temperature: number): object => ({
  "21": "white",
  "22": brightness,
  "23": temperature,
});

const EXPECTED: Readonly<Record<string, Expectation>> = {
  "01 - Switch a plug.json": {
    presses: [
      { button: "off", at: "confirmed", dps: { "1": false } },
      { button: "on", at: "confirmed", dps: { "1": true } },
      { button: "toggle", at: "confirmed", dps: { "1": false } },
    ],
  },
  "02 - Power meter.json": { presses: [{ button: "measure now", at: "asked" }] },
  "03 - Lamp - brightness and colour.json": {
    presses: [
      { button: "toggle", at: "confirmed", dps: { "20": false } },
      { button: "brightness 10 %", at: "confirmed", dps: { "22": 100 } },
      { button: "brightness 100 %", at: "confirmed", dps: { "22": 1000 } },
      { button: "warm and dim", at: "confirmed", dps: white(200, 0) },
      { button: "cold and bright", at: "confirmed", dps: white(1000, 1000) },
      { button: "orange", at: "confirmed", dps: { "21": "colour", "24": "001e03e803e8" } },
      { button: "pale blue", at: "confirmed", dps: { "21": "colour", "24": "00f001900258" } },
    ],
  },
  "04 - One message per value.json": { presses: [] },
  "05 - When something goes wrong.json": {
    presses: [
      { button: "on", at: "done", dps: { "20": true } },
      { button: 'brightness "blue"', at: "wrong message", code: "BAD_INPUT" },
      { button: "no such name", at: "wrong message", code: "BAD_INPUT" },
      { button: "disconnect", at: "done" },
      { button: "on", at: "not connected", code: "OFFLINE" },
      { button: "connect", at: "done" },
      { button: "on", at: "done", dps: { "20": true } },
    ],
    silent: ["fetch the key again", "something else"],
  },
  "06 - Commands for a device that is offline.json": {
    presses: [
      { button: "on", at: "confirmed", dps: { "1": true } },
      { button: "disconnect", at: "done" },
      { button: "off", at: "confirmed", dps: { "1": false }, later: true },
      { button: "connect", at: "done" },
    ],
    silent: ["failed"],
  },
  "07 - Devices behind a gateway.json": {
    presses: [
      { button: "toggle", at: "answer", dps: { "1": true } },
      { button: "read all", at: "answer", answer: { switch_1: true } },
    ],
  },
  "08 - Connection of all devices.json": { presses: [] },
  "09 - Messages of tuya-smart-device.json": {
    presses: [
      { button: "dps and set alone", at: "answer", dps: { "1": false } },
      { button: "SET dps 1", at: "answer", dps: { "1": true } },
      { button: "multiple", at: "answer", dps: { "1": true, "9": 30 } },
      { button: "GET schema", at: "answer", answer: { switch_1: true, countdown_1: 30 } },
      { button: "REFRESH", at: "answer" },
      { button: "CONTROL RECONNECT", at: "answer" },
    ],
  },
  "10 - Find devices.json": {
    presses: [
      { button: "look for devices", at: "device" },
      { button: "list of new devices", at: "new devices" },
    ],
    silent: ["changed or silent"],
    announced: "vdev0000000000announced",
  },
  "11 - One output per value.json": { presses: [] },
  "12 - Look at the frames.json": {
    presses: [
      { button: "read all", at: "frames", answer: { direction: "in", name: "DP_QUERY_NEW", valid: true } },
      {
        button: "are you there?",
        at: "frames",
        answer: { direction: "in", name: "HEART_BEAT", valid: true },
      },
      { button: "reset", at: "refused", code: "BAD_INPUT" },
      { button: "decode an announcement", at: "frames" },
    ],
    silent: ["not readable"],
  },
};

/** Node-RED's own nodes that the examples use, real ones. The test helper brings catch and status by itself. */
const CORE = [
  "common/20-inject",
  "common/90-comment",
  "function/10-function",
  "function/10-switch",
  "function/15-change",
  "function/rbe",
].map((file) => require(`@node-red/nodes/core/${file}.js`) as NodeInitializer);

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

  constructor(nodes: readonly FlowNode[]) {
    super();
    // Test nodes hear what debug nodes would show.
    this.nodes = nodes.map((node) => (node.type === "debug" ? { ...node, type: "helper" } : node));
  }

  async load(): Promise<void> {
    const flow = (await Promise.all(this.nodes.map(withVirtualDevice))).map(inLessTime);
    const keys = this.nodes.filter(isDirectDevice).map(({ id }) => [id, { localKey: LOCAL_KEY }]);
    const types = [tuyaDevice, tuyaIn, tuyaOut, discover, tuyaRaw, ...CORE];
    await helper.load(types, flow as never, Object.fromEntries(keys) as never);
    for (const { id, name = "" } of this.nodes.filter(({ type }) => type === "helper")) {
      helper.getNode(id).on("input", (msg) => {
        this.heard.add(name);
        this.emit("arrived", name, msg as TestMessage);
      });
    }
    await Promise.all(this.nodes.filter(({ type }) => type === "tuya-device").map(untilReady));
  }

  /** Presses a button; resolves with what its message has become when it arrives at a debug node. */
  async press({ button, at }: Press): Promise<TestMessage> {
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

  /** Resolves when something has arrived at every debug node with one of these names. */
  async untilHeard(names: readonly string[]): Promise<void> {
    while (!names.every((name) => this.heard.has(name))) await once(this, "arrived");
  }
}

function discover(RED: NodeAPI): void {
  registerTuyaDiscover(RED, discoverySharer(RED, { lingerMs: 0 }));
}

/** A search for some seconds takes a fraction of one. */
function inLessTime(node: FlowNode): FlowNode {
  const isScan = node.type === "tuya-discover" && node["seconds"] !== "0";
  return isScan ? { ...node, seconds: "0.2" } : node;
}

function isDirectDevice({ type, gateway }: FlowNode): boolean {
  return type === "tuya-device" && gateway === "";
}

/** Puts a virtual device of the same kind at the address of a device. */
async function withVirtualDevice(node: FlowNode): Promise<FlowNode> {
  if (!isDirectDevice(node)) return node;
  const preset = String(node.name).toLowerCase();
  assert.ok(isPresetName(preset), `there is a virtual ${preset}`);
  const { version, ...product } = PRESETS[preset];
  const { host, port } = await startDevice(version, { ...product, id: String(node["deviceId"]) });
  return { ...node, ip: host, port: String(port) };
}

async function untilReady({ id }: FlowNode): Promise<void> {
  const { link } = helper.getNode(id) as Node & { readonly link: DeviceLink };
  await new Promise<void>((resolve) => {
    const check = (): void => {
      if (link.state.kind === "ready") resolve();
    };
    link.on("state", check);
    check();
  });
}

const files = readdirSync(FOLDER).sort();

describe("examples", function () {
  this.timeout(15_000);
  this.slow(3_000);

  before(() => helper.init(require.resolve("node-red")));
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
    assert.deepEqual(files, Object.keys(EXPECTED));
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

  for (const [file, { presses, silent = [], announced }] of Object.entries(EXPECTED)) {
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

        const pending: Promise<void>[] = [];
        for (const press of presses) {
          const done = deployment.press(press).then((msg) => assertAnswer(msg, press));
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

function assertAnswer(msg: TestMessage, { button, dps, answer, code }: Press): void {
  if (code !== undefined) assert.equal(msg.error?.code, code, button);
  if (dps !== undefined) assert.deepEqual(msg.tuya?.dps, dps, button);
  if (answer !== undefined) assert.deepEqual({ ...(msg.payload as object), ...answer }, msg.payload, button);
}

/** Errors no Catch node caught. */
function loggedErrors(): readonly unknown[] {
  const ERROR = 20;
  const entries = (helper.log().args as { level: number; msg: unknown }[][]).map(([entry]) => entry);
  return entries.filter((entry) => entry?.level === ERROR).map((entry) => String(entry?.msg));
}
