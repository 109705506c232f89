import assert from "node:assert/strict";
import { readDevices } from "../../../src/import/read-devices";
import { discoveryMessages } from "../../../src/mqtt/discovery/index";
import { type Example, houseOf } from "../../support/home-assistant/devices";
import { type Announced, expand } from "../../support/home-assistant/expand";
import { ruleProblems } from "../../support/home-assistant/rules";
import { schemaProblems } from "../../support/home-assistant/schemas";
import { sidesOf } from "../../support/home-assistant/sides";
import { type ListedByTinytuya, TINYTUYA_DEVICES } from "../../support/home-assistant/tinytuya-devices";

const KEY = "7{O<&\"$M}N0z/'|q";
const GATEWAY = "bfgateway00000000001";

/** `devices.json` with one device. */
function listOf({ what, mapping }: ListedByTinytuya): string {
  const written = Object.entries(mapping).map(([dp, [code, type, values = {}]]) => [
    dp,
    { code, type, values },
  ]);
  const isChild = what.includes("behind");
  const gateway = { id: GATEWAY, name: "Gateway", key: KEY, category: "wg2", mapping: {} };
  const device = {
    name: what,
    id: what === "gateway" ? GATEWAY : "bfinvented0000000001",
    key: KEY,
    mapping: Object.fromEntries(written) as object,
    ...(isChild && { sub: true, node_id: "a4c138fffe000001", parent: GATEWAY }),
  };
  return JSON.stringify(isChild ? [gateway, device] : [device]);
}

function importedAs(device: ListedByTinytuya): Example {
  const result = readDevices(listOf(device));
  assert.ok(result.ok);
  const imported = result.devices.find(({ name }) => name === device.what);
  assert.ok(imported);
  return { what: device.what, entries: imported.datapoints };
}

function announced(example: Example): readonly Announced[] {
  const house = houseOf([example]);
  const options = { base: "b", prefix: "ha", bridgeTopic: "b/bridge/state", shape: "device" } as const;
  const messages = house.flatMap((device) => discoveryMessages(device, options));
  const arrived = messages.map((message) => JSON.parse(JSON.stringify(message)) as typeof message);
  assert.deepEqual(arrived.flatMap(schemaProblems), []);
  assert.deepEqual(ruleProblems(arrived.flatMap(expand), sidesOf(house, "b")), []);
  return arrived.flatMap(expand).filter(({ uniqueId }) => !uniqueId.endsWith("_connection"));
}

/** `=power` where Home Assistant names it by its class. */
function calledIn({ keys }: Announced): string | null {
  return "name" in keys ? (keys["name"] as string | null) : `=${String(keys["device_class"])}`;
}

describe("devices of a tinytuya list, which says of nothing whether it can be set", () => {
  for (const device of TINYTUYA_DEVICES) {
    it(`a ${device.what} has the right entities, under people's names`, () => {
      const entities = announced(importedAs(device)).map((entity) => [entity.platform, calledIn(entity)]);
      const inOrder = (list: readonly (readonly unknown[])[]) => list.map(String).sort();
      assert.deepEqual(inOrder(entities), inOrder(device.has));
    });
  }

  it("what a list says of access counts more than a name", () => {
    const entry = { dp: "3", code: "work_state", type: "Enum", values: ["a", "b"] };
    const platforms = (["rw", "ro", "wr", undefined] as const).map(
      (access) => announced({ what: "D", entries: [{ ...entry, access }] })[0]?.platform,
    );
    assert.deepEqual(platforms, ["select", "sensor", "select", "sensor"]);
  });

  const settable =
    "relay_status relay_status_1 switch1_state alarm_state light_status power_on_state switch_state battery_mode work_mode sensitivity fan_left_turn unlock_mode";
  for (const code of settable.split(" ")) {
    it(`${code} stays a control`, () => {
      const [entity] = announced({
        what: "D",
        entries: [{ dp: "3", code, type: "Enum", values: ["a", "b"] }],
      });
      assert.equal(entity?.platform, "select");
    });
  }

  it("a state in the words of a cover has them as they are published", () => {
    const state = { dp: "1", code: "door_state", type: "Enum", values: ["fopen", "fclose"] };
    const [entity] = announced({ what: "D", entries: [state] });
    assert.deepEqual([entity?.platform, entity?.keys["options"]], ["sensor", ["open", "close"]]);
    const [house] = houseOf([{ what: "D", entries: [state] }]);
    assert.equal(house?.dataPoints.decode("1", "fopen"), "open");
  });

  it("a Boolean that is called just state can be switched", () => {
    const platforms = ["Boolean", "Enum"].map(
      (type) =>
        announced({ what: "D", entries: [{ dp: "1", code: "state", type, values: ["a"] }] })[0]?.platform,
    );
    assert.deepEqual(platforms, ["switch", "sensor"]);
  });
});
