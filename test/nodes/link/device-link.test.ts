import assert from "node:assert/strict";
import { ChildLink } from "../../../nodes/link/child-link";
import type { DeviceLink } from "../../../nodes/link/device-link";
import { DirectLink } from "../../../nodes/link/direct-link";
import { troubleOf } from "../../../nodes/link/link-state";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import type { DeviceSettings } from "../../../src/device/types";
import { TuyaError } from "../../../src/errors";
import { type Logger, SILENT } from "../../../src/logger";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";

const ID = "lamp0000000000000001";
const SETTINGS: DeviceSettings = {
  deviceId: ID,
  name: "Lamp",
  localKey: "",
  ip: "192.0.2.7",
  version: "auto",
};
const PROFILE = { name: "Lamp", deviceId: ID, cid: undefined, dataPoints: DataPointMap.EMPTY };

let registry: FakeRegistry;
let warnings: string[];
const logger: Logger = { ...SILENT, warn: (text) => void warnings.push(text) };

beforeEach(() => {
  registry = new FakeRegistry();
  warnings = [];
});

function direct(name = "Lamp"): DirectLink {
  return new DirectLink({ ...PROFILE, name }, { ...SETTINGS, name }, registry.acquire, logger);
}

/** States a link enters from now on. */
function statesOf(link: DeviceLink): string[] {
  const states: string[] = [];
  link.on("state", ({ kind }) => states.push(kind));
  return states;
}

describe("DirectLink", () => {
  it("acquires and connects its device with its first user, once", () => {
    const link = direct();
    assert.equal(registry.acquired.length, 0);
    link.register({ id: "a" });
    link.register({ id: "b" });
    link.register({ id: "a" });
    assert.deepEqual(registry.acquired, [{ settings: SETTINGS, holder: "Lamp" }]);
    assert.deepEqual(registry.device(ID).calls, [["connect"]]);
  });

  it("follows its device", () => {
    const link = direct();
    const states = statesOf(link);
    const reports: unknown[] = [];
    link.on("report", ({ dps }) => reports.push(dps));
    link.register({ id: "a" });
    registry.device(ID).enter({ kind: "connecting", ip: "192.0.2.7" });
    registry.device(ID).enter(READY);
    registry.device(ID).report({ "1": true });
    assert.deepEqual(states, ["connecting", "ready"]);
    assert.equal(link.state, READY);
    assert.deepEqual(reports, [{ "1": true }]);
  });

  it("keeps its device while a deploy replaces its users, and gives it back when none came", async () => {
    const link = direct();
    link.register({ id: "a" });
    registry.device(ID).enter(READY);
    link.deregister("a");
    link.register({ id: "a" });
    link.settle();
    assert.deepEqual(registry.released, []);
    link.deregister("a");
    link.deregister("a");
    assert.equal(link.state.kind, "ready");
    link.settle();
    link.settle();
    assert.deepEqual(registry.released, [ID]);
    assert.equal(link.device, undefined);
    assert.equal(link.state.kind, "idle");
    link.register({ id: "b" });
    assert.equal(registry.acquired.length, 2);
    await link.close();
    assert.deepEqual(registry.released, [ID, ID]);
  });

  it("hears nothing of a device it gave back", () => {
    const link = direct();
    link.register({ id: "a" });
    link.deregister("a");
    link.settle();
    const states = statesOf(link);
    registry.device(ID).enter(READY);
    assert.deepEqual(states, []);
  });

  it("closes when the socket is gone, the one given back before as well", async () => {
    let gone!: () => void;
    registry.closing = new Promise((resolve) => (gone = resolve));
    const link = direct();
    link.register({ id: "a" });
    link.deregister("a");
    link.settle();
    let closed = false;
    const closing = link.close().then(() => (closed = true));
    await new Promise(setImmediate);
    assert.equal(closed, false);
    gone();
    await closing;
  });

  it("is inert once closed", async () => {
    const link = direct();
    link.register({ id: "a" });
    const states = statesOf(link);
    await link.close();
    assert.equal(link.state.kind, "closed");
    link.register({ id: "b" });
    link.settle();
    assert.equal(registry.acquired.length, 1);
    assert.deepEqual(states.at(-1), "closed");
    assert.throws(() => link.requireDevice(), { code: "CLOSED" });
  });

  it("closes although the device cannot be given back", async () => {
    const errors: string[] = [];
    const link = new DirectLink(
      PROFILE,
      SETTINGS,
      (...args) => ({ ...registry.acquire(...args), release: () => Promise.reject(new Error("stuck")) }),
      { ...SILENT, error: (text) => void errors.push(text) },
    );
    link.register({ id: "a" });
    await link.close();
    assert.match(errors.join(), /Lamp could not be closed.*stuck/);
  });

  it("warns once of a twin, and names the settings that do not count", () => {
    registry.conflicts = ["ip", "localKey"];
    direct("Ceiling").register({ id: "a" });
    const twin = direct("Lamp");
    twin.register({ id: "b" });
    twin.deregister("b");
    twin.settle();
    twin.register({ id: "b" });
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? "",
      /^Lamp and Ceiling are the same device .*one connection.*differ in address, local key; .*Ceiling count/,
    );
  });

  it("keeps the device for a twin that still uses it", async () => {
    const one = direct("One");
    const other = direct("Other");
    one.register({ id: "a" });
    other.register({ id: "b" });
    await one.close();
    assert.deepEqual(registry.released, []);
    await other.close();
    assert.deepEqual(registry.released, [ID]);
  });

  it("says what is missing in its settings, and never tries", () => {
    const error = new TuyaError("NOT_CONFIGURED", "No key.");
    const link = new DirectLink(PROFILE, error, registry.acquire, logger);
    link.register({ id: "a" });
    assert.deepEqual(link.state, { kind: "notConfigured", error });
    assert.throws(() => link.requireDevice(), error);
    assert.equal(registry.acquired.length, 0);
  });
});

describe("ChildLink", () => {
  const CID = "60a423fffe000001";
  let gateway: DeviceLink;
  let present: DeviceLink | undefined;

  beforeEach(() => {
    gateway = direct("Gateway");
    present = gateway;
  });

  function child(cid = CID): ChildLink {
    return new ChildLink({ ...PROFILE, name: "Sensor", deviceId: cid, cid }, () => present, logger);
  }

  it("uses the gateway's device, and makes its own users the gateway's", () => {
    const link = child();
    const user = { id: "a" };
    link.register(user);
    assert.deepEqual(gateway.users, [user]);
    assert.equal(link.device, registry.device(ID));
    assert.deepEqual(registry.device(ID).calls, [["addChild", CID], ["connect"]]);
    link.deregister("a");
    assert.deepEqual(gateway.users, []);
  });

  it("follows the gateway's device when it is connected already", () => {
    gateway.register({ id: "other" });
    registry.device(ID).enter(READY);
    const link = child();
    link.register({ id: "a" });
    assert.equal(link.state, READY);
    assert.deepEqual(registry.device(ID).callsOf("addChild"), [[CID]]);
  });

  it("hears its own reports only", () => {
    const link = child();
    const heard: unknown[] = [];
    link.on("report", ({ dps }) => heard.push(dps));
    link.register({ id: "a" });
    const fake = registry.device(ID);
    fake.report({ "1": 1 });
    fake.report({ "1": 2 }, { cid: "other" });
    fake.report({ "1": 3 }, { cid: CID });
    assert.deepEqual(heard, [{ "1": 3 }]);
  });

  it("stands where the gateway stands, and says when it is offline itself", () => {
    const link = child();
    const states = statesOf(link);
    link.register({ id: "a" });
    const fake = registry.device(ID);
    fake.enter(waiting("UNREACHABLE"));
    fake.enter(READY);
    fake.reportChildren({ other: false });
    fake.reportChildren({ [CID]: false });
    // The list comes again and again, and says the same.
    fake.reportChildren({ [CID]: false, other: true });
    assert.equal(troubleOf(link.state)?.code, "CHILD_OFFLINE");
    fake.reportChildren({ [CID]: true });
    assert.deepEqual(states, ["gatewayOffline", "ready", "childOffline", "ready"]);
  });

  it("says when the gateway does not have it, in other words than when it does not reach it", () => {
    const link = child();
    const states = statesOf(link);
    link.register({ id: "a" });
    const fake = registry.device(ID);
    fake.enter(READY);
    fake.unknownChildren.add(CID);
    fake.reportChildren({ [CID]: false });
    assert.match(troubleOf(link.state)?.message ?? "", new RegExp(`knows no node id ${CID}`));
    fake.unknownChildren.delete(CID);
    fake.reportChildren({ [CID]: false });
    assert.match(troubleOf(link.state)?.message ?? "", /does not reach it/);
    assert.deepEqual(states, ["ready", "childOffline", "childOffline"]);
  });

  it("may be configured twice: both hear its reports and stand alike", () => {
    const links = [child(), child()];
    const heard: unknown[] = [];
    for (const link of links) {
      link.on("report", ({ dps }) => heard.push(dps));
      link.register({ id: `user of ${links.indexOf(link)}` });
    }
    const fake = registry.device(ID);
    fake.enter(READY);
    fake.report({ "1": 1 }, { cid: CID });
    assert.deepEqual(heard, [{ "1": 1 }, { "1": 1 }]);
    fake.reportChildren({ [CID]: false });
    assert.deepEqual(
      links.map(({ state }) => state.kind),
      ["childOffline", "childOffline"],
    );
    links[0]?.deregister("user of 0");
    links[0]?.settle();
    fake.reportChildren({ [CID]: true });
    assert.equal(links[1]?.state, READY);
  });

  it("stops following when its users are gone, and lets the gateway go", async () => {
    const link = child();
    link.register({ id: "a" });
    link.deregister("a");
    link.settle();
    gateway.settle();
    assert.deepEqual(registry.device(ID).callsOf("removeChild"), [[CID]]);
    assert.deepEqual(registry.released, [ID]);
    await link.close();
    await gateway.close();
  });

  it("keeps the gateway connected as long as it is used, whoever else leaves", () => {
    gateway.register({ id: "own" });
    const link = child();
    link.register({ id: "a" });
    gateway.deregister("own");
    gateway.settle();
    link.settle();
    assert.deepEqual(registry.released, []);
    assert.equal(link.device, registry.device(ID));
  });

  it("moves to another instance of its gateway after a deploy", async () => {
    const link = child();
    link.register({ id: "a" });
    const replacement = direct("Gateway");
    await gateway.close();
    assert.equal(link.state.kind, "gatewayOffline");
    present = replacement;
    link.settle();
    assert.deepEqual(replacement.users, [{ id: "a" }]);
    registry.device(ID).enter(READY);
    assert.equal(link.state, READY);
    assert.equal(link.device, registry.device(ID));
  });

  it("says when its gateway is gone, and when it comes back", () => {
    present = undefined;
    const link = child();
    link.register({ id: "a" });
    assert.match(troubleOf(link.state)?.message ?? "", /The gateway of Sensor was deleted or is disabled/);
    assert.throws(() => link.requireDevice(), { code: "NOT_CONFIGURED" });
    present = gateway;
    link.settle();
    assert.deepEqual(registry.device(ID).callsOf("addChild"), [[CID]]);
  });

  it("refuses a gateway that is a sub-device itself", () => {
    const between = child("b0");
    const link = new ChildLink({ ...PROFILE, name: "Sensor", cid: "c0" }, () => between, logger);
    link.register({ id: "a" });
    assert.match(
      troubleOf(link.state)?.message ?? "",
      /^The gateway of Sensor is a sub-device itself\. Instead of Sensor/,
    );
    assert.deepEqual(between.users, []);
  });

  it("is inert once closed, and no user of the gateway any more", async () => {
    const link = child();
    link.register({ id: "a" });
    await link.close();
    link.register({ id: "b" });
    assert.deepEqual(gateway.users, []);
    assert.throws(() => link.requireDevice(), { code: "CLOSED" });
  });
});
