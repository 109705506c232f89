import assert from "node:assert/strict";
import { STORED } from "../../../nodes/editor/base/credentials";
import { keysToStore, offeredDevices, readFetchLine } from "../../../nodes/editor/import/platform-devices";
import type { PlatformDevice } from "../../../nodes/contract/platform";

function device(id: string, more: Partial<PlatformDevice> = {}): PlatformDevice {
  const blank = { keyLength: 16, keyState: "new", nodes: [], datapoints: [], problems: [] } as const;
  return { id, name: id, kind: "wifi", ...blank, ...more };
}

const node = (nodeId: string, key: "same" | "other" | "none", variable?: string) => ({
  nodeId,
  name: "",
  key,
  ...(variable !== undefined && { variable }),
});

const DEVICES = [
  device("new"),
  device("keyless", { keyLength: 0, nodes: [node("k", "none")] }),
  device("same", { nodes: [node("s", "same")] }),
  device("other", { nodes: [node("o1", "same"), node("o2", "other")] }),
  device("added", { nodes: [node("a", "none")] }),
  device("variable", { nodes: [node("v", "other", "KEY")] }),
  device("both", { nodes: [node("b1", "other", "KEY"), node("b2", "other")] }),
  device("child", { kind: "child", gatewayId: "same", cid: "1" }),
];

describe("offeredDevices", () => {
  it("says which keys differ, but of those in variables says so apart", () => {
    const { devices, variables, counts } = offeredDevices(DEVICES, false);
    assert.deepEqual(
      devices.map(({ id, localKey, keyState }) => [id, localKey, keyState]),
      [
        ["new", STORED, undefined],
        ["keyless", "", undefined],
        ["same", STORED, "same"],
        ["other", STORED, "other"],
        ["added", STORED, "other"],
        ["variable", STORED, "same"],
        ["both", STORED, "other"],
        ["child", STORED, undefined],
      ],
    );
    assert.deepEqual(variables, [
      { name: "variable", variable: "KEY" },
      { name: "both", variable: "KEY" },
    ]);
    assert.deepEqual(counts, { same: 2, other: 3 });
  });

  it("shows configured devices only, for a comparison", () => {
    const { devices } = offeredDevices(DEVICES, true);
    assert.deepEqual(
      devices.map(({ id }) => id),
      ["keyless", "same", "other", "added", "variable", "both"],
    );
  });
});

describe("keysToStore", () => {
  it("leaves out sub-devices, devices without a key, and variables", () => {
    const nodeIds = new Map([
      ["new", ["n"]],
      ["keyless", ["k"]],
      ["other", ["o1", "o2"]],
      ["both", ["b1", "b2"]],
      ["child", ["c"]],
    ]);
    assert.deepEqual(keysToStore(DEVICES, nodeIds), { n: "new", o1: "other", o2: "other", b2: "both" });
  });
});

describe("readFetchLine", () => {
  it("knows steps, problems and devices, and nothing else", () => {
    const lines = [
      { step: "search", host: "openapi.tuyaeu.com" },
      { problem: { code: "QUOTA", says: "", remedy: "" } },
      { ticket: "t", devices: [], problems: [] },
    ];
    for (const line of lines) assert.equal(readFetchLine(line), line);
    for (const line of [{}, [], { problem: null }, { ticket: "t" }, { step: 1 }]) {
      assert.equal(readFetchLine(line), undefined);
    }
  });
});
