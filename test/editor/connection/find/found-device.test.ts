import assert from "node:assert/strict";
import {
  readFoundDevices,
  toFoundRows,
  type FoundView,
} from "../../../../nodes/editor/connection/find/found-device";

const LAMP = {
  id: "bf0123456789abcdefghij",
  ip: "192.0.2.7",
  version: "3.4",
  productKey: "keyabcdefghijklm",
  encrypted: true,
  gateway: false,
  configured: false,
  port: 6668,
  firstSeen: 2,
  lastSeen: 3,
};
const PLUG = { ...LAMP, id: "bf9999999999999999plug", ip: "192.0.2.8", version: "3.9", firstSeen: 1 };
const VIEW: FoundView = { current: "", known: new Map(), filter: "" };

const rowsOf = (answer: unknown, view: Partial<FoundView> = {}) =>
  toFoundRows(readFoundDevices(answer), { ...VIEW, ...view });
const titles = (answer: unknown, view: Partial<FoundView> = {}) =>
  rowsOf(answer, view).map(({ title }) => title);

describe("readFoundDevices", () => {
  it("takes an answer for no devices that is no list, and passes over entries without an id", () => {
    for (const answer of [undefined, null, "", {}, "<html>"]) assert.deepEqual(readFoundDevices(answer), []);
    assert.deepEqual(readFoundDevices([null, 1, {}, { id: 5 }, { id: "" }]), []);
  });

  it("fills what a device did not say", () => {
    assert.deepEqual(readFoundDevices([{ id: "a", version: null }]), [
      {
        id: "a",
        ip: "",
        version: "",
        productKey: "",
        isGateway: false,
        configured: false,
        name: "",
        port: 0,
        firstSeen: 0,
      },
    ]);
  });
});

describe("toFoundRows", () => {
  it("shows name or short id, and the rest that identifies a device", () => {
    const [named] = rowsOf([{ ...LAMP, configured: true, name: "Lamp" }]);
    assert.deepEqual(
      [named?.title, named?.details, named?.badge],
      ["Lamp", "bf0123…ghij · keyabcdefghijklm", "configured"],
    );
    const [unnamed] = rowsOf([LAMP]);
    assert.deepEqual(
      [unnamed?.title, unnamed?.details, unnamed?.badge],
      ["bf0123…ghij", "keyabcdefghijklm", "new"],
    );
  });

  it("shows a version that nobody knows as it is", () => {
    assert.equal(rowsOf([PLUG])[0]?.device.version, "3.9");
  });

  it("knows the device of the form, and those of the editor that are not deployed yet", () => {
    const [lamp, plug] = rowsOf([LAMP, PLUG], {
      current: PLUG.id,
      known: new Map([[LAMP.id, "New lamp"]]),
    }).sort((a, b) => a.device.ip.localeCompare(b.device.ip));
    assert.deepEqual([lamp?.title, lamp?.badge, plug?.badge], ["New lamp", "configured", "this"]);
  });

  it("puts new devices first, and otherwise keeps the order in which they were heard", () => {
    const answer = [
      { ...LAMP, id: "c", firstSeen: 1, configured: true },
      { ...LAMP, id: "b", firstSeen: 3 },
      { ...LAMP, id: "a", firstSeen: 2 },
      { ...LAMP, id: "d", firstSeen: 3 },
    ];
    assert.deepEqual(titles(answer), ["a", "b", "d", "c"]);
  });

  it("filters by all words, in any field and case", () => {
    const answer = [LAMP, { ...PLUG, configured: true, name: "Kitchen plug" }];
    assert.deepEqual(titles(answer, { filter: "KITCHEN 3.9" }), ["Kitchen plug"]);
    assert.deepEqual(titles(answer, { filter: "192.0.2.7" }), ["bf0123…ghij"]);
    assert.deepEqual(titles(answer, { filter: "456789abc" }), ["bf0123…ghij"]);
    assert.deepEqual(titles(answer, { filter: "kitchen 3.4" }), []);
  });
});
