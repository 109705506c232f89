import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { NodeAPI, NodeInitializer } from "node-red";
import { convertFlow, type ConvertedFlow } from "../../src/import/convert-flow";
import type { ExistingDevice } from "../../src/import/plan";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { type Credentials, type FlowNode, acquireFast, NodeRed } from "../support/flow";
import { describeGenerations, type Generation, OLD_AND_NEW, startGeneration } from "../support/generations";
import { registerSmartDevice } from "../support/smart-device";
import { LOCAL_KEY, startDevice } from "../support/virtual";

const HOUSE = JSON.parse(readFileSync("test/import/fixtures/house-flow.json", "utf8")) as FlowNode[];
/** The key of the lamp, which is in a credential, and that of the gateway, which is in the environment. */
const LAMP_KEY = "kV3tWq8ZrX1nLp5e";
const GATE_KEY = "aB3$dE6&gH9(jK2)";

/** Ports of the virtual devices, by id. */
const ports = new Map<string, number>();

/** Node-RED's own nodes in the flow, real ones. */
const CORE = ["common/05-junction", "common/60-link", "function/10-function", "function/10-switch"].map(
  (file) => require(`@node-red/nodes/core/${file}.js`) as NodeInitializer,
);

interface House {
  readonly plug: VirtualDevice;
  readonly lamp: VirtualDevice;
  readonly gate: VirtualDevice;
}

async function build(generation: Generation): Promise<House> {
  const plug = await startGeneration(generation, {
    id: "bfplug00000000000021",
    dps: { "1": false, "9": 0, "19": 0 },
  });
  const lamp = await startDevice("3.3", {
    id: "bflamp00000000000022",
    localKey: LAMP_KEY,
    dps: { "20": false, "22": 10 },
    overrides: { statusFirst: 0 },
  });
  const gate = await startDevice("3.4", {
    id: "bfgate00000000000023",
    localKey: GATE_KEY,
    subDevices: { a1: { dps: { "1": false } }, b2: { dps: { "1": true } } },
    overrides: { statusFirst: 0, sequencesSwapped: 0 },
  });
  for (const { id, port } of [plug, lamp, gate]) ports.set(id, port);
  return { plug, lamp, gate };
}

/** The flow at the place of the virtual devices. */
function houseFlow(version: string): FlowNode[] {
  return HOUSE.map((node) => ({
    ...node,
    ...(typeof node["deviceIp"] === "string" && node["deviceIp"] !== "" && { deviceIp: "127.0.0.1" }),
    ...((node.id === "plug" || node.id === "meter") && { tuyaVersion: version }),
  }));
}

/** What stands there is sent as it is, and what a debug node would show is kept. */
function forTest(flow: readonly FlowNode[]): FlowNode[] {
  const types: Readonly<Record<string, string>> = { inject: "junction", debug: "probe" };
  return flow.map(({ credentials: _secret, ...node }) => ({
    ...(node as FlowNode),
    type: types[node.type] ?? node.type,
    ...(node.type === "tuya-device" && { port: String(ports.get(String(node["deviceId"])) ?? "") }),
  }));
}

function credentialsOf(flow: readonly FlowNode[]): Credentials {
  return Object.fromEntries(
    flow.flatMap(({ id, credentials }) => (credentials ? [[id, credentials]] : [])),
  ) as Credentials;
}

let lastId = 0;
function convert(flow: readonly FlowNode[], existing: readonly ExistingDevice[] = []): ConvertedFlow {
  return convertFlow(flow, { newId: () => `new${++lastId}`, existing });
}

/** Something that happens, and the debug nodes it is seen at. */
interface Step {
  readonly send?: readonly [button: string, payload: unknown];
  readonly report?: (house: House) => void;
  readonly seen: readonly string[];
}

const STEPS: readonly Step[] = [
  { send: ["raw", { operation: "GET", schema: true }], seen: ["values", "is-off", "watts"] },
  { send: ["on", true], seen: ["values", "is-on"] },
  { send: ["off", false], seen: ["values", "is-off"] },
  { report: ({ plug }) => plug.set({ "19": 600 }), seen: ["values", "watts", "metered"] },
  { report: ({ plug }) => plug.set({ "1": true, "19": 725 }), seen: ["values", "is-on", "watts"] },
  {
    send: ["raw", { operation: "SET", multiple: true, data: { "1": false, "9": 30 } }],
    seen: ["values", "is-off"],
  },
  { send: ["raw", { set: true }], seen: ["values", "is-on"] },
  { send: ["raw", { dps: "9", set: 5, shouldWaitForResponse: false }], seen: ["values", "metered"] },
  { send: ["percent", 40], seen: ["dim-values"] },
  { send: ["to-gate", { operation: "GET", cid: "a1" }], seen: ["gate-values"] },
  { send: ["to-gate", { operation: "SET", dps: 1, set: true, cid: "a1" }], seen: ["gate-values"] },
  { report: ({ gate }) => gate.set({ "1": false }, { cid: "b2" }), seen: ["gate-values"] },
  { report: ({ gate }) => gate.setChildOnline("b2", false), seen: ["gate-values"] },
  {
    send: ["raw", { operation: "CONTROL", action: "DISCONNECT" }],
    seen: ["plug-state"],
  },
  { send: ["raw", { operation: "CONTROL", action: "CONNECT" }], seen: ["plug-state", "plug-state"] },
];

describe("a converted flow", () => {
  const red = new NodeRed(acquireFast, {}, [(RED: NodeAPI) => registerSmartDevice(RED, ports), ...CORE]);

  before(() => (process.env["GATE_KEY"] = GATE_KEY));
  after(() => delete process.env["GATE_KEY"]);

  /** Starts a flow, lets everything happen, and returns what arrived at each debug node. */
  async function play(flow: readonly FlowNode[], house: House): Promise<Record<string, unknown[]>> {
    const negotiated = Object.values(house).map(negotiations);
    const ready = ["plug-state", "meter-state", "dim-state", "gate-state"];
    await red.load(forTest(flow), credentialsOf(flow));
    for (const probe of ready) await red.messages(probe).find(isConnected);
    for (const wait of negotiated) await wait();
    for (const { send, report, seen } of STEPS) {
      report?.(house);
      if (send) red.send(send[0], { payload: structuredClone(send[1]) });
      for (const probe of seen) await red.messages(probe).next();
    }
    const probes = HOUSE.filter(({ type }) => type === "debug").map(({ id }) => id);
    const arrived = probes.map((id) => [id, red.messages(id).all.map(comparable)] as const);
    await red.unload();
    return Object.fromEntries(arrived);
  }

  describeGenerations("sends what the old one sent", OLD_AND_NEW, (generation) => {
    it("to every node behind it", async () => {
      const flow = houseFlow(generation.version).filter(({ id }) => id !== "local");
      const before = await play(flow, await build(generation));
      const house = await build(generation);
      const now = await play(convert(flow).flow, house);
      assertSame(now, before);
      assert.deepEqual(house.plug.values(), { "1": true, "9": 5, "19": 725 });
    });
  });

  it("sends what the old one sent also where the device is configured already, under another name and with scales", async () => {
    const [generation] = OLD_AND_NEW;
    assert.ok(generation);
    const flow = houseFlow(generation.version).filter(({ id }) => id !== "local");
    const before = await play(flow, await build(generation));
    const house = await build(generation);
    const { flow: converted, updateKey } = convert(flow, [configured("plug", house.plug)]);
    assert.deepEqual(updateKey, [
      { source: house.plug.id, nodeId: "plug-device", name: "My plug", localKey: LOCAL_KEY },
    ]);
    const device = {
      id: "plug-device",
      type: "tuya-device",
      name: "My plug",
      deviceId: house.plug.id,
      ip: house.plug.host,
      version: "auto",
      datapoints: [
        { dp: "1", code: "switch_1", type: "Boolean" },
        { dp: "9", code: "countdown_1", type: "Integer", scale: 1, max: 20 },
        { dp: "19", code: "cur_power", type: "Integer", scale: 1, unit: "W" },
      ],
      credentials: { localKey: LOCAL_KEY },
    };
    const now = await play([...converted, device], house);
    assertSame(now, before);
    assert.deepEqual(house.plug.values(), { "1": true, "9": 5, "19": 725 });
  });

  describeGenerations("repeats what a device repeats", OLD_AND_NEW, (generation) => {
    it("and never sends the garbage of one that stumbles over it", async () => {
      await build(generation);
      const { flow } = convert(houseFlow(generation.version));
      await red.load(forTest(flow.filter(isRunning)), credentialsOf(flow));
      await red.messages("plug-state").find(isConnected);
      const values = red.messages("values");
      const next = async () => {
        const { dps, type } = dataOf((await values.next()).payload);
        return { dps, type };
      };
      const plain = { dps: { "1": true }, type: undefined };
      red.send("on", { payload: true });
      assert.deepEqual(await next(), plain);
      red.send("on", { payload: true });
      // As 3.3 firmware writes it, it is no JSON.
      if (generation.name !== "3.5o") assert.deepEqual(await next(), { ...plain, type: "query" });
      assert.deepEqual(await next(), plain);
      red.send("raw", { payload: { operation: "GET" } });
      assert.deepEqual(await next(), { dps: { "1": true, "9": 0, "19": 0 }, type: undefined });
    });
  });

  it("says why a device cannot be reached, and is told when it can", async () => {
    const house = await build(OLD_AND_NEW[0] ?? assert.fail());
    await house.plug.close();
    const { flow } = convert(houseFlow("3.3"));
    await red.load(forTest(flow.filter(isRunning)), credentialsOf(flow));
    const states = red.messages("plug-state");
    assert.equal(stateOf(await states.next()).state, "CONNECTING");
    const { state, reason, deviceId, deviceName } = stateOf(await states.next());
    assert.deepEqual([state, deviceId, deviceName], ["ERROR", house.plug.id, "Plug"]);
    assert.match(reason ?? "", /^Plug refuses connections/);
    await house.plug.listen();
    assert.equal(stateOf(await states.next()).state, "CONNECTED");
  });

  it("keeps the old nodes, which do nothing, and has its keys in the credentials of devices only", () => {
    const { flow, converted, problems } = convert(houseFlow("3.3"));
    assert.deepEqual(
      converted.map(({ id }) => id),
      ["dim-lamp", "plug", "gate", "meter"],
    );
    assert.deepEqual(
      flow.filter(({ type, d }) => type === "tuya-smart-device" && d !== true).map(({ id }) => id),
      ["local"],
    );
    assert.match(problems.join(), /^Plug of the room is left as it is: its settings come from variables/);
    const devices = flow.filter(({ type }) => type === "tuya-device");
    assert.deepEqual(
      devices.map(({ credentials }) => credentials),
      [{ localKey: LAMP_KEY }, { localKey: LOCAL_KEY }, { localKey: "${GATE_KEY}" }],
    );
    // Those that were not converted keep what they have.
    const rest = flow.filter(({ type, id }) => type !== "tuya-device" && id !== "local" && id !== "spare");
    for (const key of [LAMP_KEY, LOCAL_KEY])
      assert.ok(!JSON.stringify(rest).includes(JSON.stringify(key).slice(1, -1)));
  });
});

interface Data {
  readonly dps?: object;
  readonly type?: string;
}

function dataOf(payload: unknown): Data {
  return (payload as { data: Data }).data;
}

interface State {
  readonly state: string;
  readonly deviceId?: string;
  readonly deviceName?: string;
  readonly reason?: string;
}

function stateOf({ payload }: { payload?: unknown }): State {
  return payload as State;
}

/** The old node that is left as it is would look for its device. */
function isRunning({ id }: { readonly id: string }): boolean {
  return id !== "local";
}

function configured(name: string, { id: deviceId }: VirtualDevice): ExistingDevice {
  return { nodeId: `${name}-device`, name: `My ${name}`, deviceId, gateway: "", cid: "", hasKey: true };
}

type Arrived = Readonly<Record<string, unknown[]>>;

function assertSame(now: Arrived, before: Arrived): void {
  // The new nodes of a device share one connection, so that all of them hear when one asks to disconnect.
  for (const states of [before, now]) states["meter-state"]?.splice(2);
  assert.deepEqual(now, before);
}

/** Resolves when every client there is has negotiated, where it has to. */
function negotiations(device: VirtualDevice): () => Promise<void> {
  let count = 0;
  device.on("negotiate", () => count++);
  return async () => {
    while (device.version >= "3.4" && count < device.clients) await once(device, "negotiate");
  };
}

function isConnected(msg: { payload?: unknown }): boolean {
  return (msg.payload as { state: string }).state === "CONNECTED";
}

/** A message without what differs from run to run, and without what was added to the states. */
function comparable({ _msgid, ...message }: { _msgid?: string | undefined; payload?: unknown }): object {
  const { payload } = message as { payload?: { state?: string; data?: { t?: number } } };
  if (payload?.state !== undefined) return { ...message, payload: { state: payload.state } };
  if (payload?.data === undefined) return message;
  const { t: _time, ...data } = payload.data;
  return { ...message, payload: { ...payload, data } };
}
