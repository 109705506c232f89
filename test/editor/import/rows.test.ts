import assert from "node:assert/strict";
import { type ImportRow, type RowsView, toImportRows } from "../../../nodes/editor/import/rows";
import type { ImportedDevice } from "../../../src/import/imported-device";
import type { ExistingDevice } from "../../../src/import/plan";

const KEY = "7{O<&\"$M}N0z/'|q";
const TABLE = [{ dp: "1", code: "switch_1" }];

function device(id: string, more: Partial<ImportedDevice> = {}): ImportedDevice {
  return { id, name: `Name of ${id}`, localKey: KEY, kind: "wifi", datapoints: [], problems: [], ...more };
}

function child(id: string, gatewayId: string, more: Partial<ImportedDevice> = {}): ImportedDevice {
  return device(id, { kind: "child", gatewayId, cid: `cid-${id}`, ...more });
}

function existing(nodeId: string, deviceId: string, more: Partial<ExistingDevice> = {}): ExistingDevice {
  return { nodeId, deviceId, name: `Node ${nodeId}`, gateway: "", cid: "", hasKey: true, ...more };
}

function rowsOf(devices: readonly ImportedDevice[], view: Partial<RowsView> = {}) {
  let next = 0;
  return toImportRows(devices, {
    existing: [],
    heard: new Map(),
    choices: new Map(),
    names: new Map(),
    isOnlyHeard: false,
    templates: new Map(),
    addresses: "auto",
    newId: () => `new${++next}`,
    ...view,
  });
}

const row = (rows: readonly ImportRow[], id: string): ImportRow =>
  rows.find((candidate) => candidate.id === id) ?? assert.fail(`no row ${id}`);

describe("toImportRows: what happens", () => {
  it("ticks new devices that have a key, and plans those only", () => {
    const { rows, plan } = rowsOf([device("a"), device("b", { localKey: "" })]);
    assert.deepEqual(
      rows.map(({ outcome, isTicked, keyLength, isKeyOdd }) => [outcome, isTicked, keyLength, isKeyOdd]),
      [
        ["create", true, 16, false],
        ["create", false, 0, true],
      ],
    );
    assert.deepEqual(
      plan.create.map(({ source }) => source),
      ["a"],
    );
  });

  it("does what the user ticked, against its own proposal", () => {
    const choices = new Map([
      ["a", false],
      ["b", true],
    ]);
    const { plan } = rowsOf([device("a"), device("b", { localKey: "" })], { choices });
    assert.deepEqual(
      plan.create.map(({ source }) => source),
      ["b"],
    );
  });

  it("replaces a stored key only where it is told to, or where the keys are known to differ", () => {
    const { rows, plan } = rowsOf(
      [
        device("unknown"),
        device("other", { keyState: "other" }),
        device("same", { keyState: "same" }),
        device("typed"),
        device("missing"),
      ],
      {
        existing: [
          existing("n1", "unknown"),
          existing("n2", "other"),
          existing("n3", "same"),
          existing("n4", "typed", { localKey: KEY }),
          existing("n5", "missing", { hasKey: false }),
        ],
      },
    );
    assert.deepEqual(
      rows.map(({ id, outcome, isTicked, isTickable }) => [id, outcome, isTicked, isTickable]),
      [
        ["unknown", "updateKey", false, true],
        ["other", "updateKey", true, true],
        ["same", "same", false, false],
        ["typed", "same", false, false],
        ["missing", "addKey", true, true],
      ],
    );
    assert.deepEqual(
      plan.updateKey.map(({ nodeId }) => nodeId),
      ["n2", "n5"],
    );
  });

  it("counts the characters of a key that stays on the server", () => {
    const { rows } = rowsOf([device("a", { localKey: "", keyLength: 16 }), device("b", { keyLength: 15 })]);
    assert.deepEqual(
      rows.map(({ keyLength, isKeyOdd, isTicked }) => [keyLength, isKeyOdd, isTicked]),
      [
        [16, false, true],
        [15, true, true],
      ],
    );
  });

  it("calls a key odd that no device has, but not an environment variable", () => {
    const { rows } = rowsOf([
      device("a", { localKey: "short" }),
      device("b", { localKey: "sixteen with ä  " }),
      device("c", { localKey: "${KITCHEN_KEY}" }),
    ]);
    assert.deepEqual(
      rows.map(({ isKeyOdd }) => isKeyOdd),
      [true, true, false],
    );
  });

  it("contains no key", () => {
    const { rows, problems } = rowsOf([device("a"), child("c", "a"), device("b")], {
      existing: [existing("n", "b", { localKey: "kV3tWq8ZrX1nLp5e" })],
    });
    const text = JSON.stringify([rows, problems]);
    assert.ok(!text.includes(JSON.stringify(KEY).slice(1, -1)) && !text.includes("kV3tWq8ZrX1nLp5e"));
  });
});

describe("toImportRows: families", () => {
  it("puts children behind their gateway, and those of configured gateways last", () => {
    const { rows } = rowsOf(
      [child("c", "g"), child("far", "x"), device("a"), device("g", { kind: "gateway" })],
      {
        existing: [existing("node", "x", { name: "Attic" })],
      },
    );
    assert.deepEqual(
      rows.map(({ id, gateway }) => [id, gateway]),
      [
        ["a", ""],
        ["g", ""],
        ["c", "Name of g"],
        ["far", "Attic"],
      ],
    );
  });

  it("ticks a child with its gateway only, or where that is configured", () => {
    const devices = [device("g", { kind: "gateway" }), child("c", "g"), child("far", "x")];
    const view = { existing: [existing("node", "x")], choices: new Map([["g", false]]) };
    const { rows, plan } = rowsOf(devices, view);
    assert.deepEqual(
      ["c", "far"].map((id) => [row(rows, id).isTicked, row(rows, id).obstacle]),
      [
        [false, "gatewayUnticked"],
        [true, undefined],
      ],
    );
    assert.deepEqual(
      plan.create.map(({ source, node }) => [source, node.gateway]),
      [["far", "node"]],
    );
  });

  it("says why a child cannot be created", () => {
    const { rows } = rowsOf([
      device("g", { kind: "gateway" }),
      child("no-cid", "g", { cid: undefined }),
      child("orphan", "elsewhere"),
      device("lost", { kind: "child", cid: "1" }),
    ]);
    assert.deepEqual(
      rows.slice(1).map(({ outcome, obstacle, isTickable }) => [outcome, obstacle, isTickable]),
      [
        ["impossible", "incomplete", false],
        ["impossible", "gatewayUnknown", false],
        ["impossible", "gatewayUnknown", false],
      ],
    );
  });
});

describe("toImportRows: addresses and versions", () => {
  const devices = [
    device("both", { ip: "192.0.2.1", version: "3.3" }),
    device("listed", { ip: "192.0.2.2", version: "3.3" }),
    device("heard", { version: "3.4" }),
    device("neither"),
  ];
  const heard = new Map([
    ["both", { ip: "192.0.2.101", version: "3.4" }],
    ["heard", { ip: "192.0.2.103", version: "3.4" }],
  ]);

  it("shows what was heard rather than what stands in the list", () => {
    const { rows } = rowsOf(devices, { heard });
    assert.deepEqual(
      rows.map(({ address }) => address),
      [
        { ip: "192.0.2.101", origin: "heard" },
        { ip: "192.0.2.2", origin: "listed" },
        { ip: "192.0.2.103", origin: "heard" },
        { ip: "", origin: "none" },
      ],
    );
  });

  for (const [addresses, expected] of [
    ["auto", ["", "192.0.2.2", "", ""]],
    ["announced", ["", "", "", ""]],
    ["listed", ["192.0.2.101", "192.0.2.2", "192.0.2.103", ""]],
  ] as const) {
    it(`writes into the nodes what the rule "${addresses}" says`, () => {
      const { plan } = rowsOf(devices, { heard, addresses });
      assert.deepEqual(
        plan.create.map(({ node }) => node.ip),
        expected,
      );
    });
  }

  it("has the version measured where the device announces another one than the list says", () => {
    const { plan } = rowsOf(devices, { heard });
    assert.deepEqual(
      plan.create.map(({ node }) => node.version),
      ["auto", "3.3", "3.4", "auto"],
    );
  });
});

describe("toImportRows: templates", () => {
  const templates = new Map([
    ["a", { name: "Plug", datapoints: TABLE }],
    ["b", { name: "Plug", datapoints: TABLE }],
  ]);

  it("gives data points to devices of which the list names none", () => {
    const own = [...TABLE, { dp: "2" }];
    const { rows, plan } = rowsOf([device("a"), device("b", { datapoints: own })], { templates });
    assert.deepEqual(
      rows.map(({ dataPoints }) => dataPoints),
      [
        { count: 1, template: "Plug" },
        { count: 2, template: "" },
      ],
    );
    assert.deepEqual(
      plan.create.map(({ node }) => node.datapoints),
      [TABLE, own],
    );
  });
});

describe("toImportRows: names", () => {
  it("takes those that were typed, and those of the list where they were emptied", () => {
    const names = new Map([
      ["a", " Attic "],
      ["b", " "],
    ]);
    const { rows, plan } = rowsOf([device("a"), device("b"), device("c")], { names });
    assert.deepEqual(
      rows.map(({ name, listedName }) => [name, listedName]),
      [
        ["Attic", "Name of a"],
        ["Name of b", "Name of b"],
        ["Name of c", "Name of c"],
      ],
    );
    assert.deepEqual(
      plan.create.map(({ node }) => node.name),
      ["Attic", "Name of b", "Name of c"],
    );
  });

  it("tells equal names apart, those of configured devices included, and says which there would be", () => {
    const list = [
      device("bf1234567890", { name: "Plug", kind: "gateway" }),
      device("bf9876543210", { name: "Plug" }),
      device("bf5555555555", { name: "Lamp" }),
      device("bf6666666666", { name: "Door", localKey: "" }),
      child("bf7777777777", "bf1234567890", { name: "Button" }),
    ];
    const view = {
      existing: [
        existing("n1", "bf0000000000", { name: "Lamp" }),
        existing("n2", "bf0000000001", { name: "Door" }),
      ],
    };
    const { rows, namesakes } = rowsOf(list, view);
    assert.deepEqual(
      rows.map(({ id, distinction, gateway }) => [id, distinction, gateway]),
      [
        ["bf1234567890", "bf1234", ""],
        ["bf7777777777", "", "Plug (bf1234)"],
        ["bf9876543210", "bf9876", ""],
        ["bf5555555555", "bf5555", ""],
        ["bf6666666666", "bf6666", ""],
      ],
    );
    // That without a key is not ticked.
    assert.deepEqual(namesakes, ["Plug", "Lamp"]);
    const renamed = rowsOf(list, { ...view, names: new Map([["bf9876543210", "Socket"]]) });
    assert.deepEqual(renamed.namesakes, ["Lamp"]);
  });

  it("counts a device that is configured under its own name once", () => {
    const { rows, namesakes } = rowsOf([device("a", { name: "Plug" })], {
      existing: [existing("n1", "a", { name: "Plug" })],
    });
    assert.equal(rows[0]?.distinction, "");
    assert.deepEqual(namesakes, []);
  });
});

describe("toImportRows: only those heard", () => {
  it("leaves out what is not on the network, sub-devices with their gateway", () => {
    const list = [
      device("a"),
      device("b"),
      device("hub", { kind: "gateway" }),
      child("door", "hub"),
      device("far", { kind: "gateway" }),
      child("window", "far"),
      child("old", "configured"),
    ];
    const heard = new Map(["b", "hub", "configured"].map((id) => [id, { ip: "192.0.2.7", version: "3.4" }]));
    const view = { heard, isOnlyHeard: true, existing: [existing("n1", "configured")] };
    const { rows, plan } = rowsOf(list, view);
    assert.deepEqual(
      rows.map(({ id }) => id),
      ["b", "hub", "door", "old"],
    );
    assert.deepEqual(
      plan.create.map(({ source }) => source),
      ["b", "hub", "door", "old"],
    );
  });
});
