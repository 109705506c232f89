import assert from "node:assert/strict";
import { MQTT_TIMINGS, readMqttOptions } from "../../../../nodes/tuya-in/mqtt/options";
import { MqttPublisher } from "../../../../nodes/tuya-in/mqtt/mqtt-publisher";
import type { ContextStore } from "../../../../nodes/runtime/context-store";
import type { DeviceLink } from "../../../../nodes/link/device-link";
import type { KeptTopics } from "../../../../src/mqtt/retained";
import { settled, until } from "../../../support/settled";

const REPORTS = {
  output: "each",
  dps: [],
  when: "change",
  initial: true,
  throttleMs: 0,
  deadband: undefined,
} as const;
const TIMINGS = { ...MQTT_TIMINGS, gatherMs: 1, listMs: 1, pauseMs: 1 };

describe("MqttPublisher", () => {
  let sent: string[] = [];
  let saved: KeptTopics | undefined;
  let answer: ((kept: unknown) => void) | undefined;
  let publisher: MqttPublisher;

  /** `kept`: what stands retained since an earlier run of Node-RED. */
  function create(kept?: unknown): void {
    sent = [];
    const store = {
      load: (use: (kept: unknown) => void) => {
        if (kept === undefined) answer = use;
        else use(kept);
      },
      save: (topics: KeptTopics) => (saved = topics),
    };
    publisher = new MqttPublisher({
      ...readMqttOptions({ discovery: "device" }, REPORTS),
      send: (messages) =>
        sent.push(...messages.map(({ topic, payload }) => `${topic}=${JSON.stringify(payload)}`)),
      store: store as unknown as ContextStore<KeptTopics>,
      timings: TIMINGS,
      version: "1.0.0",
    });
  }
  afterEach(() => publisher.close());

  /** What is emptied when everything is told the next time. */
  async function emptied(tell: () => void): Promise<string[]> {
    sent = [];
    tell();
    await until(() => sent.some((message) => message.startsWith("tuya/bridge/devices=")));
    await settled();
    return sent.filter((message) => message.endsWith('=""')).map((message) => message.replace('=""', ""));
  }

  const GONE = {
    "tuya/Old/switch": ["vdevold0000000000001"],
    "homeassistant/device/tuya_vdevold0000000000001/config": ["vdevold0000000000001", { "1": "switch" }],
  };

  it("empties what was deleted while Node-RED did not run, once where a broker is there", async () => {
    create(GONE);
    publisher.brokerChanged(true);
    assert.deepEqual(await emptied(() => publisher.flowsStarted()), Object.keys(GONE));
    assert.deepEqual(await emptied(() => publisher.tellSoon()), []);
    publisher.close();
    assert.deepEqual(Object.keys(saved ?? {}), ["tuya/bridge/state", "tuya/bridge/devices"]);
  });

  it("does so a few times where no broker shows itself, and again when one does", async () => {
    create(GONE);
    assert.deepEqual(await emptied(() => publisher.flowsStarted()), Object.keys(GONE));
    assert.deepEqual(await emptied(() => publisher.tellSoon()), Object.keys(GONE));
    assert.deepEqual(await emptied(() => publisher.brokerChanged(true)), Object.keys(GONE));
    assert.deepEqual(await emptied(() => publisher.tellSoon()), []);
  });

  it("goes on with it where the broker is known to be away, whoever asks meanwhile", async () => {
    create(GONE);
    publisher.brokerChanged(false);
    assert.deepEqual(await emptied(() => publisher.flowsStarted()), Object.keys(GONE));
    for (let count = 0; count < 5; count++) {
      assert.deepEqual(await emptied(() => publisher.born()), Object.keys(GONE));
    }
    assert.deepEqual(await emptied(() => publisher.brokerChanged(true)), Object.keys(GONE));
    assert.deepEqual(await emptied(() => publisher.tellSoon()), []);
  });

  it("does so, too, where the list of topics is read late", async () => {
    create();
    assert.deepEqual(await emptied(() => publisher.flowsStarted()), []);
    assert.deepEqual(await emptied(() => answer?.(GONE)), Object.keys(GONE));
  });

  it("empties nothing in the middle of a deploy: devices are missing then that will be back", async () => {
    create(GONE);
    publisher.flowsStarted();
    publisher.remove({} as DeviceLink);
    assert.deepEqual(await emptied(() => publisher.brokerChanged(true)), []);
    assert.deepEqual(await emptied(() => publisher.flowsStarted()), Object.keys(GONE));
  });

  it("says nothing before all nodes of the flows exist, nor afterwards", async () => {
    create({});
    publisher.brokerChanged(true);
    publisher.tellSoon();
    await settled();
    assert.deepEqual(sent, []);
    await emptied(() => publisher.flowsStarted());
    const count = sent.length;
    publisher.close();
    publisher.brokerChanged(true);
    await settled();
    assert.equal(sent.length, count);
  });
});
