import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import {
  type CaughtMessage,
  device,
  type FlowNode,
  NodeRed,
  output,
  probe,
  tab,
  watcher,
} from "../../support/flow";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";
import { profile } from "../../support/kind";
import { LOCAL_KEY } from "../../support/virtual";

const PLUG = "plug0000000000000001";
const LAMP = "lamp0000000000000001";
const OTHER = "lamp0000000000000002";
const COVER = "cover000000000000001";
const ALL = [PLUG, LAMP, OTHER, COVER];

interface Done extends NodeMessage {
  readonly tuya: {
    readonly deviceId?: string;
    readonly dps?: object;
    readonly devices?: readonly { readonly deviceId: string; readonly dps: object }[];
  };
}

function flow(more: object = {}, devices = house()): FlowNode[] {
  return [
    tab("t"),
    ...devices,
    output("out", "t", { device: "", scope: "message", wires: [["sent"]], ...more }),
    probe("sent", "t"),
    watcher("catch", "catch", "t", "caught"),
    probe("caught", "t"),
  ];
}

function house(): FlowNode[] {
  return [
    device("plug", undefined, { name: "Kitchen plug", deviceId: PLUG, datapoints: profile("plug") }),
    device("lamp", undefined, { name: "Kitchen/lamp", deviceId: LAMP, datapoints: profile("lamp-colour") }),
    device("other", undefined, { name: "Attic", deviceId: OTHER, datapoints: profile("lamp-white") }),
    device("cover", undefined, { name: "Blind", deviceId: COVER, datapoints: profile("cover") }),
    { id: "valve", type: "tuya-device", name: "Valve", gateway: "plug", cid: "a4c138", datapoints: [] },
  ];
}

describe("tuya-out whose messages name the device", () => {
  let registry: FakeRegistry;
  const red = new NodeRed((...args) => registry.acquire(...args));
  beforeEach(() => {
    registry = new FakeRegistry();
    for (const id of ALL) registry.device(id).state = READY;
  });

  function sets(id: string): unknown[] {
    return registry
      .device(id)
      .callsOf("set")
      .map(([dps]) => dps);
  }

  async function refusal(msg: object): Promise<string> {
    red.send("out", msg as NodeMessage);
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "BAD_INPUT");
    return error.message;
  }

  it("uses every device, so that all of them are connected", async () => {
    await red.load(flow());
    assert.deepEqual(registry.acquired.map(({ settings }) => settings.deviceId).sort(), [...ALL].sort());
    await red.statuses("out").find(({ text }) => text === "tuya-out.status.connected 5/5");
  });

  const cases: readonly (readonly [what: string, msg: object, id: string, dps: object])[] = [
    ["a name in msg.device", { device: "Kitchen plug", payload: true }, PLUG, { "1": true }],
    ["another writing of it", { device: " kitchen PLUG ", payload: true }, PLUG, { "1": true }],
    ["a device id", { device: OTHER, payload: false }, OTHER, { "20": false }],
    ["a topic of a device alone", { topic: "Attic", payload: true }, OTHER, { "20": true }],
    ["a topic with a data point", { topic: "Attic/bright_value", payload: 500 }, OTHER, { "22": 500 }],
    [
      "a topic with a friendly word",
      { topic: "Attic/brightness", payload: 40 },
      OTHER,
      { "21": "white", "22": 400 },
    ],
    ["a name with a slash", { topic: "Kitchen/lamp/on", payload: true }, LAMP, { "20": true }],
    ["an id in a topic", { topic: `${PLUG}/switch_2`, payload: true }, PLUG, { "2": true }],
    [
      "msg.device before the topic, which still names the data point",
      { device: "Attic", topic: "Kitchen/lamp/bright_value", payload: 300 },
      OTHER,
      { "22": 300 },
    ],
    ["msg.dp beside msg.device", { device: "Blind", dp: "position", payload: 30 }, COVER, { "2": 30 }],
  ];
  for (const [what, msg, id, dps] of cases) {
    it(`takes ${what}`, async () => {
      await red.load(flow());
      red.send("out", msg as NodeMessage);
      const { tuya } = await red.messages<Done>("sent").next();
      assert.equal(tuya.deviceId, id);
      assert.deepEqual(tuya.dps, dps);
      assert.deepEqual(sets(id), [dps]);
      for (const other of ALL.filter((each) => each !== id)) assert.deepEqual(sets(other), []);
    });
  }

  it("takes a name whose letters are written in another way, as files of a Mac have them", async () => {
    const named = house().map((node) =>
      node.id === "other" ? { ...node, name: "Küche".normalize("NFD") } : node,
    );
    await red.load(flow({}, named));
    const name = "Küche".normalize("NFC");
    for (const msg of [
      { device: name, payload: true },
      { topic: `${name}/on`, payload: true },
    ]) {
      red.send("out", msg as NodeMessage);
      assert.equal((await red.messages<Done>("sent").next()).tuya.deviceId, OTHER);
    }
    assert.deepEqual(sets(OTHER), [{ "20": true }, { "20": true }]);
  });

  it("takes the node id of a sub-device", async () => {
    await red.load(flow());
    red.send("out", { device: "a4c138", dp: 1, payload: true });
    await red.messages("sent").next();
    assert.deepEqual(registry.device(PLUG).callsOf("set"), [
      [{ "1": true }, { cid: "a4c138", confirm: "ack" }],
    ]);
  });

  it("asks any device", async () => {
    registry.device(COVER).known.set("", { "2": 30 });
    await red.load(flow());
    red.send("out", { device: "Blind", operation: "query" });
    assert.deepEqual((await red.messages("sent").next()).payload, { percent_control: 30 });
    red.send("out", { topic: "Attic", operation: "refresh" });
    await red.messages("sent").next();
    assert.equal(registry.device(OTHER).callsOf("refresh").length, 1);
  });

  it("refuses a device it does not know, with the nearest it does", async () => {
    await red.load(flow());
    assert.match(
      await refusal({ device: "Kichen plug", payload: true }),
      /"Kichen plug" in msg\.device names no device.*"Kitchen plug"/,
    );
    assert.match(
      await refusal({ topic: "Bilnd/position", payload: 5 }),
      /"Bilnd" in msg\.topic names no device.*"Blind"/,
    );
    assert.match(await refusal({ payload: true }), /does not say which device is meant/);
    assert.match(
      await refusal({ device: {}, payload: true }),
      /takes the name or the id of a device, not an object/,
    );
    for (const id of ALL) assert.deepEqual(sets(id), []);
  });

  it("refuses a name that two devices have, with their ids", async () => {
    const twin = device("twin", undefined, { name: "Attic", deviceId: "twin0000000000000001" });
    await red.load(flow({}, [...house(), twin]));
    const sentence = await refusal({ topic: "Attic/on", payload: true });
    assert.match(sentence, /2 devices are called "Attic": lamp0000000000000002, twin0000000000000001/);
    red.send("out", { device: OTHER, topic: "Attic/on", payload: true });
    await red.messages("sent").next();
    assert.deepEqual(sets(OTHER), [{ "20": true }]);
  });

  it("refuses where there is no device at all", async () => {
    await red.load(flow({}, []));
    assert.match(await refusal({ device: "Attic", payload: true }), /has no tuya-device that is enabled/);
    await red.statuses("out").find(({ text }) => text === "tuya-out.devices.none");
  });

  it("reaches a device that was deployed later, and none that is gone", async () => {
    const [plug, ...others] = house();
    assert.ok(plug);
    const without = others.filter(({ id }) => id !== "valve");
    await red.load(flow({}, without));
    assert.match(await refusal({ device: "Kitchen plug", payload: true }), /names no device/);
    const keyed = { ...plug, credentials: { localKey: LOCAL_KEY } };
    await red.deploy(flow({}, [...without, keyed]), "nodes");
    red.send("out", { device: "Kitchen plug", payload: true });
    await red.messages("sent").next();
    assert.deepEqual(sets(PLUG), [{ "1": true }]);
    await red.deploy(flow({}, without), "nodes");
    assert.match(await refusal({ device: "Kitchen plug", payload: true }), /names no device/);
  });

  describe('for all devices ("*")', () => {
    it("switches those that have a switch or a lamp", async () => {
      await red.load(flow());
      red.send("out", { device: "*", payload: { on: false } });
      const { tuya } = await red.messages<Done>("sent").next();
      assert.deepEqual(
        tuya.devices?.map(({ deviceId, dps }) => [deviceId, dps]),
        [
          [PLUG, { "1": false }],
          [LAMP, { "20": false }],
          [OTHER, { "20": false }],
        ],
      );
      assert.deepEqual(sets(COVER), []);
    });

    it("darkens all lamps, and nothing else", async () => {
      await red.load(flow());
      red.send("out", { device: "*", topic: "brightness", payload: 0 });
      await red.messages("sent").next();
      assert.deepEqual(ALL.map(sets), [[], [{ "20": false }], [{ "20": false }], []]);
    });

    it("changes what is on its way, or what a device says when its value is not certain", async () => {
      const [lamp, other] = [registry.device(LAMP), registry.device(OTHER)];
      for (const each of [lamp, other]) each.known.set("", { "20": true, "21": "white", "22": 100 });
      lamp.underWay.set("", { "22": 500 });
      other.isSure = () => false;
      other.onQuery = () => {
        other.known.set("", { "20": true, "21": "white", "22": 300 });
        return Promise.resolve({});
      };
      await red.load(flow());
      red.send("out", { device: "*", payload: { brightness: "+10" } });
      await red.messages("sent").next();
      assert.deepEqual([LAMP, OTHER].map(sets), [
        [{ "21": "white", "22": 600 }],
        [{ "21": "white", "22": 400 }],
      ]);
    });

    it("changes what a device that was away has when it is back", async () => {
      const lamp = registry.device(LAMP);
      for (const id of [LAMP, OTHER])
        registry.device(id).known.set("", { "20": true, "21": "white", "22": 100 });
      await red.load(flow({ offline: "queue", queueSeconds: "30" }));
      lamp.enter(waiting("UNREACHABLE"));
      red.send("out", { device: "*", payload: { brightness: "+10", kelvin: 2700 } });
      await red.statuses("out").find(({ text }) => text === "tuya-out.status.queued 1");
      lamp.known.set("", { "20": true, "21": "white", "22": 700 });
      lamp.enter(READY);
      await red.messages("sent").next();
      assert.deepEqual(sets(LAMP), [{ "21": "white", "22": 800, "23": 0 }]);
    });

    it("takes a friendly word chosen in the node", async () => {
      await red.load(flow({ dp: "position" }));
      red.send("out", { device: "*", payload: 50 });
      await red.messages("sent").next();
      assert.deepEqual(ALL.map(sets), [[], [], [], [{ "2": 50 }]]);
    });

    it("asks all of them", async () => {
      registry.device(PLUG).known.set("", { "1": true });
      registry.device(COVER).known.set("", { "2": 30 });
      await red.load(flow());
      red.send("out", { device: "*", operation: "query" });
      const { payload } = await red.messages("sent").next();
      assert.deepEqual(payload, {
        "Kitchen plug": { switch_1: true },
        "Kitchen/lamp": {},
        Attic: {},
        Blind: { percent_control: 30 },
        Valve: {},
      });
    });

    const refused: readonly (readonly [msg: object, reason: RegExp])[] = [
      [{ payload: false }, /does not say what of them is to be set/],
      [{ payload: { switch_1: false } }, /"switch_1" is not the same for all devices/],
      [{ payload: { on: false, "22": 5 } }, /"22" is not the same/],
      [{ payload: { dps: { "1": false } } }, /"1" is not the same/],
      [{ dp: "switch_1", payload: false }, /"switch_1" is not the same/],
      [{ payload: { on: "toggle" } }, /"toggle" would turn each device/],
      [{ payload: { on: "perhaps" } }, /on takes true or false/],
      [{ payload: { colour: "mauvish" } }, /colour takes a colour such as/],
      [{ payload: { brightness: 101 } }, /brightness takes a number from 0 to 100/],
      [{ payload: { kelvin: 3000, position: 5 } }, /None of the 5 devices has kelvin and position/],
      [{ payload: { operation: "GET", cid: "a4c138" } }, /payload\.cid names one sub-device/],
      [{ operation: "refresh", payload: [18] }, /names data points to measure again/],
      [{ payload: {} }, /does not say what of them/],
    ];
    for (const [msg, reason] of refused) {
      it(`refuses ${JSON.stringify(msg)}, and sends nothing`, async () => {
        await red.load(flow());
        assert.match(await refusal({ device: "*", ...msg }), reason);
        for (const id of ALL) assert.deepEqual(sets(id), []);
      });
    }

    it("says which devices did not do it, after the others have", async () => {
      registry.device(LAMP).state = { kind: "idle" };
      await red.load(flow());
      red.send("out", { device: "*", payload: { on: false } });
      const { error } = await red.messages<CaughtMessage>("caught").next();
      assert.equal(error.code, "OFFLINE");
      assert.match(error.message, /1 of 3 devices did not do it: Kitchen\/lamp \(OFFLINE\)/);
      assert.deepEqual(ALL.map(sets), [[{ "1": false }], [], [{ "20": false }], []]);
    });
  });
});
