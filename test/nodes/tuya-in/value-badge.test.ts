import assert from "node:assert/strict";
import { device, input, NodeRed, probe, tab } from "../../support/flow";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";
import { settled } from "../../support/settled";

const ID = "plug0000000000000001";
const POINTS = [
  { dp: "1", code: "switch_1", type: "Boolean" },
  { dp: "19", code: "cur_power", type: "Integer", scale: 1, unit: "W" },
  { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V" },
];

describe("the last value under a tuya-in", () => {
  let registry: FakeRegistry;
  const red = new NodeRed((...args) => registry.acquire(...args));
  beforeEach(() => {
    registry = new FakeRegistry();
    registry.device(ID).state = READY;
  });

  async function load(more: object = {}): Promise<void> {
    await red.load([
      tab("t"),
      device("device", undefined, { name: "Plug", deviceId: ID, datapoints: POINTS }),
      input("in", "t", { dps: "switch_1, cur_power", lastValue: true, wires: [["got"], ["got"]], ...more }),
      probe("got", "t"),
    ]);
    await settled();
  }

  const texts = (): readonly unknown[] => red.statuses("in").all.map(({ text }) => text);

  for (const output of ["object", "each", "ports"]) {
    it(`is shown for at most two data points, with output ${output}`, async () => {
      await load({ output });
      registry.device(ID).report({ "1": true, "19": 1002, "20": 2301 });
      await settled();
      assert.deepEqual(texts(), ["tuya-in.status.connected", "tuya-in.value.on · 100.2 W"]);
      assert.equal(red.statuses("in").all.at(-1)?.fill, "green");
    });
  }

  it("changes at most once a second, to the newest value", async () => {
    await load({ dps: "19" });
    for (const power of [10, 20, 30]) registry.device(ID).report({ "19": power });
    await settled();
    assert.deepEqual(texts(), ["tuya-in.status.connected", "1 W"]);
    await red.statuses("in").find(({ text }) => text === "3 W");
    assert.deepEqual(texts(), ["tuya-in.status.connected", "1 W", "3 W"]);
  });

  it("gives way to what is wrong, and does not come back with an old value", async () => {
    await load({ dps: "19", state: true });
    registry.device(ID).report({ "19": 10 });
    registry.device(ID).enter(waiting("UNREACHABLE"));
    registry.device(ID).enter(READY);
    await settled();
    assert.deepEqual(texts(), [
      "tuya-in.status.connected",
      "1 W",
      "tuya-in.status.unreachable",
      "tuya-in.status.connected",
    ]);
  });

  for (const [what, more] of [
    ["with more data points", { dps: "1, 19, 20" }],
    ["with all data points", { dps: "" }],
    ["where it is not wanted, as in flows made before", { lastValue: undefined }],
    ["for all devices", { scope: "all" }],
    ["with the messages of the other package", { output: "compatible" }],
  ] as const) {
    it(`is not shown ${what}`, async () => {
      await load(more);
      registry.device(ID).report({ "1": true, "19": 1002, "20": 2301 });
      await settled();
      const isConnection = (text: unknown) => String(text).startsWith("tuya-in.status.connected");
      assert.ok(texts().every(isConnection), texts().join());
    });
  }
});
