import assert from "node:assert/strict";
import type { EventEmitter } from "node:events";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { type DeployType, device, type FlowNode, input, NodeRed, output, probe, tab } from "../support/flow";
import { LOCAL_KEY, startDevice } from "../support/virtual";
import { settled } from "../support/settled";

/** Resolves as soon as a condition holds, which is looked at after every one of these events. */
function until(emitter: EventEmitter, events: readonly string[], condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!condition()) return;
      for (const event of events) emitter.off(event, look);
      resolve();
    };
    for (const event of events) emitter.on(event, look);
    look();
  });
}

function clients(virtual: VirtualDevice, count: number): Promise<void> {
  return until(
    virtual as unknown as EventEmitter,
    ["connect", "disconnect"],
    () => virtual.clients === count,
  );
}

/** Every connection a device sees, and the largest number at the same time. */
function watch(virtual: VirtualDevice): { connects: number; most: number; rejects: number } {
  const seen = { connects: 0, most: 0, rejects: 0 };
  virtual.on("connect", () => {
    seen.connects++;
    seen.most = Math.max(seen.most, virtual.clients);
  });
  virtual.on("reject", () => seen.rejects++);
  return seen;
}

/** Timers and sockets of this process. */
function resources(): string[] {
  return process.getActiveResourcesInfo().filter((type) => type === "Timeout" || type.startsWith("TCP"));
}

const NAMES = { datapoints: [{ dp: "1", code: "switch_1", type: "Boolean" }] };
const USERS = ["in", "out"];
const ALL = ["device", ...USERS];

/** One device, a tuya-in on one tab, a tuya-out on another. */
function house(virtual: VirtualDevice): FlowNode[] {
  return [
    tab("t1"),
    tab("t2"),
    device("device", virtual, NAMES),
    input("in", "t1", { wires: [["got"]] }),
    probe("got", "t1"),
    probe("other", "t1"),
    output("out", "t2", { wires: [["sent"]] }),
    probe("sent", "t2"),
  ];
}

type Edit = (flow: FlowNode[]) => FlowNode[];

const change =
  (id: string, more: object): Edit =>
  (flow) =>
    flow.map((node) => (node.id === id ? { ...node, ...more } : node));
const remove =
  (...ids: string[]): Edit =>
  (flow) =>
    flow.filter(({ id }) => !ids.includes(id));

interface Row {
  readonly name: string;
  readonly edit: Edit;
  /** Nodes that are other instances afterwards, or gone, by deploy type. Everything else lives on. */
  readonly restarts: Readonly<Record<DeployType, readonly string[]>>;
  /** Users that exist and have a device afterwards. */
  readonly users: readonly string[];
}

const FULL_ONLY = { nodes: [], flows: [], full: ALL };
const DEVICE_RESTARTS = { nodes: ALL, flows: ALL, full: ALL };

const ROWS: readonly Row[] = [
  { name: "nothing changed", edit: (flow) => flow, restarts: FULL_ONLY, users: USERS },
  { name: "a user was moved", edit: change("in", { x: 300 }), restarts: FULL_ONLY, users: USERS },
  {
    name: "a user was rewired",
    edit: change("in", { wires: [["other"]] }),
    restarts: { nodes: [], flows: ["in"], full: ALL },
    users: USERS,
  },
  {
    name: "a user's property changed",
    edit: change("in", { output: "each" }),
    restarts: { nodes: ["in"], flows: ["in"], full: ALL },
    users: USERS,
  },
  {
    name: "a user was disabled",
    edit: change("in", { d: true }),
    restarts: { nodes: ["in"], flows: ["in"], full: ALL },
    users: ["out"],
  },
  {
    name: "a user was deleted",
    edit: remove("in"),
    restarts: { nodes: ["in"], flows: ["in"], full: ALL },
    users: ["out"],
  },
  {
    name: "both users were deleted",
    edit: remove("in", "out"),
    restarts: { nodes: USERS, flows: USERS, full: ALL },
    users: [],
  },
  {
    name: "a property of the device changed",
    edit: change("device", { name: "Lamp" }),
    restarts: DEVICE_RESTARTS,
    users: USERS,
  },
  {
    name: "only the device's key was entered again",
    edit: change("device", { credentials: { localKey: LOCAL_KEY } }),
    restarts: DEVICE_RESTARTS,
    users: USERS,
  },
  { name: "the device was deleted", edit: remove("device"), restarts: DEVICE_RESTARTS, users: [] },
  {
    name: "the device was disabled",
    edit: change("device", { d: true }),
    restarts: DEVICE_RESTARTS,
    users: [],
  },
  {
    name: "the tab of a user was disabled",
    edit: change("t2", { disabled: true }),
    restarts: { nodes: ["out"], flows: ["out"], full: ALL },
    users: ["in"],
  },
];

/** What is in the second list and not in the first. Timers of earlier tests may end meanwhile. */
function added(earlier: readonly string[], later: readonly string[]): string[] {
  const rest = [...earlier];
  return later.filter((name) => {
    const index = rest.indexOf(name);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

describe("deploys", () => {
  const red = new NodeRed();

  let before: string[];
  beforeEach(async () => {
    // mocha's own timer counts from the first await on, here as well as in the tests.
    await new Promise(setImmediate);
    before = resources();
  });

  /** Nothing of ours may be left of flows that are gone. */
  async function assertNothingLeft(virtual: VirtualDevice): Promise<void> {
    await red.unload();
    await clients(virtual, 0);
    await virtual.close();
    assert.equal(red.flowListeners, 0);
    // Handles that are closed count until the event loop has seen it.
    await settled();
    assert.deepEqual(added(before, resources()), []);
  }

  for (const { name, edit, restarts, users } of ROWS) {
    for (const type of ["nodes", "flows", "full"] as const) {
      it(`${type}: ${name}`, async () => {
        const virtual = await startDevice("3.4");
        const seen = watch(virtual);
        const flow = house(virtual);
        await red.load(flow);
        await red.messages("got").next();
        const instances = new Map(ALL.map((id) => [id, red.node(id)]));

        const edited = edit(flow);
        await red.deploy(edited, type);

        for (const id of ALL) {
          const isSame = red.node(id) === instances.get(id);
          assert.equal(isSame, !restarts[type].includes(id), `${id} is ${isSame ? "the same" : "another"}`);
        }
        const survives = users.length > 0 && !restarts[type].includes("device");
        await clients(virtual, users.length > 0 ? 1 : 0);
        await assertWorks(virtual, users, edited);
        assert.equal(seen.connects, survives || users.length === 0 ? 1 : 2, "connections");
        assert.equal(seen.most, 1, "connections at the same time");
        await assertNothingLeft(virtual);
      });
    }
  }

  /** What the device reports arrives, what is sent reaches it, and what has no device says so. */
  async function assertWorks(
    virtual: VirtualDevice,
    users: readonly string[],
    flow: readonly FlowNode[],
  ): Promise<void> {
    const wires = flow.find(({ id }) => id === "in")?.["wires"] as string[][] | undefined;
    const inbox = red.messages(wires?.[0]?.[0] ?? "got");
    if (red.node("out")) {
      const sent = red.statuses("out").all;
      if (users.includes("out")) {
        await until(red.events, ["node-status"], () => sent.at(-1)?.text === "tuya-out.status.connected");
        red.send("out", { payload: true });
        const { tuya } = (await red.messages("sent").next()) as { tuya?: { dps?: unknown } };
        assert.deepEqual(tuya?.dps, { "1": true });
        assert.equal(virtual.values()["1"], true);
      } else {
        assert.equal(sent.at(-1)?.text, "tuya-out.status.noDevice");
      }
    }
    inbox.rest();
    if (!users.includes("in")) return;
    const connected = "tuya-in.status.connected";
    await until(red.events, ["node-status"], () => red.statuses("in").all.at(-1)?.text === connected);
    virtual.set({ "2": 42 });
    await inbox.find(({ payload }) => payload === 42 || (payload as { "2"?: unknown })["2"] === 42);
  }

  it("restart: everything comes back, over one new connection", async () => {
    const virtual = await startDevice("3.5");
    const seen = watch(virtual);
    await red.load(house(virtual));
    const instances = ALL.map((id) => red.node(id));
    await red.messages("got").next();
    await red.restart();
    for (const [index, id] of ALL.entries()) assert.notEqual(red.node(id), instances[index], id);
    await clients(virtual, 1);
    await assertWorks(virtual, USERS, house(virtual));
    assert.deepEqual(seen, { connects: 2, most: 1, rejects: 0 });
    await assertNothingLeft(virtual);
  });

  it("a device that takes one client only, and frees its place late, is connected again", async () => {
    const virtual = await startDevice("3.4", { overrides: { clientLimit: 1, slotReleaseMs: 60 } });
    const flow = house(virtual);
    await red.load(flow);
    await red.messages("got").next();
    await red.deploy(change("device", { name: "Lamp" })(flow), "nodes");
    await assertWorks(virtual, USERS, flow);
    await assertNothingLeft(virtual);
  });

  it("ten deploys in a row leave one connection and as many listeners as the first", async () => {
    const virtual = await startDevice("3.3");
    const flow = house(virtual);
    await red.load(flow);
    await red.messages("got").next();
    for (let n = 0; n < 10; n++) {
      await red.deploy(change(n % 2 ? "device" : "in", { name: `${n}` })(flow), n % 3 ? "nodes" : "full");
      assert.equal(red.flowListeners, 1);
    }
    await assertWorks(virtual, USERS, flow);
    assert.equal(virtual.clients, 1);
    await assertNothingLeft(virtual);
  });
});
