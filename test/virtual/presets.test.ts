import assert from "node:assert/strict";
import { on } from "node:events";
import { DataModel } from "../../src/virtual/data-model";
import type { Preset } from "../../src/virtual/preset";
import { PRESETS, type PresetName } from "../../src/virtual/presets";
import { seededRandom } from "../../src/virtual/random";
import type { ReportEvent } from "../../src/virtual/options";
import { RawClient } from "../support/raw-client";
import { LOCAL_KEY, startDevice } from "../support/virtual";

/** All values of a product after each of its first steps. */
function live(preset: Preset, steps: number, seed: number): unknown[] {
  const model = new DataModel(preset.dps, preset.schema);
  const random = seededRandom(seed);
  const history: unknown[] = [];
  for (let step = 1; step <= steps; step++) {
    const change = preset.simulation?.next(model.values, step, random) ?? {};
    model.measure({ ...change.measure, ...change.report });
    history.push([model.values, change.children]);
  }
  return history;
}

function inFastMotion(preset: Preset): Preset {
  return { ...preset, simulation: preset.simulation && { ...preset.simulation, everyMs: 2 } };
}

describe("PRESETS", () => {
  for (const name of Object.keys(PRESETS) as PresetName[]) {
    const preset: Preset = PRESETS[name];

    it(`${name}: first values fit the schema, and every data point is described`, () => {
      assert.deepEqual(Object.keys(preset.dps).sort(), Object.keys(preset.schema).sort());
      for (const [dp, schema] of Object.entries(preset.schema)) {
        const model = new DataModel({}, { [dp]: { ...schema, readOnly: false } });
        model.apply({ [dp]: preset.dps[dp] ?? null }, "judged");
        assert.deepEqual(model.report(), { [dp]: preset.dps[dp] }, `data point ${dp}`);
      }
    });

    it(`${name}: lives the same life for the same seed, within its limits`, () => {
      assert.deepEqual(live(preset, 200, 3), live(preset, 200, 3));
      for (const entry of live(preset, 200, 4)) {
        const [values] = entry as [Record<string, unknown>];
        assert.deepEqual(Object.keys(values).sort(), Object.keys(preset.schema).sort());
        for (const [dp, value] of Object.entries(values)) {
          assert.equal(typeof value, typeof preset.dps[dp], `data point ${dp}`);
          if (typeof value === "number") assert.ok(Number.isInteger(value) && value >= 0, `data point ${dp}`);
        }
      }
    });

    it(`${name}: can be had as a device`, async () => {
      const device = await startDevice(preset.version, { ...preset });
      const client = await RawClient.open(device, LOCAL_KEY);
      client.query();
      assert.match((await client.next()).text, /"dps":\{/);
    });
  }

  it("plug: draws nothing while it is off, and measures more often than it reports", async () => {
    const device = await startDevice("3.3", inFastMotion(PRESETS.plug));
    const client = await RawClient.open(device, LOCAL_KEY);
    client.set({ "1": false });
    let last: ReportEvent["dps"] = {};
    for await (const [report] of on(device, "report") as AsyncIterable<[ReportEvent]>) {
      last = { ...last, ...report.dps };
      if (last["18"] === 0) break;
    }
    assert.deepEqual([last["1"], last["18"], last["19"]], [false, 0, 0]);
  });

  it("cover: moves to where it is sent, step by step, and stops on demand", async () => {
    const device = await startDevice("3.3", inFastMotion(PRESETS.cover));
    const client = await RawClient.open(device, LOCAL_KEY);
    client.set({ "2": 60 });
    const seen: unknown[] = [];
    for await (const [report] of on(device, "report") as AsyncIterable<[ReportEvent]>) {
      if ("3" in report.dps) seen.push(report.dps["3"]);
      if (report.dps["3"] === 60) break;
    }
    assert.deepEqual(seen, [95, 90, 85, 80, 75, 70, 65, 60]);
    assert.deepEqual(device.values(), { "1": "stop", "2": 60, "3": 60, "7": "closing" });
  });

  it("plug: tells the energy used since it last told it, and keeps no total", () => {
    const { simulation, dps } = PRESETS.plug;
    const random = seededRandom(5);
    const told: unknown[] = [];
    for (let step = 1; step <= 180; step++) {
      const { report = {} } = simulation?.next({ ...dps, "19": 1200 }, step, random) ?? {};
      if ("17" in report) told.push(report["17"]);
    }
    assert.deepEqual(told, [2, 2, 2]);
  });

  it("switch: turns a gang over when its countdown ends", async () => {
    const device = await startDevice("3.1", inFastMotion(PRESETS.switch));
    const client = await RawClient.open(device, LOCAL_KEY);
    client.set({ "10": 3 });
    for await (const [{ dps }] of on(device, "report") as AsyncIterable<[ReportEvent]>) {
      if (dps["2"] !== true) continue;
      assert.deepEqual(dps, { "2": true, "10": 0 });
      break;
    }
    assert.equal(device.values()["1"], false);
  });

  it("ir-blaster: tells the code of a key once it learns, and learns no more", async () => {
    const device = await startDevice("3.3", inFastMotion(PRESETS["ir-blaster"]));
    const client = await RawClient.open(device, LOCAL_KEY);
    client.set({ "201": '{"control":"study"}' });
    for await (const [{ dps }] of on(device, "report") as AsyncIterable<[ReportEvent]>) {
      const code = dps["202"];
      if (typeof code !== "string") continue;
      const bytes = Buffer.from(code, "base64");
      // 33 marks with their spaces and the first two, two bytes each.
      assert.equal(bytes.length, 2 * 68);
      assert.deepEqual([bytes.readUInt16LE(0), bytes.readUInt16LE(2)], [9_000, 4_500]);
      break;
    }
    assert.deepEqual(device.values()["201"], '{"control":"study_exit"}');
  });
});
