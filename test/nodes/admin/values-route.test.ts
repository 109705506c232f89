import assert from "node:assert/strict";
import { device, input, NodeRed, probe, tab } from "../../support/flow";
import { LOCAL_KEY, startDevice } from "../../support/virtual";

const DATAPOINTS = [
  { dp: "1", code: "switch_1", type: "Boolean" },
  { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V" },
];

describe("GET tuya/values/:id", () => {
  const red = new NodeRed();

  async function valuesOf(id: string): Promise<unknown> {
    const { body, text } = await red.request().get(`/tuya/values/${id}`).expect(200);
    assert.ok(!text.includes(LOCAL_KEY));
    return body;
  }

  it("answers with what a device reports, by number and in people's units", async () => {
    const virtual = await startDevice("3.4", {
      dps: { "1": true, "20": 2301, "101": "x" },
      subDevices: { a1: { dps: { "1": false } } },
    });
    await red.load([
      tab("t"),
      device("device", virtual, { datapoints: DATAPOINTS }),
      { id: "child", type: "tuya-device", gateway: "device", cid: "a1", datapoints: DATAPOINTS },
      input("in", "t", { wires: [["got"]] }),
      input("own", "t", { device: "child", wires: [["childs"]] }),
      probe("got", "t"),
      probe("childs", "t"),
    ]);
    await red.messages("got").next();
    await red.messages("childs").next();
    assert.deepEqual(await valuesOf("device"), { "1": true, "20": 230.1, "101": "x" });
    assert.deepEqual(await valuesOf("child"), { "1": false });
    assert.deepEqual(await valuesOf("device?raw=true"), { "1": true, "20": 2301, "101": "x" });
    const friendly = { on: true, "1": true, "20": 230.1, "101": "x" };
    assert.deepEqual(await valuesOf("device?friendly=true"), friendly);
  });

  it("answers with nothing for a device that is not connected, or not there", async () => {
    const virtual = await startDevice("3.4", { dps: { "1": true } });
    await red.load([
      tab("t"),
      device("device", virtual, { datapoints: DATAPOINTS }),
      device("unused", undefined),
      input("in", "t", { wires: [["got"]] }),
      probe("got", "t"),
    ]);
    await red.messages("got").next();
    for (const id of ["unused", "in", "nobody", "%2e%2e", "__proto__"])
      assert.deepEqual(await valuesOf(id), {}, id);
    await virtual.close();
    await red.statuses("in").find(({ fill }) => fill === "red");
    assert.deepEqual(await valuesOf("device"), {});
  });
});
