import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as library from "../../src/index";
import { keptSettings } from "../../src/device/kept-settings";
import { SILENT } from "../../src/logger";
import { DirectLink } from "../../nodes/link/direct-link";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { connect, settingsFor } from "../support/client";
import { FakeRegistry } from "../support/fake-device";
import { LOCAL_KEY, startDevice } from "../support/virtual";

/** The key as it stands, and as programs write texts and bytes. */
const FORMS = [
  LOCAL_KEY,
  JSON.stringify(LOCAL_KEY).slice(1, -1),
  inspect(LOCAL_KEY).slice(1, -1),
  Buffer.from(LOCAL_KEY).toString("hex"),
  Buffer.from(LOCAL_KEY).toString("base64").slice(0, 20),
  [...Buffer.from(LOCAL_KEY)].join(","),
  [...Buffer.from(LOCAL_KEY)].join(", "),
  inspect(Buffer.from(LOCAL_KEY)).slice(8, -1),
];

/** Everything a careless program would print of a value. */
function printed(value: unknown): string {
  const whole = {
    depth: Infinity,
    showHidden: true,
    maxArrayLength: null,
    maxStringLength: null,
    getters: false,
  };
  const seen = new WeakSet();
  const json = JSON.stringify({ value }, (_name, inner: unknown) => {
    if (typeof inner !== "object" || inner === null) return inner;
    if (seen.has(inner)) return undefined;
    seen.add(inner);
    return inner;
  });
  return [inspect(value), inspect(value, whole), inspect([{ value }]), String(value), `${json}`].join("\n");
}

function assertHidden(value: unknown, what: string): void {
  const text = printed(value);
  for (const form of FORMS) assert.ok(!text.includes(form), `${what} shows the key: ${form}`);
}

describe("settings that are kept", () => {
  const settings = { deviceId: "d", localKey: LOCAL_KEY, ip: "127.0.0.1", version: "3.4" } as const;

  it("show everything but the key, and give it to whoever asks for it", () => {
    const kept = keptSettings(settings);
    assertHidden(kept, "settings");
    assert.equal(kept.localKey, LOCAL_KEY);
    assert.deepEqual(JSON.parse(JSON.stringify({ kept })), { kept: { ...settings, localKey: "[hidden]" } });
    assert.match(inspect({ kept }), /deviceId: 'd'/);
    assert.deepEqual({ ...kept, name: "renamed" }, { ...settings, name: "renamed" });
    assert.equal(keptSettings(kept), kept);
  });

  it("are what a device and a link hand out, however they got them", async () => {
    const virtual = await startDevice("3.4");
    const { device } = await connect(virtual);
    assertHidden(device.settings, "a device's settings");
    device.configure({ ...device.settings, name: "renamed" });
    assert.deepEqual([device.settings.name, device.settings.localKey], ["renamed", LOCAL_KEY]);
    assertHidden(device.settings, "other settings of a device");
    const profile = { name: "Lamp", deviceId: "d", cid: undefined, dataPoints: new DataPointMap([]) };
    const link = new DirectLink(profile, settings, new FakeRegistry().acquire, SILENT);
    assertHidden(link, "a link");
    assertHidden(link.settings, "a link's settings");
  });
});

describe("the objects of the library", () => {
  it("show no key, whatever state they are in", async () => {
    const virtual = await startDevice("3.5");
    const settings = settingsFor(virtual);
    const lease = library.acquireDevice(settings, "somebody", SILENT);
    const device = new library.Device({ ...settings, deviceId: "other", name: "Other" });
    const discovery = new library.Discovery({ bind: "127.0.0.1", ports: [0], probe: [] });
    const error = await device.set({ "1": true }).catch((reason: unknown) => reason);
    const objects: Readonly<Record<string, unknown>> = { lease, device, discovery, error };
    for (const [name, object] of Object.entries(objects)) assertHidden(object, name);
    lease.device.connect();
    device.connect();
    await Promise.all([lease.device.whenReady(5_000), device.whenReady(5_000)]);
    for (const [name, object] of Object.entries(objects)) assertHidden(object, name);
    for await (const line of library.diagnose({ ...settings, ip: "127.0.0.1" })) assertHidden(line, "a line");
    await Promise.all([lease.release(), device.close(), discovery.close()]);
    for (const [name, object] of Object.entries(objects)) assertHidden(object, name);
    assertHidden(virtual, "a virtual device");
    // A class that is exported one day belongs into the list above.
    const classes = Object.entries(library).filter(
      ([, value]) => typeof value === "function" && value.toString().startsWith("class "),
    );
    assert.deepEqual(classes.map(([name]) => name).sort(), ["Device", "Discovery", "TuyaError"]);
  });
});
