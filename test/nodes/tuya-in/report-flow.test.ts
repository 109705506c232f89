import assert from "node:assert/strict";
import type { LinkProfile } from "../../../nodes/link/device-link";
import {
  outputsOf,
  ReportFlow,
  type ReportFlowOptions,
  valueOutputs,
} from "../../../nodes/tuya-in/report-flow";
import type { Selection } from "../../../nodes/tuya-in/report-messages";
import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import type { DeviceReport } from "../../../src/device/types";
import type { Dps } from "../../../src/protocol/dps";
import { useClock } from "../../support/clock";

const PROFILE: LinkProfile = {
  name: "Meter",
  deviceId: "meter000000000000001",
  cid: undefined,
  dataPoints: new DataPointMap(
    parseDataPoints([
      { dp: "1", code: "switch_1", type: "Boolean" },
      { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V" },
      { dp: "5", code: "button", type: "Enum", event: true },
      { dp: "17", code: "add_ele", type: "Integer", scale: 3, accumulate: true },
      { dp: "101" },
    ]).dataPoints,
  ),
};
const OPTIONS: ReportFlowOptions = {
  output: "object",
  dps: [],
  when: "change",
  initial: true,
  throttleMs: 0,
  deadband: undefined,
};
const TEN_VOLTS = { size: 10, isPercent: false } as const;

describe("ReportFlow", () => {
  const clock = useClock();
  /** `output:topic=payload` of every message, those sent together in one line. */
  let sent: string[] = [];
  beforeEach(() => (sent = []));

  function flow(more: Partial<ReportFlowOptions> = {}): (dps: Dps, report?: Partial<DeviceReport>) => void {
    const options = { ...OPTIONS, ...more };
    const pass = (selection: Selection): void => {
      const outputs = outputsOf(selection, options);
      const byOutput = Array.isArray(outputs) ? outputs : [[outputs]];
      const all = byOutput.flatMap((messages, index) =>
        (messages ?? []).map(({ topic, payload }) => `${index}:${topic}=${JSON.stringify(payload)}`),
      );
      sent.push(all.join(" "));
    };
    reports = new ReportFlow(options, { pass });
    return (dps, report = {}) =>
      reports.receive(
        {
          cid: undefined,
          dps,
          changed: Object.keys(dps),
          previous: {},
          reason: "push",
          t: 1_700_000_000,
          ...report,
        },
        PROFILE,
      );
  }
  let reports: ReportFlow;

  describe("with an output for each data point", () => {
    const ports = { output: "ports", dps: ["cur_voltage", "1", "101"] } as const;

    it("sends each value to its own output, those of one report together", () => {
      const report = flow(ports);
      report({ "1": true, "20": 2301, "9": 4 });
      report({ "101": "x" });
      assert.deepEqual(sent, ["0:Meter/cur_voltage=230.1 1:Meter/switch_1=true", '2:Meter/101="x"']);
    });

    it("leaves the output of an unknown name silent, and those behind it where they are", () => {
      flow({ ...ports, dps: ["nonsense", "switch_1"] })({ "1": true, "20": 2301 });
      assert.deepEqual(sent, ["1:Meter/switch_1=true"]);
    });

    it("has one for each data point with a name where none are chosen", () => {
      const report = flow({ output: "ports" });
      report({ "101": 1 });
      report({ "17": 5, "20": 2301, "101": 1 });
      assert.deepEqual(sent, ["1:Meter/cur_voltage=230.1 3:Meter/add_ele=0.005"]);
      assert.equal(valueOutputs({ ...OPTIONS, output: "ports" }, PROFILE), 4);
    });

    it("knows where the connection's output is", () => {
      assert.equal(valueOutputs({ ...OPTIONS, ...ports }, PROFILE), 3);
      assert.equal(valueOutputs({ ...OPTIONS, ...ports }, undefined), 3);
      assert.equal(valueOutputs({ ...OPTIONS, output: "ports" }, undefined), 1);
      assert.equal(valueOutputs({ ...OPTIONS, dps: ["1", "20"] }, PROFILE), 1);
    });
  });

  describe("throttled", () => {
    it("sends one message a window, with the newest of everything that came", async () => {
      const report = flow({ throttleMs: 1_000 });
      report({ "20": 2301 });
      report({ "20": 2302 });
      await clock.pass(500);
      report({ "1": true });
      report({ "20": 2303 });
      assert.deepEqual(sent, ['0:Meter={"cur_voltage":230.1}']);
      await clock.pass(500);
      assert.deepEqual(sent.slice(1), ['0:Meter={"switch_1":true,"cur_voltage":230.3}']);
      await clock.pass(1_000);
      assert.equal(sent.length, 2);
      assert.equal(clock.pending, 0);
    });

    it("counts for each data point where each has its message", async () => {
      const report = flow({ throttleMs: 1_000, output: "each" });
      report({ "1": true, "20": 2301 });
      await clock.pass(500);
      report({ "20": 2302, "101": 1 });
      report({ "20": 2303 });
      assert.deepEqual(sent, ["0:Meter/switch_1=true 0:Meter/cur_voltage=230.1", "0:Meter/101=1"]);
      await clock.pass(500);
      assert.deepEqual(sent.slice(2), ["0:Meter/cur_voltage=230.3"]);
    });

    for (const output of ["object", "each", "ports"] as const) {
      it(`holds back neither a button nor an increment (${output})`, () => {
        const report = flow({ throttleMs: 1_000, output, deadband: TEN_VOLTS });
        report({ "20": 2301, "5": "single", "17": 1 });
        report({ "5": "single" });
        report({ "20": 2500, "5": "double", "17": 1 });
        const payloads = sent.join(" ");
        assert.equal(payloads.match(/single/g)?.length, 2);
        assert.equal(payloads.match(/double/g)?.length, 1);
        assert.equal(payloads.match(/0\.001/g)?.length, 2);
        assert.doesNotMatch(payloads, /250/);
        assert.equal(sent.length, 3);
      });
    }

    it("keeps sub-devices of a gateway apart", async () => {
      const report = flow({ throttleMs: 1_000 });
      report({ "1": 1 }, { cid: "a" });
      report({ "1": 2 }, { cid: "b" });
      report({ "1": 3 }, { cid: "a" });
      await clock.pass(1_000);
      assert.deepEqual(sent, ['0:Meter={"1":1}', '0:Meter={"1":2}', '0:Meter={"1":3}']);
    });

    it("sends what waits when the device is replaced, and nothing once closed", async () => {
      const report = flow({ throttleMs: 1_000 });
      report({ "20": 2301 });
      report({ "20": 2302 });
      reports.restart();
      assert.deepEqual(sent, ['0:Meter={"cur_voltage":230.1}', '0:Meter={"cur_voltage":230.2}']);
      report({ "20": 2303 });
      report({ "20": 2304 });
      reports.close();
      assert.equal(clock.pending, 0);
      await clock.pass(5_000);
      assert.equal(sent.length, 3);
    });
  });

  describe("with a deadband", () => {
    it("leaves small changes out, as they are shown, and passes a drift on once it adds up", () => {
      const report = flow({ deadband: { size: 0.2, isPercent: false } });
      report({ "20": 2301 });
      report({ "20": 2302, "1": true });
      report({ "20": 2303 });
      assert.deepEqual(sent, [
        '0:Meter={"cur_voltage":230.1}',
        '0:Meter={"switch_1":true}',
        '0:Meter={"cur_voltage":230.3}',
      ]);
    });

    it("passes on the state at the start, and compares with it", () => {
      const report = flow({ deadband: TEN_VOLTS });
      report({ "20": 2300 }, { reason: "initial" });
      report({ "20": 2310 }, { reason: "initial" });
      report({ "20": 2400 });
      report({ "20": 2410 });
      assert.deepEqual(
        sent.map((line) => line.replace(/.*:/, "")),
        ["230}", "231}", "241}"],
      );
    });

    it("means nothing where every report is wanted", () => {
      const report = flow({ deadband: TEN_VOLTS, when: "push" });
      report({ "20": 2301 });
      report({ "20": 2301 });
      assert.equal(sent.length, 2);
    });

    it("starts anew with another device", () => {
      const report = flow({ deadband: TEN_VOLTS });
      report({ "20": 2301 });
      reports.restart();
      report({ "20": 2302 });
      assert.equal(sent.length, 2);
    });

    it("lets no small change begin a window, nor follow at its end", async () => {
      const report = flow({ deadband: TEN_VOLTS, throttleMs: 1_000 });
      report({ "20": 2300 });
      await clock.pass(900);
      report({ "20": 2500 });
      report({ "20": 2310 });
      await clock.pass(100);
      report({ "20": 2320 });
      report({ "20": 2500 });
      assert.deepEqual(sent, ['0:Meter={"cur_voltage":230}', '0:Meter={"cur_voltage":250}']);
    });
  });

  it("takes work in proportion to the values of a report where each of them waits by itself", () => {
    const readsFor = (count: number): number => {
      let reads = 0;
      const values = Object.fromEntries(Array.from({ length: count }, (_, i) => [String(i + 1), i]));
      const counted = (): Dps =>
        new Proxy(values, {
          get: (target, dp) => {
            reads++;
            return Reflect.get(target, dp) as number;
          },
        });
      const report = flow({ output: "each", throttleMs: 1_000 });
      for (let i = 0; i < 5; i++) report(counted(), { changed: Object.keys(values) });
      reports.close();
      return reads;
    };
    const [few, many] = [readsFor(50), readsFor(200)];
    assert.ok(many < 5 * few, `${few} reads for 50 values, ${many} for 200`);
  });
});
