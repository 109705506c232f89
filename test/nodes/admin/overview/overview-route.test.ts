import assert from "node:assert/strict";
import type { DeviceStory, OverviewNews, OverviewRow } from "../../../../nodes/contract/overview";
import { device, input, NodeRed, tab } from "../../../support/flow";
import { LOCAL_KEY, startDevice } from "../../../support/virtual";
import { until } from "../../../support/settled";

const TOPIC = "tuya/overview";

describe("GET tuya/overview", () => {
  const red = new NodeRed();

  async function rows(): Promise<ReadonlyMap<string, OverviewRow>> {
    const { body, text } = await red.request().get("/tuya/overview").expect(200);
    assert.ok(!text.includes(JSON.stringify(LOCAL_KEY).slice(1, -1)));
    return new Map((body as OverviewRow[]).map((row) => [row.id, row]));
  }

  async function rowWhen(id: string, isRight: (row: OverviewRow) => boolean): Promise<OverviewRow> {
    let row: OverviewRow | undefined;
    await until(async () => {
      row = (await rows()).get(id);
      return row !== undefined && isRight(row);
    });
    assert.ok(row);
    return row;
  }

  async function storyOf(id: string): Promise<DeviceStory> {
    const { body, text } = await red.request().get(`/tuya/overview/${id}`).expect(200);
    assert.ok(!text.includes(JSON.stringify(LOCAL_KEY).slice(1, -1)));
    return body as DeviceStory;
  }

  it("tells of a device that is connected where, how, since when and for how many nodes", async () => {
    const before = Date.now();
    const virtual = await startDevice("3.4", { dps: { "1": true } });
    await red.load([
      tab("t"),
      device("lamp", virtual, { name: "Lamp" }),
      input("in", "t", { device: "lamp" }),
      input("other", "t", { device: "lamp" }),
    ]);
    const { since, lastSeen = 0, ...row } = await rowWhen("lamp", ({ state }) => state === "ready");
    assert.deepEqual(row, {
      id: "lamp",
      name: "Lamp",
      deviceId: virtual.id,
      state: "ready",
      ip: "127.0.0.1",
      version: "3.4",
      keyProven: true,
      users: 2,
      drops: 0,
    });
    for (const time of [since, lastSeen]) assert.ok(time >= before && time <= Date.now(), String(time));
  });

  it("tells of others why they are not, or that no node uses them", async () => {
    const virtual = await startDevice("3.4", { dps: { "1": true } });
    await red.load(
      [
        tab("t"),
        device("wrong", virtual, { name: "Lamp" }),
        device("unused", virtual, { name: "Spare", deviceId: "vspare00000000000001" }),
        input("in", "t", { device: "wrong" }),
      ],
      { wrong: { localKey: "not-its-key-0001" }, unused: { localKey: LOCAL_KEY } },
    );
    const wrong = await rowWhen("wrong", ({ state, error }) => state === "waiting" && error !== undefined);
    assert.equal(wrong.error?.code, "WRONG_KEY");
    assert.match(wrong.error?.message ?? "", /^Lamp rejects the local key\. .+ enter it\.$/);
    assert.equal(wrong.keyProven, undefined);
    const unused = (await rows()).get("unused");
    assert.equal(unused?.state, "unused");
    assert.equal(unused?.users, 0);
    assert.equal(unused?.error, undefined);
  });

  it("lists sub-devices with their gateway, and counts what uses them for it", async () => {
    const virtual = await startDevice("3.4", { dps: {}, subDevices: { a1: { dps: { "1": 5 } } } });
    await red.load([
      tab("t"),
      device("hub", virtual, { name: "Hub" }),
      { id: "child", type: "tuya-device", name: "Sensor", gateway: "hub", cid: "a1" },
      input("in", "t", { device: "child" }),
    ]);
    const child = await rowWhen(
      "child",
      ({ state, lastSeen }) => state === "ready" && lastSeen !== undefined,
    );
    assert.equal(child.gateway, "hub");
    assert.equal(child.cid, "a1");
    assert.equal(child.users, 1);
    assert.equal((await rows()).get("hub")?.users, 1);
  });

  it("counts connections lost, and keeps what happened over a deploy", async () => {
    const virtual = await startDevice("3.3", { dps: { "1": true } });
    const flow = [tab("t"), device("lamp", virtual, { name: "Lamp" }), input("in", "t", { device: "lamp" })];
    await red.load(flow);
    await rowWhen("lamp", ({ state }) => state === "ready");
    await virtual.close();
    await rowWhen("lamp", ({ drops, error }) => drops === 1 && error?.code === "UNREACHABLE");
    await virtual.listen();
    await rowWhen("lamp", ({ state, error }) => state === "ready" && error === undefined);
    const story = await storyOf("lamp");
    assert.equal(story.connects, 2);
    assert.deepEqual(Object.values(story.drops), [1]);
    assert.ok(story.bytesIn > 50 && story.bytesOut > 50 && (story.roundTripMs ?? -1) >= 0);
    assert.match(story.events[0]?.sentence ?? "", /^Connected at 127\.0\.0\.1, protocol 3\.3/);
    assert.ok(story.events.some(({ sentence }) => /refuses connections/.test(sentence)));

    await red.deploy(flow, "full");
    await rowWhen("lamp", ({ state }) => state === "ready");
    const later = await storyOf("lamp");
    assert.equal(later.connects, 3);
    assert.deepEqual(later.events.slice(0, story.events.length), story.events);
    assert.ok(later.events.some(({ sentence }) => sentence.startsWith("The node was stopped")));
  });

  it("forgets a device that is deleted", async () => {
    const virtual = await startDevice("3.4", { dps: { "1": true } });
    const lamp = device("lamp", virtual, { name: "Lamp" });
    await red.load([tab("t"), lamp, input("in", "t", { device: "lamp" })]);
    await rowWhen("lamp", ({ state }) => state === "ready");
    await red.deploy([tab("t")], "full");
    assert.deepEqual([...(await rows()).keys()], []);
    await red.request().get("/tuya/overview/lamp").expect(404);
    await red.deploy([tab("t"), lamp, input("in", "t", { device: "lamp" })], "full");
    await rowWhen("lamp", ({ state }) => state !== "unused");
    assert.ok(
      !(await storyOf("lamp")).events.some(({ sentence }) => sentence.startsWith("The node was stopped")),
    );
  });

  describe("POST tuya/reconnect", () => {
    it("connects anew, of a sub-device its gateway, and says how many", async () => {
      const virtual = await startDevice("3.4", { dps: {}, subDevices: { a1: { dps: { "1": 5 } } } });
      await red.load([
        tab("t"),
        device("hub", virtual, { name: "Hub" }),
        { id: "child", type: "tuya-device", name: "Sensor", gateway: "hub", cid: "a1" },
        device("unused", virtual, { name: "Spare", deviceId: "vspare00000000000001" }),
        input("in", "t", { device: "child" }),
      ]);
      await rowWhen("child", ({ state }) => state === "ready");
      const { body } = await red
        .request()
        .post("/tuya/reconnect")
        .send({ nodes: ["child", "hub", "unused", "nobody", "__proto__"] })
        .expect(200);
      assert.deepEqual(body, { reconnected: 1 });
      await until(async () => (await storyOf("hub")).connects === 2);
      assert.deepEqual((await storyOf("hub")).drops, {});
    });

    it("refuses what is no list of nodes", async () => {
      await red.load([tab("t")]);
      for (const body of [{}, { nodes: "lamp" }, { nodes: [1] }, { nodes: ["x".repeat(257)] }, []])
        await red.request().post("/tuya/reconnect").send(body).expect(400);
    });
  });

  describe("what is published", () => {
    function watch(session: string, watch = true): void {
      red.events.emit(`comms:message:${TOPIC}`, { session, data: { watch } });
    }

    /** Everything published from now on. */
    function published(): OverviewNews[] {
      const news: OverviewNews[] = [];
      red.events.on("comms", ({ topic, data }: { topic: string; data: OverviewNews }) => {
        if (topic === TOPIC) news.push(structuredClone(data));
      });
      return news;
    }

    it("is nothing while nobody watches", async () => {
      const virtual = await startDevice("3.4", { dps: { "1": true } });
      await red.load([tab("t"), device("lamp", virtual), input("in", "t", { device: "lamp" })]);
      const news = published();
      watch("one");
      watch("one", false);
      watch("two");
      red.events.emit("comms:connection-removed", { session: "two" });
      await rowWhen("lamp", ({ state }) => state === "ready");
      await virtual.close();
      await rowWhen("lamp", ({ error }) => error !== undefined);
      assert.deepEqual(news, []);
    });

    it("is what changes, once, however many watch; without a key", async () => {
      const virtual = await startDevice("3.4", { dps: { "1": true } });
      await red.load([
        tab("t"),
        device("lamp", virtual, { name: "Lamp" }),
        device("other", virtual, { name: "Other", deviceId: "vother00000000000001" }),
        input("in", "t", { device: "lamp" }),
      ]);
      await rowWhen("lamp", ({ state }) => state === "ready");
      const news = published();
      for (const session of ["one", "two", "three"]) watch(session);
      await virtual.close();
      const told = (): OverviewRow[] => news.flatMap(({ rows: some = [] }) => some);
      await until(() => told().some(({ error }) => error?.code === "UNREACHABLE"));
      assert.ok(told().every(({ id }) => id === "lamp"));
      const states = told().map((row) => JSON.stringify({ ...row, lastSeen: 0 }));
      assert.equal(new Set(states).size, states.length, "the same is told twice");
      assert.ok(!JSON.stringify(news).includes(JSON.stringify(LOCAL_KEY).slice(1, -1)));
      for (const session of ["one", "two", "three"]) watch(session, false);
    });

    it("tells of deploys what is new and what is gone, and of the living that they are", async () => {
      const virtual = await startDevice("3.4", { dps: { "1": true } });
      const lamp = device("lamp", virtual, { name: "Lamp" });
      await red.load([tab("t"), lamp, input("in", "t", { device: "lamp" })]);
      await rowWhen("lamp", ({ state }) => state === "ready");
      const news = published();
      watch("one");
      virtual.set({ "1": false });
      await until(() => news.some(({ seen }) => (seen?.["lamp"] ?? 0) > 0));
      const other = device("other", virtual, { name: "Other", deviceId: "vother00000000000001" });
      await red.deploy([tab("t"), other], "nodes");
      await until(
        () =>
          news.some(({ removed }) => removed?.includes("lamp")) &&
          news.some(({ rows: some }) => some?.some(({ id, state }) => id === "other" && state === "unused")),
      );
      watch("one", false);
    });

    it("comes in parts of bounded size", async () => {
      await red.load([tab("t")]);
      const news = published();
      watch("one");
      const many = Array.from({ length: 120 }, (_none, index) => ({
        id: `lamp${index}`,
        type: "tuya-device",
        name: `Lamp ${index}`,
        deviceId: `vlamp${index}`,
      }));
      await red.deploy([tab("t"), ...many], "full");
      await until(() => news.flatMap(({ rows: some = [] }) => some).length === 120);
      assert.ok(news.every(({ rows: some = [] }) => some.length <= 50));
      watch("one", false);
    });
  });
});
