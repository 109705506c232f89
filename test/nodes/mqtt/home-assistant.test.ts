import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { NodeInitializer } from "node-red";
import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import type { ProtocolVersion } from "../../../src/protocol/version";
import type { Schema } from "../../../src/virtual/data-model";
import type { Dps } from "../../../src/protocol/dps";
import type { VirtualDevice } from "../../../src/virtual/virtual-device";
import { device, NodeRed } from "../../support/flow";
import type { Announced } from "../../support/home-assistant/expand";
import { HomeAssistant } from "../../support/home-assistant/home-assistant";
import { firmwareOf } from "../../support/home-assistant/paper-device";
import { PLATFORM_EXAMPLES } from "../../support/home-assistant/platform-examples";
import { wireValue } from "../../support/home-assistant/wire";
import { KINDS } from "../../support/kinds";
import { Broker, MqttClient, mqttNodes, needsMosquitto } from "../../support/mosquitto";
import { mqttSheet } from "../../support/mqtt-sheet";
import { PATIENCE_MS } from "../../support/patience";
import { LOCAL_KEY, startDevice } from "../../support/virtual";

const VERSIONS: readonly ProtocolVersion[] = ["3.3", "3.4", "3.5"];

/** A device of the house: its table, and what stands behind it. */
interface Product {
  readonly what: string;
  readonly version: ProtocolVersion;
  readonly datapoints: readonly object[];
  readonly dps: Dps;
  readonly schema: Schema;
}

/** Each takes what its table says: another word, or more than its limits, no table would tell Home Assistant of. */
const PRODUCTS: readonly Product[] = [
  ...KINDS.map(({ what, version, datapoints, dps }) => {
    const firmware = firmwareOf(parseDataPoints(datapoints).dataPoints);
    return { what, version, datapoints, dps: { ...firmware.dps, ...dps }, schema: firmware.schema };
  }),
  ...PLATFORM_EXAMPLES.map(({ what, entries }, index) => ({
    what,
    version: VERSIONS[index % VERSIONS.length] ?? "3.3",
    datapoints: entries,
    ...firmwareOf(parseDataPoints(entries).dataPoints),
  })),
];

/** A product with its virtual device, under the id in its unique ids. */
interface Member {
  readonly virtual: VirtualDevice;
  readonly dataPoints: DataPointMap;
  readonly entities: readonly Announced[];
}

describe("a house of every kind, in Home Assistant", function () {
  needsMosquitto(this);
  const red = new NodeRed(undefined, {}, [require(mqttNodes()) as NodeInitializer]);
  let broker: Broker;
  let client: MqttClient | undefined;
  before(async () => {
    broker = await Broker.create();
  });
  beforeEach(() => broker.start());
  afterEach(async () => {
    await client?.end();
    await broker.stop();
  });
  after(() => broker?.remove());

  for (const discovery of ["device", "single"] as const) {
    it(`shows everything and can do everything, announced ${discovery === "device" ? "by device" : "by entity"}`, async () => {
      const virtuals = await Promise.all(
        PRODUCTS.map(({ version, dps, schema }, index) =>
          startDevice(version, { id: `vdevhouse${discovery}${100 + index}`, dps, schema }),
        ),
      );
      const devices = PRODUCTS.map(({ what, datapoints }, index) =>
        device(`d${index}`, virtuals[index], { name: what, datapoints }),
      );
      const sheet = mqttSheet({
        port: broker.port,
        devices,
        base: `house/${discovery}`,
        input: { discovery },
      });
      await red.load(sheet, undefined, { mqttReconnectTime: 100 });
      const ha = new HomeAssistant();
      client = await MqttClient.connect(broker.port, [`house/${discovery}/#`, "homeassistant/#"]);
      const { arrivals } = client;
      client.hear(({ topic, payload, retain }) => ha.receive(topic, payload, retain));

      const identifiers = virtuals.map(({ id }) => `tuya_${id}`);
      const entitiesOf = (identifier: string) =>
        ha.entities.filter((entity) => (entity.device["identifiers"] as unknown[]).includes(identifier));
      for (const identifier of identifiers)
        await until(
          () => entitiesOf(identifier).length > 0,
          () => `${identifier} is not announced`,
        );
      const members = virtuals.map((virtual, index): Member => {
        const { dataPoints } = parseDataPoints(PRODUCTS[index]?.datapoints);
        return {
          virtual,
          dataPoints: new DataPointMap(dataPoints),
          entities: entitiesOf(`tuya_${virtual.id}`),
        };
      });
      await Promise.all(members.map((member) => pressAll(member, ha, client ?? assert.fail())));

      assert.deepEqual(red.messages("caught").all, []);
      assert.deepEqual(
        arrivals.all.filter(({ topic }) => topic.endsWith("/error")),
        [],
      );
      assert.ok(!JSON.stringify(arrivals.all).includes(JSON.stringify(LOCAL_KEY).slice(1, -1)));
    });
  }

  it("keeps entities when a device is told in another way, renamed or changed, and loses those that are gone", async () => {
    const virtual = await startDevice("3.4", {
      id: "vdevgateway000000001",
      dps: { "1": true, "9": 0 },
      subDevices: { a1: { dps: { "1": false } }, a2: { dps: { "1": "single_click" } } },
    });
    const switchPoint = { dp: "1", code: "switch_1", type: "Boolean" };
    const countdown = { dp: "9", code: "countdown_1", type: "Integer", unit: "s", min: 0, max: 60 };
    const press = {
      dp: "1",
      code: "switch_mode1",
      type: "Enum",
      values: ["single_click", "double_click"],
      access: "ro",
      event: true,
    };
    const child = (cid: string, datapoints: readonly object[]) => ({
      id: `child-${cid}`,
      type: "tuya-device",
      name: `Child ${cid}`,
      gateway: "hub",
      cid,
      datapoints,
    });
    const sheet = (discovery: string, name: string, datapoints: readonly object[]) =>
      mqttSheet({
        port: broker.port,
        base: "moved",
        input: { discovery },
        devices: [
          device("hub", virtual, { name, datapoints }),
          child("a1", [switchPoint]),
          child("a2", [press]),
        ],
      });
    await red.load(sheet("device", "Hub", [switchPoint, countdown]), undefined, { mqttReconnectTime: 100 });
    const ha = new HomeAssistant();
    client = await MqttClient.connect(broker.port, ["moved/#", "homeassistant/#"]);
    client.hear(({ topic, payload, retain }) => ha.receive(topic, payload, retain));
    const ids = () => ha.entities.map(({ platform, uniqueId }) => `${platform} ${uniqueId}`).sort();
    const children = [
      "event tuya_vdevgateway000000001_a2_1",
      "sensor tuya_vdevgateway000000001_a1_connection",
      "sensor tuya_vdevgateway000000001_a2_connection",
      "switch tuya_vdevgateway000000001_a1_1",
    ];
    const own = ["number tuya_vdevgateway000000001_9", "sensor tuya_vdevgateway000000001_connection"];
    const all = [...children, ...own, "switch tuya_vdevgateway000000001_1"].sort();
    await until(
      () => ids().join() === all.join(),
      () => ids().join(),
    );
    const devices = new Map(
      ha.entities.map((entity) => [String((entity.device["identifiers"] as string[])[0]), entity.device]),
    );
    assert.equal(devices.get("tuya_vdevgateway000000001_a1")?.["via_device"], "tuya_vdevgateway000000001");
    assert.ok(devices.has("tuya_vdevgateway000000001"));

    for (const entity of ha.entities)
      await until(
        () => ha.isAvailable(entity),
        () => `${entity.uniqueId} is not available`,
      );
    ha.events.length = 0;
    virtual.set({ "1": "double_click" }, { cid: "a2" });
    virtual.set({ "1": "double_click" }, { cid: "a2" });
    await until(
      () => ha.events.length === 2,
      () => JSON.stringify(ha.events),
    );
    assert.deepEqual(ha.events[1], ["tuya_vdevgateway000000001_a2_1", "double_click"]);

    await red.deploy(sheet("single", "Hub", [switchPoint, countdown]), "nodes");
    const isSingle = () => ha.entities.every(({ topic }) => !topic.includes("/device/"));
    await until(
      () => isSingle() && ids().join() === all.join(),
      () => ids().join(),
    );

    await red.deploy(sheet("device", "Renamed", [{ ...switchPoint, type: "Enum", values: ["a"] }]), "nodes");
    const changed = [...children, "select tuya_vdevgateway000000001_1", own[1] ?? ""].sort();
    await until(
      () => ids().join() === changed.join(),
      () => ids().join(),
    );
    for (const entity of ha.entities)
      await until(
        () => ha.isAvailable(entity),
        () => `${entity.uniqueId} is not available`,
      );

    await red.deploy(sheet("", "Renamed", []), "nodes");
    await until(
      () => ids().length === 0,
      () => ids().join(),
    );
  });

  async function pressAll(
    { virtual, dataPoints, entities }: Member,
    ha: HomeAssistant,
    by: MqttClient,
  ): Promise<void> {
    for (const entity of entities) {
      await until(
        () => ha.isAvailable(entity),
        () => `${entity.uniqueId} is not available`,
      );
      for (const press of ha.presses(entity)) {
        const wire = wireValue(entity, press, dataPoints);
        await by.publish(press.topic, press.payload);
        await until(
          () => {
            follow(virtual, dataPoints);
            return ha.shows(entity, press.expected) && (!wire || virtual.values()[wire[0]] === wire[1]);
          },
          () =>
            `${press.what} (${press.topic} ${press.payload}): ${JSON.stringify([ha.shown(entity), virtual.values()])}`,
        );
      }
      ha.shown(entity);
    }
  }

  /** A cover arrives where it was told to go. */
  function follow(virtual: VirtualDevice, dataPoints: DataPointMap): void {
    for (const { dp, code } of dataPoints.dataPoints) {
      if (!code.startsWith("percent_control")) continue;
      const reached = dataPoints.numberOf(code.replace("percent_control", "percent_state"));
      const value = virtual.values()[dp];
      if (reached !== undefined && value !== undefined && virtual.values()[reached] !== value)
        virtual.set({ [reached]: value });
    }
  }
});

/** Resolves when the condition holds; fails with what was missing when it does not come. */
async function until(holds: () => boolean, missing: () => string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > deadline) assert.fail(missing());
    await sleep(10);
  }
}
