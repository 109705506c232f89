import assert from "node:assert/strict";
import { readDiscoverySettings } from "../../../nodes/runtime/discovery-settings";

const DEFAULT = { settings: {}, problem: undefined };

describe("readDiscoverySettings", () => {
  it("takes nothing for the default, and false for no discovery", () => {
    for (const value of [undefined, null, true]) assert.deepEqual(readDiscoverySettings(value), DEFAULT);
    assert.deepEqual(readDiscoverySettings(false), { settings: undefined, problem: undefined });
  });

  const rows: readonly [string, object, object][] = [
    ["an address", { bind: " 192.0.2.7 " }, { bind: "192.0.2.7" }],
    ["all addresses", { bind: "0.0.0.0" }, { bind: "0.0.0.0" }],
    ["ports", { ports: [6667, "7000", 6667] }, { ports: [6667, 7000] }],
    ["one port", { ports: 6667 }, { ports: [6667] }],
    [
      "targets",
      { probe: ["192.0.2.255", "lamp.example:7000"] },
      { probe: ["192.0.2.255", "lamp.example:7000"] },
    ],
    ["one target", { probe: " 192.0.2.255 " }, { probe: ["192.0.2.255"] }],
    ["no targets: never ask", { probe: [] }, { probe: [] }],
    ["nulls", { bind: null, ports: null, probe: null }, {}],
  ];
  for (const [name, value, expected] of rows) {
    it(`takes ${name}`, () => {
      const { settings, problem } = readDiscoverySettings(value);
      assert.deepEqual(JSON.parse(JSON.stringify(settings)), expected);
      assert.equal(problem, undefined);
    });
  }

  const wrong: readonly [unknown, RegExp][] = [
    ["yes", /neither false nor an object/],
    [6667, /neither false nor an object/],
    [[6667], /neither false nor an object/],
    [{ bind: "eth0" }, /bind is no IPv4 address/],
    [{ bind: "192.0.2" }, /bind is no IPv4 address/],
    [{ bind: "192.0.2.256" }, /bind is no IPv4 address/],
    [{ bind: 5 }, /bind is no IPv4 address/],
    [{ ports: [] }, /ports is no list/],
    [{ ports: [0] }, /ports is no list/],
    [{ ports: [70000] }, /ports is no list/],
    [{ ports: ["x"] }, /ports is no list/],
    [{ ports: {} }, /ports is no list/],
    [{ probe: [5] }, /probe is no list/],
    [{ probe: [""] }, /probe is no list/],
    [{ probe: ["a b"] }, /probe is no list/],
    [{ probe: ["192.0.2.1:x"] }, /probe is no list/],
    [{ probe: ["192.0.2.1:70000"] }, /probe is no list/],
    [{ probe: ["http://192.0.2.1"] }, /probe is no list/],
    [{ port: [6667] }, /"port" is not known/],
  ];
  for (const [value, problem] of wrong) {
    it(`names what is wrong with ${JSON.stringify(value)}, and goes on with the default`, () => {
      const read = readDiscoverySettings(value);
      assert.match(read.problem ?? "", problem);
      assert.match(read.problem ?? "", /^tuyaDeviceDiscovery in settings\.js .*\.$/);
      assert.deepEqual(JSON.parse(JSON.stringify(read.settings)), {});
    });
  }

  it("keeps what is right beside what is wrong, and names all of that in one sentence", () => {
    const { settings, problem } = readDiscoverySettings({ bind: "x", ports: [6667], probe: 7 });
    assert.deepEqual(JSON.parse(JSON.stringify(settings)), { ports: [6667] });
    assert.match(problem ?? "", /bind.*probe/);
  });
});
