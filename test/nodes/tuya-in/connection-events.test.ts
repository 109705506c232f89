import assert from "node:assert/strict";
import { ConnectionEvents } from "../../../nodes/tuya-in/connection-events";
import { DirectLink } from "../../../nodes/link/direct-link";
import { childState, type LinkState, NO_DEVICE } from "../../../nodes/link/link-state";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import { SILENT } from "../../../src/logger";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";

const CONNECTING: LinkState = { kind: "connecting", ip: "192.0.2.7" };

function link(): DirectLink {
  const profile = { name: "Lamp", deviceId: "lamp1", cid: undefined, dataPoints: DataPointMap.EMPTY };
  const settings = { deviceId: "lamp1", localKey: "", ip: "lamp.example", version: "auto" } as const;
  const result = new DirectLink(profile, settings, new FakeRegistry().acquire, SILENT);
  result.register({ id: "user" });
  return result;
}

function words(...states: LinkState[]): unknown[] {
  const events = new ConnectionEvents();
  const lamp = link();
  return states.map((state) => events.next(state, lamp)?.payload);
}

describe("ConnectionEvents", () => {
  it("tells a connection from its beginning to its end", () => {
    assert.deepEqual(
      words({ kind: "searching" }, CONNECTING, { kind: "checking", ip: "192.0.2.7", version: "3.4" }, READY, {
        kind: "idle",
      }),
      ["connecting", undefined, undefined, "connected", "disconnected"],
    );
  });

  it("calls a connection that ended disconnected, and one that does not come about an error", () => {
    assert.deepEqual(
      words(
        READY,
        waiting("OFFLINE"),
        waiting("UNREACHABLE"),
        waiting("UNREACHABLE"),
        waiting("TIMEOUT"),
        READY,
      ),
      ["connected", "disconnected", "error", undefined, "error", "connected"],
    );
    assert.deepEqual(words(CONNECTING, waiting("WRONG_KEY")), ["connecting", "error"]);
  });

  it("knows sleep, sub-devices and missing devices", () => {
    assert.deepEqual(words({ kind: "asleep", lastSeen: undefined }, READY, { kind: "asleep", lastSeen: 5 }), [
      "asleep",
      "connected",
      "asleep",
    ]);
    assert.deepEqual(words(childState(READY, "Gateway", "Sensor")), ["disconnected"]);
    assert.deepEqual(words(NO_DEVICE), ["error"]);
  });

  it("says nothing when the key is proven later", () => {
    assert.deepEqual(words({ ...READY, keyProven: false } as LinkState, READY), ["connected", undefined]);
  });

  it("names the device, where it is, and what is wrong", () => {
    const events = new ConnectionEvents();
    const lamp = link();
    const device = { deviceId: "lamp1", name: "Lamp" };
    assert.deepEqual(events.next({ kind: "searching" }, lamp), {
      topic: "Lamp",
      payload: "connecting",
      tuya: { ...device, ip: "lamp.example" },
    });
    const met = { ...device, ip: "lamp.example", version: "3.4" };
    const ready = { ...READY, ip: "lamp.example" } as LinkState;
    assert.deepEqual(events.next(ready, lamp), { topic: "Lamp", payload: "connected", tuya: met });
    assert.deepEqual(events.next(waiting("TIMEOUT", "It is gone."), lamp), {
      topic: "Lamp",
      payload: "disconnected",
      tuya: { ...met, code: "TIMEOUT", message: "It is gone." },
    });
    assert.deepEqual(new ConnectionEvents().next(NO_DEVICE, undefined)?.["tuya"], {
      code: "NOT_CONFIGURED",
      message: NO_DEVICE.error.message,
    });
  });

  it("tells that the device was met elsewhere than it is configured to be, each time it connects", () => {
    const events = new ConnectionEvents();
    const lamp = link();
    const tuya = { deviceId: "lamp1", name: "Lamp", ip: "192.0.2.7", version: "3.4" };
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(events.next(READY, lamp)?.["tuya"], { ...tuya, reason: "ip-changed" });
      assert.deepEqual(events.next({ kind: "idle" }, lamp)?.["tuya"], tuya);
    }
    events.next({ kind: "connecting", ip: "lamp.example" }, lamp);
    const home = { ...READY, ip: "lamp.example" } as LinkState;
    assert.deepEqual(events.next(home, lamp)?.["tuya"], { ...tuya, ip: "lamp.example" });
  });
});
