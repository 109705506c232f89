import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { device, type FlowNode, input, LOG, NodeRed, probe, tab } from "../../support/flow";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";
import { profile } from "../../support/kind";
import { settled } from "../../support/settled";
import { LOCAL_KEY } from "../../support/virtual";

const PLUG = "plug0000000000000001";
const LAMP = "lamp0000000000000001";
const GATEWAY = "gateway0000000000001";

interface Told extends NodeMessage {
  readonly tuya: {
    readonly deviceId: string;
    readonly name: string;
    readonly cid?: string;
    readonly code?: string;
  };
}

const plug = device("plug", undefined, { name: "Kitchen plug", deviceId: PLUG, datapoints: profile("plug") });
const lamp = device("lamp", undefined, { name: "Attic", deviceId: LAMP, datapoints: profile("lamp-colour") });
const gateway = device("gateway", undefined, { name: "Gateway", deviceId: GATEWAY });
const valve = {
  id: "valve",
  type: "tuya-device",
  name: "Kitchen valve",
  gateway: "gateway",
  cid: "a1",
  datapoints: [{ dp: "1", code: "open", type: "Boolean" }],
};
const HOUSE: readonly FlowNode[] = [plug, lamp, gateway, valve];

function flow(more: object = {}, devices = HOUSE): FlowNode[] {
  return [
    tab("t"),
    ...devices,
    input("in", "t", { device: "", scope: "all", wires: [["got"], ["state"]], ...more }),
    probe("got", "t"),
    probe("state", "t"),
  ];
}

describe("tuya-in for all devices", () => {
  let registry: FakeRegistry;
  const red = new NodeRed((...args) => registry.acquire(...args));
  beforeEach(() => {
    registry = new FakeRegistry();
    for (const id of [PLUG, LAMP, GATEWAY]) registry.device(id).state = READY;
    registry.device(GATEWAY).children.set("a1", true);
    registry.device(GATEWAY).children.set("b2", true);
  });

  function heard(): unknown[] {
    return red
      .messages<Told>("got")
      .rest()
      .map(({ topic, payload, tuya }) => [topic, payload, tuya.name]);
  }

  it("uses every device, and passes on what each reports under its own name, once", async () => {
    await red.load(flow());
    assert.deepEqual(registry.acquired.map(({ settings }) => settings.deviceId).sort(), [
      GATEWAY,
      LAMP,
      PLUG,
    ]);
    registry.device(PLUG).report({ "1": true });
    registry.device(LAMP).report({ "20": false });
    registry.device(GATEWAY).report({ "1": true }, { cid: "a1" });
    registry.device(GATEWAY).report({ "1": 7 }, { cid: "b2" });
    registry.device(GATEWAY).report({ "9": 1 });
    await settled();
    assert.deepEqual(heard(), [
      ["Kitchen plug", { switch_1: true }, "Kitchen plug"],
      ["Attic", { switch_led: false }, "Attic"],
      ["Kitchen valve", { open: true }, "Kitchen valve"],
      ["Gateway", { "1": 7 }, "Gateway"],
      ["Gateway", { "9": 1 }, "Gateway"],
    ]);
    await red.statuses("in").find(({ text }) => text === "tuya-in.status.connected 4/4");
  });

  it("sends what is known already, of every device once", async () => {
    registry.device(PLUG).known.set("", { "1": true });
    registry.device(GATEWAY).known.set("a1", { "1": false });
    await red.load(flow({ output: "each" }));
    await settled();
    assert.deepEqual(heard(), [
      ["Kitchen plug/switch_1", true, "Kitchen plug"],
      ["Kitchen valve/open", false, "Kitchen valve"],
    ]);
  });

  it("hears those alone whose name passes the filter", async () => {
    await red.load(flow({ filter: "kitchen*" }));
    assert.deepEqual(registry.acquired.map(({ settings }) => settings.deviceId).sort(), [GATEWAY, PLUG]);
    registry.device(GATEWAY).report({ "9": 1 });
    registry.device(GATEWAY).report({ "1": 7 }, { cid: "b2" });
    registry.device(GATEWAY).report({ "1": true }, { cid: "a1" });
    registry.device(PLUG).report({ "1": true });
    await settled();
    assert.deepEqual(heard(), [
      ["Kitchen valve", { open: true }, "Kitchen valve"],
      ["Kitchen plug", { switch_1: true }, "Kitchen plug"],
    ]);
  });

  it("hears a sub-device that does not pass neither by itself nor by its gateway", async () => {
    await red.load(flow({ filter: "Gateway" }));
    registry.device(GATEWAY).report({ "1": true }, { cid: "a1" });
    registry.device(GATEWAY).report({ "1": 7 }, { cid: "b2" });
    await settled();
    assert.deepEqual(heard(), [["Gateway", { "1": 7 }, "Gateway"]]);
  });

  it("passes on the chosen data points of those that have them", async () => {
    await red.load(flow({ output: "each", dps: "brightness, switch_1" }));
    registry.device(LAMP).report({ "20": true, "21": "white", "22": 400 });
    registry.device(PLUG).report({ "1": true, "9": 5 });
    await settled();
    assert.deepEqual(heard(), [
      ["Attic/brightness", 40, "Attic"],
      ["Kitchen plug/switch_1", true, "Kitchen plug"],
    ]);
    assert.deepEqual(red.logged("in", LOG.warn), []);
  });

  it("warns of a data point that none of them has", async () => {
    await red.load(flow({ dps: "switch_1, nonsense" }));
    const [warning] = red.logged("in", LOG.warn);
    assert.match(warning ?? "", /None of the devices has a data point named nonsense/);
  });

  it("has one output for values, whatever the output is set to", async () => {
    await red.load(flow({ output: "ports", dps: "switch_1, switch_2", state: true }));
    registry.device(PLUG).report({ "1": true, "2": false });
    await settled();
    assert.deepEqual(
      heard().map((each) => (each as unknown[])[0]),
      ["Kitchen plug/switch_1", "Kitchen plug/switch_2"],
    );
  });

  it("holds back the values of each device by themselves", async () => {
    await red.load(flow({ output: "each", throttle: "60" }));
    registry.device(PLUG).report({ "1": true });
    registry.device(LAMP).report({ "1": true });
    registry.device(PLUG).report({ "1": false });
    await settled();
    assert.deepEqual(heard(), [
      ["Kitchen plug/switch_1", true, "Kitchen plug"],
      ["Attic/1", true, "Attic"],
    ]);
  });

  it("tells whose connection it is", async () => {
    await red.load(flow({ state: true }));
    await settled();
    red.messages("state").rest();
    registry.device(LAMP).enter(waiting("UNREACHABLE"));
    const { topic, payload, tuya } = await red.messages<Told>("state").next();
    assert.deepEqual([topic, payload, tuya.deviceId, tuya.name], ["Attic", "disconnected", LAMP, "Attic"]);
    await red.statuses("in").find(({ text }) => text === "tuya-in.status.connected 3/4");
  });

  it("hears devices that are deployed later, and no longer those that are gone", async () => {
    await red.load(flow({}, [plug]));
    const keyed = { ...lamp, credentials: { localKey: LOCAL_KEY } };
    await red.deploy(flow({}, [plug, keyed]), "nodes");
    registry.device(LAMP).report({ "20": true });
    await settled();
    assert.deepEqual(heard(), [["Attic", { switch_led: true }, "Attic"]]);
    await red.deploy(flow({}, [lamp]), "nodes");
    assert.deepEqual(registry.released, [PLUG]);
    registry.device(PLUG).report({ "1": true });
    registry.device(LAMP).report({ "20": false });
    await settled();
    assert.deepEqual(heard(), [["Attic", { switch_led: false }, "Attic"]]);
  });

  it("keeps its devices connected while another node is deployed, and lets them go when it goes itself", async () => {
    await red.load(flow());
    await red.deploy(flow({ name: "other" }), "nodes");
    assert.equal(registry.acquired.length, 3);
    assert.deepEqual(registry.released, []);
    await red.deploy(
      flow().filter(({ type }) => type !== "tuya-in"),
      "nodes",
    );
    assert.deepEqual(new Set(registry.released), new Set([GATEWAY, LAMP, PLUG]));
  });

  it("keeps using a gateway whose sub-device is deleted", async () => {
    await red.load(flow());
    await red.deploy(flow({}, [plug, lamp, gateway]), "nodes");
    assert.deepEqual(registry.released, []);
    registry.device(GATEWAY).report({ "1": true }, { cid: "a1" });
    await settled();
    assert.deepEqual(heard(), [["Gateway", { "1": true }, "Gateway"]]);
  });

  it("speaks as the other package does", async () => {
    await red.load(flow({ output: "compatible" }));
    registry.device(PLUG).report({ "1": true });
    registry.device(GATEWAY).report({ "1": true }, { cid: "a1" });
    await settled();
    const payloads = red.messages("got").all.map(({ payload }) => payload as Record<string, unknown>);
    assert.deepEqual(
      payloads.map(({ deviceName }) => deviceName),
      ["Kitchen plug", "Kitchen valve"],
    );
  });

  it("hears 200 devices, which is no leak of listeners to Node.js", async () => {
    const names: string[] = [];
    const listener = ({ name }: Error) => void names.push(name);
    process.on("warning", listener);
    const many = Array.from({ length: 200 }, (_item, index) =>
      device(`d${index}`, undefined, {
        name: `Plug ${index}`,
        deviceId: `plug${index}`,
        datapoints: profile("plug"),
      }),
    );
    for (const { deviceId } of many as unknown as { deviceId: string }[])
      registry.device(deviceId).state = READY;
    await red.load(flow({ output: "each", dps: "on" }, many));
    for (const { deviceId } of many as unknown as { deviceId: string }[])
      registry.device(deviceId).report({ "1": true });
    await settled();
    process.off("warning", listener);
    assert.equal(heard().length, 200);
    assert.deepEqual(names, []);
  });

  it("says that there are no devices", async () => {
    await red.load(flow({}, []));
    await red.statuses("in").find(({ text }) => text === "tuya-in.devices.none");
    assert.deepEqual(red.logged("in", LOG.warn), []);
  });
});
