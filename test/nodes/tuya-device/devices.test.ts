import assert from "node:assert/strict";
import { overviewRows } from "../../../nodes/admin/overview/overview-rows";
import { PROTOCOL_VERSIONS } from "../../../src/protocol/version";
import {
  type CaughtMessage,
  device,
  type FlowNode,
  input,
  LOG,
  NodeRed,
  output,
  probe,
  tab,
  watcher,
} from "../../support/flow";
import { LOCAL_KEY, startDevice } from "../../support/virtual";

const OTHER_KEY = "0123456789abcdef";

/** A device with one user, and a Catch node. */
function caughtFlow(deviceNode: FlowNode): FlowNode[] {
  return [
    tab("t"),
    deviceNode,
    input("in", "t"),
    watcher("catch", "catch", "t", "caught"),
    probe("caught", "t"),
  ];
}

describe("tuya-device with a device", () => {
  const red = new NodeRed();

  for (const version of PROTOCOL_VERSIONS.filter((name) => name > "3.2")) {
    it(`${version}: proves that the key is wrong, and tells a Catch node once`, async () => {
      const virtual = await startDevice(version, { localKey: OTHER_KEY });
      const flow = caughtFlow(device("device", virtual, { name: "Lamp" }));
      await red.load(flow);
      const caught = await red.messages<CaughtMessage>("caught").next();
      assert.ok(["WRONG_KEY", "KEY_OR_VERSION"].includes(caught.error.code ?? ""), caught.error.code);
      assert.match(caught.error.message, /^[^:]*Lamp/);
      assert.equal(caught.error.source.id, "device");
      assert.deepEqual(caught["tuya"], { deviceId: virtual.id, name: "Lamp" });
      const key = /\.(wrongKey|keyOrVersion)$/;
      const { fill, shape } = await red.statuses("in").find(({ text = "" }) => key.test(text));
      assert.equal(`${fill} ${shape}`, "red dot");
      assert.ok(red.statuses("in").all.every((status) => status.fill !== "green"));
    });
  }

  it("shows a device that refuses to be read, and warns of it once, until values come", async () => {
    const virtual = await startDevice("3.3", { faults: { refuseQuery: true } });
    await red.load(caughtFlow(device("device", virtual, { name: "Lamp" })));
    const { fill, shape } = await red.statuses("in").find(({ text }) => text === "tuya-in.status.unreadable");
    assert.equal(`${fill} ${shape}`, "yellow dot");
    const [row] = overviewRows(new Set(["device"]));
    assert.equal(row?.state, "ready");
    const warnings = red.logged("device", LOG.warn);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^Lamp is connected, but cannot be read.*mark it as device22/);
    assert.equal(row.error?.message, warnings[0]);
    virtual.set({ "2": 3 });
    await red.statuses("in").find(({ text }) => text === "tuya-in.status.connected");
    assert.equal(overviewRows(new Set(["device"]))[0]?.error, undefined);
    assert.equal(red.messages("caught").all.length, 0);
  });

  it("tells an outage once, and its end", async () => {
    const virtual = await startDevice("3.4");
    await red.load(caughtFlow(device("device", virtual, { name: "Lamp" })));
    await red.statuses("in").find(({ fill }) => fill === "green");
    await virtual.close();
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "UNREACHABLE");
    // Several attempts fail meanwhile, 20 ms apart.
    await new Promise((resolve) => setTimeout(resolve, 120));
    assert.deepEqual(red.messages("caught").rest(), []);
    await virtual.listen();
    await red.statuses("in").find(({ fill }) => fill === "green");
    const told = red
      .logged("device", LOG.info)
      .filter((text) => /^Lamp is connected, after .* ms without\.$/.test(text));
    assert.equal(told.length, 1, red.logged("device", LOG.info).join());
  });

  it("takes its key from an environment variable", async () => {
    process.env["TUYA_TEST_KEY"] = LOCAL_KEY;
    try {
      const virtual = await startDevice("3.5");
      await red.load(caughtFlow(device("device", virtual)), { device: { localKey: "${TUYA_TEST_KEY}" } });
      await red.statuses("in").find(({ fill }) => fill === "green");
    } finally {
      delete process.env["TUYA_TEST_KEY"];
    }
  });

  it("finds the version by itself", async () => {
    const virtual = await startDevice("3.5");
    await red.load(caughtFlow(device("device", virtual, { version: "auto" })));
    await red.statuses("in").find(({ fill }) => fill === "green");
    assert.deepEqual(red.messages("caught").all, []);
  });

  it("connects for its users only, and for as many as there are", async () => {
    const virtual = await startDevice("3.4");
    let connects = 0;
    virtual.on("connect", () => connects++);
    await red.load([tab("t"), device("device", virtual)]);
    await red.deploy([tab("t"), device("device", virtual), output("out", "t"), input("in", "t")], "nodes");
    await red.statuses("in").find(({ fill }) => fill === "green");
    assert.equal(connects, 1);
  });
});
