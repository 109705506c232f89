import assert from "node:assert/strict";
import { once } from "node:events";
import type { NodeAPI } from "node-red";
import { registerLearnRoute } from "../../../../nodes/admin/learn/learn-route";
import { acquireDevice } from "../../../../src/device/registry";
import { Command } from "../../../../src/protocol/command";
import type { VirtualDevice } from "../../../../src/virtual/virtual-device";
import { device, input, NodeRed, output, tab } from "../../../support/flow";
import { Learning } from "../../../support/learning";
import { LOCAL_KEY, startDevice } from "../../../support/virtual";

const CID = "00a1";

/** What the form of a device that is only typed so far says. */
const typed = (virtual: VirtualDevice, more: object = {}) => ({
  id: "new",
  name: "Plug",
  deviceId: virtual.id,
  ip: virtual.host,
  port: String(virtual.port),
  version: "auto",
  localKey: LOCAL_KEY,
  ...more,
});

/** What the form of a deployed device says. */
const deployed = (virtual: VirtualDevice) => typed(virtual, { id: "d", localKey: undefined });

describe("registerLearnRoute", () => {
  it("asks for a permission", () => {
    const guarded: string[] = [];
    const note = (method: string) => (url: string, permission: string) =>
      void guarded.push(`${method} ${url} ${permission}`);
    const RED = {
      httpAdmin: { post: note("POST") },
      auth: { needsPermission: (permission: string) => permission },
    };
    registerLearnRoute(RED as unknown as NodeAPI, { acquire: acquireDevice, share: () => undefined });
    assert.deepEqual(guarded, ["POST /tuya/learn tuya.write"]);
  });
});

describe("POST tuya/learn", () => {
  const red = new NodeRed();
  const running = new Set<Learning>();
  const learn = async (body: object): Promise<Learning> => {
    const learning = await Learning.start(red, body);
    running.add(learning);
    return learning;
  };
  afterEach(async () => {
    await Promise.all([...running].map((learning) => learning.stop()));
    running.clear();
  });
  for (const version of ["3.1", "3.3", "3.4", "3.5"] as const) {
    it(`tells what a ${version} device that is only typed so far reports, and hangs up with the browser`, async () => {
      const virtual = await startDevice(version);
      await red.load([tab("t")]);
      const learning = await learn(typed(virtual));
      await learning.state("listening");
      const first = await learning.values("1");
      assert.deepEqual([first.dps, first.pushed], [{ "1": false, "2": 0, "3": "low" }, false]);
      virtual.set({ "1": true });
      const pressed = await learning.values("1");
      assert.deepEqual([pressed.dps, pressed.pushed, pressed.asked], [{ "1": true }, true, false]);
      virtual.set({ "101": "new" });
      assert.deepEqual((await learning.values("101")).dps, { "101": "new" });
      await learning.pings.next();
      assert.equal(virtual.clients, 1);
      const hungUp = once(virtual, "disconnect");
      await learning.stop();
      await hungUp;
      assert.ok(!learning.text.includes("N0z/"));
    });
  }

  it("uses the connection of the flows, whatever stands in the form, and leaves it as it was", async () => {
    const virtual = await startDevice("3.4");
    const connected = once(virtual, "negotiate");
    await red.load([tab("t"), device("d", virtual), input("i", "t", { device: "d" })]);
    await connected;
    let connects = 0;
    virtual.on("connect", () => connects++);
    const learning = await learn({ ...deployed(virtual), ip: "127.0.0.9", port: "1", localKey: "wrong" });
    await learning.state("listening");
    await learning.values("3");
    virtual.set({ "2": 7 });
    assert.deepEqual((await learning.values("2")).dps, { "2": 7 });
    await learning.stop();
    assert.deepEqual([connects, virtual.clients], [0, 1]);
    const answered = once(virtual, "report");
    virtual.set({ "2": 8 });
    await answered;
  });

  it("goes over to the connection of the flows once they have one, and back to its own", async () => {
    const virtual = await startDevice("3.4");
    const flow = [tab("t"), device("d", virtual), input("i", "t", { device: "d" })];
    await red.load([tab("t")]);
    const learning = await learn(typed(virtual, { id: "d" }));
    await learning.state("listening");
    await learning.values("2");
    const credentials = { credentials: { localKey: LOCAL_KEY } };
    await red.deploy([tab("t"), device("d", virtual, credentials), ...flow.slice(2)], "full");
    learning.pings.rest();
    await learning.pings.next();
    await learning.pings.next();
    virtual.set({ "2": 1 });
    await learning.lines.find((line) => "dps" in line && line.dps["2"] === 1);
    assert.equal(virtual.clients, 1);
    await red.deploy([tab("t")], "full");
    await learning.state("connecting");
    await learning.state("listening");
    virtual.set({ "2": 2 });
    await learning.lines.find((line) => "dps" in line && line.dps["2"] === 2);
    assert.equal(virtual.clients, 1);
  });

  it("keeps to the settings that were deployed, not to an address in the form nobody has looked at", async () => {
    const virtual = await startDevice("3.4");
    const connected = once(virtual, "negotiate");
    await red.load([tab("t"), device("d", virtual), input("i", "t", { device: "d" })]);
    await connected;
    const learning = await learn({ ...deployed(virtual), ip: "192.0.2.7" });
    await learning.state("listening");
    await red.deploy([tab("t")], "full");
    const { ip } = (await learning.state("connecting")) as { readonly ip?: string };
    assert.equal(ip, virtual.host);
    await learning.state("listening");
  });

  it("says so where a flow has disconnected the device, and does not connect it", async () => {
    const virtual = await startDevice("3.4");
    const connected = once(virtual, "negotiate");
    await red.load([tab("t"), device("d", virtual), output("o", "t", { device: "d" })]);
    await connected;
    const hungUp = once(virtual, "disconnect");
    red.send("o", { operation: "disconnect" } as never);
    await hungUp;
    const learning = await learn(deployed(virtual));
    const { says: sentence } = (await learning.state("trouble")) as { readonly says?: string };
    assert.match(sentence ?? "", /A flow has disconnected/);
    assert.equal(virtual.clients, 0);
    red.send("o", { operation: "connect" } as never);
    await learning.state("listening");
  });

  it("says why a device cannot be reached, once, and goes on when it can", async () => {
    const virtual = await startDevice("3.4");
    const { port } = virtual;
    await virtual.close();
    await red.load([tab("t")]);
    const learning = await learn(typed(virtual, { port: String(port) }));
    const trouble = (await learning.state("trouble")) as { readonly says: string; readonly code: string };
    assert.equal(trouble.code, "UNREACHABLE");
    assert.match(trouble.says, /^Plug refuses connections at 127\.0\.0\.1/);
    await learning.pings.next();
    await learning.pings.next();
    assert.deepEqual(learning.lines.rest(), []);
    await virtual.listen();
    await learning.state("listening");
    assert.equal((await learning.values("1")).dps["1"], false);
  });

  it("names a wrong key", async () => {
    const virtual = await startDevice("3.4");
    await red.load([tab("t")]);
    const learning = await learn(typed(virtual, { localKey: "0123456789abcdef" }));
    const trouble = (await learning.state("trouble")) as { readonly code: string };
    assert.equal(trouble.code, "WRONG_KEY");
  });

  it("advises to deploy what was changed where the connection of the flows fails", async () => {
    const virtual = await startDevice("3.4");
    await red.load([tab("t"), device("d", virtual), input("i", "t", { device: "d" })], {
      d: { localKey: "0123456789abcdef" },
    });
    const learning = await learn(typed(virtual, { id: "d" }));
    const { says: sentence } = (await learning.state("trouble")) as { readonly says: string };
    assert.match(sentence, /These are the deployed settings: deploy what you have changed/);
  });

  it("asks a meter to measure, and tells that what follows was asked for", async () => {
    const values = { "1": true, "18": 261, "19": 600, "20": 2301 };
    const virtual = await startDevice("3.3", { dps: values });
    const asked: string[] = [];
    virtual.on("request", ({ command, payload }) => {
      if (command === Command.UPDATEDPS) asked.push(payload.toString());
    });
    await red.load([tab("t")]);
    const learning = await learn(typed(virtual));
    await learning.values("20");
    virtual.measure({ "20": 2310 });
    const measured = await learning.lines.find((line) => "dps" in line && line.dps["20"] === 2310);
    assert.ok("asked" in measured && measured.asked);
    assert.match(asked[0] ?? "", /\[18,19,20\]/);
  });

  it("asks for what the table says is measured, and nothing else for UPDATEDPS", async () => {
    const virtual = await startDevice("3.4", { dps: { "6": "CPwAAGQAAAA=", "16": true } });
    const asked: number[] = [];
    virtual.on("request", ({ command }) => asked.push(command));
    await red.load([tab("t")]);
    const silent = await learn(typed(virtual));
    await silent.values("6");
    for (let ticks = 0; ticks < 3; ticks++) await silent.pings.next();
    await silent.stop();
    assert.ok(!asked.includes(Command.UPDATEDPS));
    const learning = await learn(typed(virtual, { refreshDps: [6, "x", 999, 6] }));
    await learning.values("6");
    for (let ticks = 0; ticks < 3; ticks++) await learning.pings.next();
    assert.ok(asked.includes(Command.UPDATEDPS));
  });

  it("learns from a sub-device over its gateway, and from no other one", async () => {
    const gateway = await startDevice("3.4", {
      subDevices: { [CID]: { dps: { "1": true } }, "00a2": { dps: { "1": false } } },
    });
    await red.load([tab("t"), device("g", gateway)]);
    const child = { id: "new", name: "Door", gateway: "g", cid: CID };
    const learning = await learn(child);
    assert.deepEqual((await learning.values("1")).dps, { "1": true });
    gateway.set({ "1": true, "5": 9 }, { cid: "00a2" });
    gateway.set({ "1": false }, { cid: CID });
    const changed = await learning.values("1");
    assert.deepEqual([changed.dps, changed.pushed], [{ "1": false }, true]);
    gateway.setChildOnline(CID, false);
    const { says: sentence } = (await learning.state("trouble")) as { readonly says: string };
    assert.match(sentence, /The gateway says that Door is offline/);
    assert.ok(!learning.text.includes('"5"'));
    assert.equal((await learn({ gateway: "nobody", cid: CID })).status, 400);
  });

  it("refuses what cannot be right, before anything is sent", async () => {
    const virtual = await startDevice("3.4");
    await red.load([tab("t")]);
    const refusals: [object, RegExp][] = [
      [typed(virtual, { localKey: "short" }), /has 5 characters instead of 16/],
      [typed(virtual, { localKey: "" }), /No local key is entered/],
      [typed(virtual, { deviceId: "" }), /No device id is entered/],
      [typed(virtual, { ip: "192.0.2.7" }), /private, link-local and loopback/],
      // Too long a label for any name server to be asked.
      [typed(virtual, { ip: "x".repeat(64) }), /host name \\"x+\\" is not known/],
      [typed(virtual, { ip: "" }), /discovery is switched off/],
      [[], /no settings/],
    ];
    for (const [body, sentence] of refusals) {
      const learning = await learn(body);
      assert.equal(learning.status, 400);
      await learning.ended;
      assert.match(learning.text, sentence);
    }
    assert.equal(virtual.clients, 0);
  });

  it("serves six browsers at a time", async () => {
    const virtual = await startDevice("3.5");
    await red.load([tab("t")]);
    const learnings = await Promise.all(Array.from({ length: 6 }, () => learn(typed(virtual))));
    for (const learning of learnings) await learning.values("1");
    assert.equal(virtual.clients, 1, "all of them share one connection");
    const seventh = await learn(typed(virtual));
    assert.equal(seventh.status, 429);
    await learnings[0]?.stop();
    for (let tries = 0; tries < 50; tries++) {
      const again = await learn(typed(virtual));
      if (again.status === 200) return;
      await again.ended;
    }
    assert.fail("the place that became free is given to nobody");
  });
});

describe("POST tuya/learn, for long", () => {
  const red = new NodeRed(undefined, { maxMs: 300 });

  it("ends by itself", async () => {
    const virtual = await startDevice("3.4");
    await red.load([tab("t")]);
    const hungUp = once(virtual, "disconnect");
    const learning = await Learning.start(red, typed(virtual));
    await learning.ended;
    assert.match(learning.text, /\{"end":"time","says":"Learning ended by itself after 1 minute\."\}\n$/);
    await hungUp;
  });
});
