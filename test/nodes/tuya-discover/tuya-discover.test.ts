import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { TuyaError } from "../../../src/errors";
import {
  type CaughtMessage,
  device,
  discover,
  type FlowNode,
  NodeRed,
  probe,
  tab,
  watcher,
} from "../../support/flow";
import { discoveryOn, freeUdpPort } from "../../support/editor-discovery";
import { FakeRegistry } from "../../support/fake-device";
import { assertSince } from "../../support/moments";
import { announcement, openUdp, sendUdp } from "../../support/udp";
import { startDevice } from "../../support/virtual";
import type { ListedDevice } from "../../../nodes/contract/devices";

interface DeviceMessage extends NodeMessage {
  readonly payload: ListedDevice;
  readonly tuya: { readonly event: string };
}

interface ListMessage extends NodeMessage {
  readonly payload: readonly ListedDevice[];
  readonly tuya: { readonly count: number; readonly hint?: string };
}

function flow(more: object, ...others: readonly FlowNode[]): FlowNode[] {
  return [
    tab("t"),
    discover("find", "t", { wires: [["got"]], ...more }),
    probe("got", "t"),
    watcher("catch", "catch", "t", "caught"),
    probe("caught", "t"),
    watcher("complete", "complete", "t", "done", { scope: ["find"] }),
    probe("done", "t"),
    ...others,
  ];
}

describe("tuya-discover", () => {
  const registry = new FakeRegistry();
  const red = new NodeRed(registry.acquire);
  let port = 0;

  async function load(more: object, ...others: readonly FlowNode[]): Promise<void> {
    port = await freeUdpPort();
    await red.load(flow(more, ...others), undefined, discoveryOn(port));
  }

  async function announce(id: string, more: object = {}): Promise<void> {
    await sendUdp(await openUdp(), announcement(id, more), port);
  }

  /** Announces a device over and over, as devices do. Returns what stops it. */
  async function keepAnnouncing(id: string, more: object = {}): Promise<() => void> {
    const socket = await openUdp();
    const timer = setInterval(() => void sendUdp(socket, announcement(id, more), port), 20);
    await sendUdp(socket, announcement(id, more), port);
    return () => clearInterval(timer);
  }

  const devices = () => red.messages<DeviceMessage>("got");
  const lists = () => red.messages<ListMessage>("got");

  describe("for some seconds", () => {
    it("sends a message for each device, with what the triggering message carries", async () => {
      const began = Date.now();
      await load({ seconds: "0.3", output: "each" });
      const stops = [await keepAnnouncing("a", { version: "3.4" }), await keepAnnouncing("b")];
      const sent = { topic: "mine", payload: "start", extra: { deep: [1] } };
      red.send("find", sent);
      const first = await devices().next();
      const second = await devices().next();
      const { firstSeen, lastSeen, ...rest } = first.payload;
      const listed = {
        id: "a",
        ip: "127.0.0.1",
        version: "3.4",
        productKey: "vproduct",
        encrypted: true,
        gateway: false,
        configured: false,
        port: 6668,
      };
      const byId = first.payload.id === "a" ? rest : { ...rest, ...listed };
      assert.deepEqual(byId, listed);
      assertSince(began, firstSeen);
      assertSince(firstSeen, lastSeen);
      assert.deepEqual([first.payload.id, second.payload.id].sort(), ["a", "b"]);
      for (const { topic, tuya, ...message } of [first, second]) {
        assert.deepEqual([topic, tuya, message["extra"]], ["mine", { event: "found" }, { deep: [1] }]);
      }
      assert.notEqual(first["extra"], second["extra"], "every message has its own");
      await red.messages("done").next();
      stops.forEach((stop) => stop());
      assert.deepEqual(devices().rest(), [], "a device is told once");
    });

    it("sends the list at the end, in the message that asked for it", async () => {
      await load({ seconds: 0.3, output: "list" });
      const stops = [await keepAnnouncing("a"), await keepAnnouncing("b")];
      red.send("find", { topic: "mine", payload: "start", extra: 1 });
      const { payload, tuya, topic, extra } = await lists().next();
      assert.deepEqual(payload.map(({ id }) => id).sort(), ["a", "b"]);
      assert.deepEqual([tuya, topic, extra], [{ count: 2 }, "mine", 1]);
      await red.messages("done").next();
      stops.forEach((stop) => stop());
      const { fill, text } = red.statuses("find").all.at(-1) ?? {};
      assert.deepEqual([fill, text], ["green", "tuya-discover.status.found: 2"]);
    });

    it("looks for ten seconds where nothing is set, and not longer than a message is waited for", async () => {
      await load({ seconds: "" });
      red.send("find", { payload: 1 });
      await red.statuses("find").find(({ text }) => text === "tuya-discover.status.listening");
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.deepEqual(red.messages("done").all, []);
    });

    it("says so when nothing was heard", async () => {
      await load({ seconds: 0.05, output: "list" });
      red.send("find", { payload: 1 });
      const { payload, tuya } = await lists().next();
      assert.deepEqual([payload, tuya.count], [[], 0]);
      const { fill, shape, text } = red.statuses("find").all.at(-1) ?? {};
      assert.deepEqual([fill, shape, text], ["yellow", "ring", "tuya-discover.status.nothing"]);
    });

    it("ends a scan that runs when another message comes: both get what there is", async () => {
      await load({ seconds: 60, output: "list" });
      red.send("find", { payload: 1, number: 1 });
      await red.statuses("find").next();
      const stop = await keepAnnouncing("a");
      await red.statuses("find").find(({ text }) => text === "tuya-discover.status.listening: 1");
      red.send("find", { payload: 2, number: 2 });
      const first = await lists().next();
      assert.deepEqual([first["number"], first.payload.map(({ id }) => id)], [1, ["a"]]);
      red.send("find", { payload: 3, number: 3 });
      const second = await lists().next();
      assert.deepEqual([second["number"], second.tuya.count], [2, 1]);
      stop();
    });

    it("completes every message of a rapid row", async () => {
      await load({ seconds: 0.05, output: "list" });
      for (let number = 1; number <= 20; number++) red.send("find", { payload: 0, number });
      for (let number = 1; number <= 20; number++) {
        assert.equal((await red.messages("done").next())["number"], number);
      }
      assert.equal(lists().all.length, 20);
    });

    it("tells that a device changed, and that it fell silent", async () => {
      await load({ seconds: 3, output: "each" });
      red.send("find", {});
      await red.statuses("find").next();
      await announce("a");
      await announce("a", { ip: "127.0.0.9" });
      const told = [await devices().next(), await devices().next(), await devices().next()];
      assert.deepEqual(
        told.map(({ payload, tuya }) => [tuya.event, payload.ip]),
        [
          ["found", "127.0.0.1"],
          ["changed", "127.0.0.9"],
          ["lost", "127.0.0.9"],
        ],
      );
    });

    it("fails a scan with CLOSED when the flow is redeployed, and hears nothing any more", async () => {
      await load({ seconds: 60, output: "list" });
      red.send("find", { payload: 1 });
      await red.statuses("find").next();
      const node = red.node("find");
      const errors: unknown[] = [];
      node.error = (error: unknown) => void errors.push(error);
      await red.deploy([tab("t")], "full");
      assert.ok(errors.some((error) => error instanceof TuyaError && error.code === "CLOSED"));
      // The port is free again.
      const socket = await openUdp("127.0.0.1", { port });
      assert.equal(socket.address().port, port);
      assert.deepEqual(lists().all, []);
    });
  });

  describe("knows what is configured", () => {
    const LAMP = device("lamp", undefined, { name: "Lamp", deviceId: "a", port: "7001" });
    const GATEWAY = device("gw", undefined, { name: "Gateway", deviceId: "b" });
    const CHILD = device("child", undefined, { deviceId: "", ip: "", gateway: "gw", cid: "c1" });

    it("by id, name, port, and as a gateway where a sub-device names it", async () => {
      await load({ seconds: 0.5, output: "list" }, LAMP, GATEWAY, CHILD);
      for (const id of ["a", "b", "new"]) await announce(id);
      red.send("find", {});
      for (const id of ["a", "b", "new"]) await announce(id);
      const { payload } = await lists().next();
      assert.deepEqual(
        payload.map(({ id, configured, gateway, name, port: tcp }) => [id, configured, gateway, name, tcp]),
        [
          ["a", true, false, "Lamp", 7001],
          ["b", true, true, "Gateway", 6668],
          ["new", false, false, undefined, 6668],
        ],
      );
    });

    for (const output of ["each", "list"] as const) {
      it(`and leaves it out where only new devices are wanted (${output})`, async () => {
        await load({ seconds: 0.4, output, known: false }, LAMP);
        red.send("find", {});
        for (const id of ["a", "new"]) await announce(id);
        await red.messages("done").next();
        const ids = red
          .messages("got")
          .all.flatMap(({ payload }) => payload as ListedDevice | ListedDevice[]);
        // Where the test takes its time, the device is lost before the scan ends, which is told as well.
        assert.deepEqual([...new Set(ids.map(({ id }) => id))], ["new"]);
      });
    }

    it("until it is deleted", async () => {
      await load({ seconds: 0.4, output: "list" }, LAMP);
      await red.deploy(flow({ seconds: 0.4, output: "list" }), "full");
      red.send("find", {});
      await announce("a");
      const { payload } = await lists().next();
      assert.equal(payload[0]?.configured, false);
    });
  });

  describe("all the time (0 seconds)", () => {
    it("tells each device from the deploy on, and a message at once what is known", async () => {
      await load({ seconds: "0", output: "each" });
      const stop = await keepAnnouncing("a");
      const { topic, payload, tuya } = await devices().next();
      assert.deepEqual([topic, payload.id, tuya], ["a", "a", { event: "found" }]);
      red.send("find", { topic: "mine" });
      const answer = await devices().next();
      assert.deepEqual([answer.topic, answer.payload.id], ["mine", "a"]);
      assert.equal((await red.messages("done").next()).topic, "mine");
      stop();
      assert.equal((await devices().next()).tuya.event, "lost");
      const { fill, shape } = red.statuses("find").all.at(-1) ?? {};
      assert.deepEqual([fill, shape], ["blue", "dot"]);
    });

    it("sends the list when it changes, many changes at once", async () => {
      await load({ seconds: 0, output: "list" });
      const stops = await Promise.all(["a", "b", "c"].map((id) => keepAnnouncing(id)));
      const { payload, tuya } = await lists().next();
      assert.deepEqual(payload.map(({ id }) => id).sort(), ["a", "b", "c"]);
      assert.equal(tuya.count, 3);
      red.send("find", { extra: 1 });
      const answer = await lists().next();
      assert.deepEqual([answer.tuya.count, answer["extra"]], [3, 1]);
      stops.forEach((stop) => stop());
    });

    it("goes on after deploys that do not concern it", async () => {
      await load({ seconds: 0, output: "each" });
      await red.deploy(flow({ seconds: 0, output: "each" }, probe("other", "t")), "nodes");
      const stop = await keepAnnouncing("a");
      await devices().next();
      await new Promise((resolve) => setTimeout(resolve, 60));
      assert.deepEqual(devices().rest(), []);
      stop();
    });
  });

  it("hears what virtual devices of every kind announce", async () => {
    await load({ seconds: 0.5, output: "list" });
    const versions = ["3.1", "3.3", "3.4", "3.5"] as const;
    for (const version of versions) {
      const virtual = await startDevice(version, { id: `vdev ${version}`, host: "127.0.0.4" });
      virtual.startAnnouncing({ port, intervalMs: 20 });
    }
    red.send("find", {});
    const { payload } = await lists().next();
    const described = payload.map(({ id, ip, version }) => `${id} ${ip} ${version}`);
    assert.deepEqual(
      new Set(described),
      new Set(versions.map((version) => `vdev ${version} 127.0.0.4 ${version}`)),
    );
  });

  it("says that discovery is switched off", async () => {
    await red.load(flow({ seconds: 1 }));
    red.send("find", { payload: 1 });
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "NOT_CONFIGURED");
    assert.match(error.message, /switched off in settings\.js/);
    const { fill, text } = red.statuses("find").all.at(-1) ?? {};
    assert.deepEqual([fill, text], ["grey", "tuya-discover.status.off"]);
  });

  it("says once that discovery is switched off where it listens all the time", async () => {
    await red.load(flow({ seconds: 0 }));
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "NOT_CONFIGURED");
    await red.deploy(flow({ seconds: 0 }, probe("other", "t")), "nodes");
    assert.deepEqual(red.messages("caught").rest(), []);
  });

  it("says that all ports are taken", async () => {
    const owner = await openUdp();
    await red.load(flow({ seconds: 1 }), undefined, discoveryOn(owner.address().port));
    red.send("find", { payload: 1 });
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "NOT_FOUND");
    assert.match(error.message, new RegExp(`UDP port ${owner.address().port} `));
    assert.equal(red.statuses("find").all.at(-1)?.text, "tuya-discover.status.failed");
    assert.ok(red.logs().some(({ msg }) => /UDP port \d+ is held by another program/.test(String(msg))));
  });
});

describe("a tuya-device without an address", () => {
  const red = new NodeRed();

  it("is found by its id, and tells where it is", async () => {
    const port = await freeUdpPort();
    const virtual = await startDevice("3.4", { host: "127.0.0.4" });
    const nodes = [
      tab("t"),
      device("device", virtual, { name: "Lamp", ip: "", version: "auto" }),
      { id: "in", type: "tuya-in", z: "t", x: 1, y: 1, device: "device", state: true, wires: [[], ["got"]] },
      probe("got", "t"),
    ];
    await red.load(nodes, undefined, discoveryOn(port));
    const stop = virtual.startAnnouncing({ port, intervalMs: 20 });
    const { tuya } = await red.messages("got").find(({ payload }) => payload === "connected");
    assert.deepEqual(tuya, { deviceId: virtual.id, name: "Lamp", ip: "127.0.0.4", version: "3.4" });
    stop();
  });

  it("is found elsewhere than configured, which is told in the message and once in the log", async () => {
    const port = await freeUdpPort();
    const virtual = await startDevice("3.4", { host: "127.0.0.4" });
    const nodes = [
      tab("t"),
      device("device", virtual, { name: "Lamp", ip: "127.0.0.5" }),
      { id: "in", type: "tuya-in", z: "t", x: 1, y: 1, device: "device", state: true, wires: [[], ["got"]] },
      probe("got", "t"),
    ];
    await red.load(nodes, undefined, discoveryOn(port));
    const stop = virtual.startAnnouncing({ port, intervalMs: 20 });
    for (let i = 0; i < 2; i++) {
      const { tuya } = await red.messages("got").find(({ payload }) => payload === "connected");
      const { ip, reason } = tuya as { ip: string; reason: string };
      assert.deepEqual([ip, reason], ["127.0.0.4", "ip-changed"]);
      if (i === 0) await virtual.reboot(10);
    }
    stop();
    const told = red.logs().filter(({ msg }) => /Lamp was found at 127\.0\.0\.4/.test(String(msg)));
    assert.equal(told.length, 1);
    assert.match(String(told[0]?.msg), /its address is set to 127\.0\.0\.5/);
  });

  it("is told to be without an address where discovery is switched off", async () => {
    const virtual = await startDevice("3.4");
    await red.load([
      tab("t"),
      device("device", virtual, { name: "Lamp", ip: "" }),
      { id: "in", type: "tuya-in", z: "t", x: 1, y: 1, device: "device", wires: [[]] },
      watcher("catch", "catch", "t", "caught"),
      probe("caught", "t"),
    ]);
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "NOT_CONFIGURED");
    assert.match(error.message, /Lamp has no address, and discovery is switched off/);
  });
});
