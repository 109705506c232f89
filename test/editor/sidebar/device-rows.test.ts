import assert from "node:assert/strict";
import type { OverviewRow } from "../../../nodes/contract/overview";
import {
  countsOf,
  deviceRows,
  shownRows,
  type DeviceRow,
  type EditorDevice,
  type ListView,
  type TestOutcome,
} from "../../../nodes/editor/sidebar/device-rows";

const ALL: ListView = { search: "", filter: "all", order: "name" };

function held(id: string, properties: Partial<EditorDevice> = {}): EditorDevice {
  return {
    id,
    name: id,
    deviceId: `bf${id}`,
    cid: "",
    gateway: "",
    ip: "",
    version: "auto",
    users: 1,
    isChanged: false,
    isDisabled: false,
    problem: "",
    ...properties,
  };
}

function live(id: string, properties: Partial<OverviewRow> = {}): OverviewRow {
  const state = { state: "ready", keyProven: true, since: 1_000, users: 1, drops: 0 };
  return { id, name: id, deviceId: `bf${id}`, ...state, ...properties };
}

function rowsOf(
  devices: readonly EditorDevice[],
  running: readonly OverviewRow[] = [],
  tests: Readonly<Record<string, TestOutcome>> = {},
): DeviceRow[] {
  return deviceRows(devices, new Map(running.map((row) => [row.id, row])), new Map(Object.entries(tests)));
}

const namesOf = (rows: readonly DeviceRow[]): string[] => rows.map(({ device }) => device.name);

const BUSY = { code: "BUSY", message: "Its places are taken." };

describe("the list of all devices", () => {
  it("shows states as the badges under nodes do", () => {
    const badge = (properties: Partial<OverviewRow>): string => {
      const [row] = rowsOf([held("a")], [live("a", properties)]);
      return `${row?.badge.fill} ${row?.badge.shape} ${row?.badge.text}`;
    };
    assert.equal(badge({}), "green dot tuya-device.status.connected");
    assert.equal(badge({ keyProven: false }), "yellow dot tuya-device.status.unproven");
    const refusal = { code: "REJECTED", message: "Lamp is connected, but cannot be read." };
    assert.equal(badge({ error: refusal }), "yellow dot tuya-device.status.unreadable");
    assert.equal(badge({ state: "waiting", error: BUSY }), "red ring tuya-device.status.busy");
    assert.equal(badge({ state: "connecting", error: BUSY }), "yellow dot tuya-device.status.connecting");
    assert.equal(
      badge({ state: "waiting", error: { code: "WRONG_KEY", message: "" } }),
      "red dot tuya-device.status.wrongKey",
    );
    assert.equal(badge({ state: "asleep" }), "blue ring tuya-device.status.asleep");
    assert.equal(badge({ state: "unused" }), "grey ring tuya-device.overview.state.unused");
  });

  it("tells what does not run from what is not deployed and what is disabled", () => {
    const rows = rowsOf([
      held("new", { isChanged: true, problem: "id is missing" }),
      held("off", { isDisabled: true }),
      held("dead"),
    ]);
    assert.deepEqual(
      rows.map(({ badge, isUndeployed, sentence }) => [badge.key, isUndeployed, sentence]),
      [
        ["undeployed", true, "id is missing"],
        ["disabled", false, ""],
        ["stopped", false, ""],
      ],
    );
  });

  it("counts and filters what is in trouble, not used, a gateway, not deployed", () => {
    const rows = rowsOf(
      [
        held("hub"),
        held("child", { gateway: "hub", cid: "a1", deviceId: "" }),
        held("sauna"),
        held("spare", { users: 0 }),
        held("new", { isChanged: true, users: 0 }),
      ],
      [
        live("hub"),
        live("child", { gateway: "hub" }),
        live("sauna", { state: "waiting", error: BUSY }),
        live("spare", { state: "unused", users: 0 }),
      ],
    );
    assert.deepEqual(countsOf(rows), { all: 5, trouble: 1, unused: 2, gateway: 1, undeployed: 1 });
    const only = (filter: ListView["filter"]): string[] => namesOf(shownRows(rows, { ...ALL, filter }));
    assert.deepEqual(only("trouble"), ["sauna"]);
    assert.deepEqual(only("unused"), ["new", "spare"]);
    assert.deepEqual(only("gateway"), ["hub"]);
    assert.deepEqual(only("undeployed"), ["new"]);
  });

  it("does not call a device unused that all-devices nodes use, whatever the editor counts", () => {
    const [row] = rowsOf([held("a", { users: 0 })], [live("a", { users: 2 })]);
    assert.equal(row?.isUnused, false);
  });

  it("puts sub-devices below their gateway, in any order, and by themselves where it is not shown", () => {
    const rows = rowsOf([
      held("a child", { gateway: "hub", cid: "a1" }),
      held("zebra"),
      held("hub", { name: "m hub" }),
      held("b child", { gateway: "hub", cid: "a2" }),
    ]);
    const shown = shownRows(rows, ALL);
    assert.deepEqual(namesOf(shown), ["m hub", "a child", "b child", "zebra"]);
    assert.deepEqual(
      shown.map(({ level }) => level),
      [0, 1, 1, 0],
    );
    const [alone] = shownRows(rows, { ...ALL, search: "a child" });
    assert.deepEqual([alone?.level, alone?.behind], [0, "m hub"]);
  });

  it("brings trouble to the top, and a gateway with what is in trouble behind it", () => {
    const rows = rowsOf(
      [held("fine"), held("hub"), held("sensor", { gateway: "hub", cid: "a1" }), held("asleep")],
      [
        live("fine"),
        live("hub"),
        live("sensor", { state: "childOffline", error: { code: "CHILD_OFFLINE", message: "" } }),
        live("asleep", { state: "asleep" }),
      ],
    );
    assert.deepEqual(namesOf(shownRows(rows, { ...ALL, order: "state" })), [
      "hub",
      "sensor",
      "asleep",
      "fine",
    ]);
  });

  it("sorts numbers in names and addresses as numbers", () => {
    const devices = ["lamp 10", "lamp 9", "Lamp 1"].map((name, index) =>
      held(name, { name, ip: ["192.0.2.9", "192.0.2.10", "lamp.example"][index] ?? "" }),
    );
    const rows = rowsOf([...devices, held("none")]);
    assert.deepEqual(namesOf(shownRows(rows, ALL)), ["Lamp 1", "lamp 9", "lamp 10", "none"]);
    assert.deepEqual(namesOf(shownRows(rows, { ...ALL, order: "address" })), [
      "lamp 10",
      "lamp 9",
      "Lamp 1",
      "none",
    ]);
  });

  it("finds words in names, ids, addresses and sentences", () => {
    const rows = rowsOf(
      [held("a", { name: "Kitchen lamp" }), held("b", { name: "Sauna", deviceId: "bfxyz" })],
      [live("a", { ip: "192.0.2.44" }), live("b", { state: "waiting", error: BUSY })],
    );
    const found = (search: string): string[] => namesOf(shownRows(rows, { ...ALL, search }));
    assert.deepEqual(found("LAMP kit"), ["Kitchen lamp"]);
    assert.deepEqual(found("2.44"), ["Kitchen lamp"]);
    assert.deepEqual(found("bfxyz"), ["Sauna"]);
    assert.deepEqual(found("places taken"), ["Sauna"]);
    assert.deepEqual(found("cellar"), []);
  });

  it("tells devices of the same name apart", () => {
    const rows = rowsOf([
      held("a", { name: "Plug", deviceId: "bf1234567890" }),
      held("b", { name: "Plug", deviceId: "bf9876543210" }),
      held("c", { name: "Lamp" }),
    ]);
    assert.deepEqual(
      rows.map(({ distinction }) => distinction),
      ["bf1234", "bf9876", ""],
    );
    const gateway = { gateway: "a", cid: "01", deviceId: "" };
    const behind = rowsOf([
      held("a", { name: "Hub", deviceId: "bf1234567890" }),
      held("b", { name: "Hub", deviceId: "bf9876543210" }),
      held("c", { name: "Door", ...gateway }),
    ]).at(-1);
    assert.equal(behind?.behind, "Hub (bf1234)");
    const alike = rowsOf(
      ["bf123456789", "bf123456abc", "bf1234567"].map((deviceId) =>
        held(deviceId, { name: "Plug", deviceId }),
      ),
    );
    assert.deepEqual(
      alike.map(({ distinction }) => distinction),
      ["bf12345678", "bf123456a", "bf1234567"],
    );
  });

  it("shows of a device within a subflow the instance that is in trouble", () => {
    const [row] = rowsOf(
      [held("inner")],
      [live("one-inner"), live("outer-two-inner", { state: "waiting", error: BUSY })],
    );
    assert.equal(row?.live?.id, "outer-two-inner");
  });

  it("makes a line anew only where something has changed", () => {
    const devices = [held("hub"), held("sensor", { gateway: "hub", cid: "a1" }), held("lamp")];
    const running = new Map([live("hub"), live("sensor"), live("lamp")].map((row) => [row.id, row]));
    const first = deviceRows(devices, running, new Map());
    running.set("lamp", live("lamp", { state: "waiting", error: BUSY }));
    const second = deviceRows(devices, running, new Map(), first);
    assert.deepEqual(
      second.map((row, index) => row === first[index]),
      [true, true, false],
    );
    assert.equal(second[2]?.isInTrouble, true);
    const shown = (rows: readonly DeviceRow[]): DeviceRow[] => shownRows(rows, ALL);
    assert.deepEqual(namesOf(shown(second)), ["hub", "sensor", "lamp"]);
    assert.equal(shown(second)[1], shown(first)[1]);
    assert.deepEqual(
      deviceRows([...devices, held("attic")], running, new Map(), second).map(({ place }) => place),
      [1, 3, 2, 0],
    );
  });

  it("shows what a test found until something happens to the device", () => {
    const test = { isGood: false, sentence: "The key is wrong.", time: 5_000 };
    const [tested] = rowsOf([held("a")], [live("a", { since: 4_000 })], { a: test });
    assert.deepEqual([tested?.isTested, tested?.sentence], [false, "The key is wrong."]);
    const [changed] = rowsOf([held("a")], [live("a", { since: 6_000 })], { a: test });
    assert.deepEqual([changed?.isTested, changed?.sentence], [undefined, ""]);
  });
});
