import assert from "node:assert/strict";
import { Totals } from "../../../nodes/link/totals";
import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";

function mapOf(accumulate: boolean): DataPointMap {
  const { dataPoints } = parseDataPoints([
    { dp: "17", code: "add_ele", type: "Integer", scale: 3, accumulate },
  ]);
  return new DataPointMap(dataPoints);
}

describe("Totals", () => {
  let use: ((totals: unknown) => void) | undefined;
  let saved: unknown[] = [];
  beforeEach(() => {
    use = undefined;
    saved = [];
  });
  const store = {
    load: (callback: (totals: unknown) => void) => void (use = callback),
    save: (totals: unknown) => void saved.push(totals),
  };
  const create = (): Totals => {
    const totals = Totals.of(mapOf(true), store);
    assert.ok(totals);
    return totals;
  };
  const push = (increment: number) => ({ dps: { "17": increment }, reason: "push" }) as const;

  it("sums pushes up, and saves every new sum", () => {
    const totals = create();
    use?.(undefined);
    assert.deepEqual(totals.after(push(100)), { add_ele_total: 0.1 });
    assert.deepEqual(totals.after({ dps: { "17": 100 }, reason: "reply" }), {});
    assert.deepEqual(totals.after(push(100)), { add_ele_total: 0.2 });
    assert.deepEqual(saved, [{ "17": 100 }, { "17": 200 }]);
  });

  it("counts a report once, however often it comes", () => {
    const totals = create();
    const report = push(100);
    assert.deepEqual([totals.after(report), totals.after(report)], Array(2).fill({ add_ele_total: 0.1 }));
    assert.deepEqual(totals.after(push(100)), { add_ele_total: 0.2 });
  });

  it("goes on where it left off", () => {
    const totals = create();
    use?.({ "17": 5_000 });
    assert.deepEqual(totals.after(push(1)), { add_ele_total: 5.001 });
  });

  it("loses nothing that is counted before a slow store answers", () => {
    const totals = create();
    totals.after(push(1));
    use?.({ "17": 5_000, "18": 3 });
    totals.after(push(1));
    assert.deepEqual(saved.at(-1), { "17": 5_002, "18": 3 });
  });

  it("starts at zero where nonsense was saved", () => {
    const totals = create();
    use?.("nonsense");
    assert.deepEqual(totals.after(push(1)), { add_ele_total: 0.001 });
  });

  it("are none, and ask for none, where there is nothing to sum up", () => {
    assert.equal(Totals.of(mapOf(false), store), undefined);
    assert.equal(use, undefined);
  });
});
