import assert from "node:assert/strict";
import { joinFamilies } from "../../src/import/families";
import { type DeviceSource, NO_SOURCE } from "../../src/import/imported-device";

const KEY = "kV3tWq8ZrX1nLp5e";
const OTHER = "aB3$dE6&gH9(jK2)";

function source(id: string, more: Partial<DeviceSource> = {}): DeviceSource {
  return { ...NO_SOURCE, id, localKey: KEY, ...more };
}

/** What each device is and where it is. */
function families(...sources: readonly DeviceSource[]): unknown[] {
  return joinFamilies(sources).devices.map(({ id, kind, gatewayId }) => [id, kind, gatewayId]);
}

describe("joinFamilies", () => {
  it("links a child with the gateway its source names", () => {
    assert.deepEqual(families(source("g"), source("c", { isChild: true, cid: "n", gatewayId: "g" })), [
      ["g", "gateway", undefined],
      ["c", "child", "g"],
    ]);
  });

  it("links a child with the only other device of the same key", () => {
    assert.deepEqual(
      families(
        source("a", { localKey: OTHER }),
        source("c", { isChild: true, cid: "n" }),
        source("d", { isChild: true, cid: "m" }),
        source("g"),
      ),
      [
        ["a", "wifi", undefined],
        ["c", "child", "g"],
        ["d", "child", "g"],
        ["g", "gateway", undefined],
      ],
    );
  });

  it("prefers a known gateway among several of the same key, and guesses not among equals", () => {
    const child = source("c", { isChild: true, cid: "n" });
    assert.deepEqual(families(source("a"), source("g", { category: "wgcf" }), child)[2], ["c", "child", "g"]);
    const [, , lost] = families(source("a"), source("b"), child) as [unknown, unknown, unknown[]];
    assert.deepEqual(lost, ["c", "child", undefined]);
  });

  it("takes a device for a child where it has a gateway and a node id, though nobody says so", () => {
    assert.deepEqual(families(source("c", { cid: "n", gatewayId: "g" })), [["c", "child", "g"]]);
    assert.deepEqual(families(source("c", { cid: "n" })), [["c", "wifi", undefined]]);
    assert.deepEqual(families(source("c", { cid: "n", gatewayId: "c" })), [["c", "wifi", undefined]]);
  });

  it("knows gateways without children by their category", () => {
    assert.deepEqual(families(source("g", { category: "wg2" }), source("h", { isGateway: true })), [
      ["g", "gateway", undefined],
      ["h", "gateway", undefined],
    ]);
  });

  it("does not ask a child for a key", () => {
    const { devices } = joinFamilies([
      source("g"),
      source("c", { isChild: true, cid: "n", gatewayId: "g", localKey: "" }),
    ]);
    assert.deepEqual(devices[1]?.problems, []);
  });

  it("completes an entry by others of the same device, and says so", () => {
    const points = [{ dp: "1", code: "switch_1" }];
    const { devices, problems } = joinFamilies([
      source("a", { localKey: "", ip: "192.0.2.4" }),
      source("a", { name: "Lamp", ip: "192.0.2.5", version: "3.4", category: "dj", datapoints: points }),
    ]);
    assert.deepEqual(devices, [
      {
        id: "a",
        name: "Lamp",
        localKey: KEY,
        ip: "192.0.2.4",
        version: "3.4",
        category: "dj",
        kind: "wifi",
        datapoints: points,
        problems: [],
      },
    ]);
    assert.deepEqual(problems, [
      "Lamp is in the list twice; the first entry counts, and the other one fills its gaps.",
    ]);
  });

  it("keeps the first of two keys, and says that there are two", () => {
    const { devices, problems } = joinFamilies([source("a"), source("a", { localKey: OTHER })]);
    assert.deepEqual(
      devices.map(({ localKey }) => localKey),
      [KEY],
    );
    assert.deepEqual(problems, [
      "a is in the list twice, with different local keys; that of the first entry counts.",
    ]);
  });

  it("completes an entry whose key, address and version cannot be used", () => {
    const damaged = source("a", { localKey: "cut off", ip: "Auto", version: "auto" });
    const { devices, problems } = joinFamilies([damaged, source("a", { ip: "192.0.2.5", version: "3.4" })]);
    assert.deepEqual(
      devices.map(({ localKey, ip, version, problems: own }) => [localKey, ip, version, own]),
      [[KEY, "192.0.2.5", "3.4", []]],
    );
    assert.deepEqual(problems, [
      "a is in the list twice; the first entry counts, and the other one fills its gaps.",
    ]);
  });

  it("knows one key again that was damaged in one of two entries", () => {
    const sources = [source("a", { localKey: ` ${KEY}` }), source("a")];
    assert.doesNotMatch(joinFamilies(sources).problems.join(), /different/);
  });

  it("knows a child by its node id where it has no other", () => {
    const { devices } = joinFamilies([source("", { isChild: true, cid: "n", gatewayId: "g" })]);
    assert.equal(devices[0]?.id, "n");
  });
});
