import assert from "node:assert/strict";
import { type Followed, Following } from "../../src/discovery/following";
import { assertSince } from "../support/moments";
import { announcement, nextEvent, openUdp, portsOf, sendUdp, startDiscovery } from "../support/udp";
import { Inbox } from "../support/inbox";

type Heard = Parameters<Followed["heard"]>[0];

/** A device that only listens. */
class Listener implements Followed {
  readonly settings = { deviceId: "mine" };
  state = { kind: "idle" };
  readonly told = new Inbox<Heard>();
  readonly listeners = new Set<Parameters<Followed["addListener"]>[0]>();

  addListener(listener: Parameters<Followed["addListener"]>[0]): void {
    this.listeners.add(listener);
  }

  removeListener(listener: Parameters<Followed["addListener"]>[0]): void {
    this.listeners.delete(listener);
  }

  heard(announcement: Heard): void {
    this.told.push(announcement);
  }

  enter(kind: string): void {
    this.state = { kind };
    for (const listener of this.listeners) listener.state(this.state);
  }
}

describe("Following", () => {
  it("tells a device what is heard of it, and nothing of others", async () => {
    const began = Date.now();
    const discovery = await startDiscovery();
    const device = new Listener();
    const following = new Following(discovery, device);
    const socket = await openUdp("127.0.0.7");
    const say = async (id: string, more: object): Promise<void> => {
      const heard = nextEvent(discovery, "heard");
      await sendUdp(socket, announcement(id, more), portsOf(discovery)[0]);
      await heard;
    };
    await say("other", { ip: "127.0.0.7" });
    await say("mine", { ip: "127.0.0.7", version: "3.4" });
    await say("mine", { ip: "127.0.0.9", version: "3.4" });
    following.end();
    await say("mine", { ip: "127.0.0.10" });
    const [first, second, ...others] = device.told.all;
    const { time, ...rest } = first as Heard;
    assert.deepEqual(rest, { ip: "127.0.0.7", version: "3.4" });
    assertSince(began, time);
    assert.deepEqual([second?.ip, second?.sender], ["127.0.0.9", "127.0.0.7"]);
    assert.deepEqual(others, []);
    assert.equal(device.listeners.size, 0);
  });

  it("tells at the start what was heard before, and again when the device searches", async () => {
    const discovery = await startDiscovery();
    const found = nextEvent(discovery, "found");
    await sendUdp(await openUdp(), announcement("mine"), portsOf(discovery)[0]);
    await found;
    const device = new Listener();
    const following = new Following(discovery, device);
    assert.equal(device.told.all.length, 1);
    device.enter("searching");
    assert.equal(device.told.all.length, 1, "in the midst of a change of state");
    await Promise.resolve();
    assert.equal(device.told.all.length, 2);
    device.enter("ready");
    device.enter("searching");
    following.end();
    await Promise.resolve();
    assert.equal(device.told.all.length, 2);
  });

  for (const kind of ["searching", "waiting", "asleep"]) {
    it(`has the network asked more often while the device is ${kind}`, async () => {
      const target = await openUdp();
      const requests = new Inbox<number>();
      target.on("message", () => requests.push(1));
      const discovery = await startDiscovery(
        { probe: [`127.0.0.1:${target.address().port}`] },
        { timings: { calmProbeMs: 100_000, eagerProbeMs: 10 } },
      );
      const device = new Listener();
      const following = new Following(discovery, device);
      await requests.next();
      device.enter(kind);
      await requests.next();
      await requests.next();
      device.enter("connecting");
      await new Promise((resolve) => setTimeout(resolve, 150));
      requests.rest();
      device.enter(kind);
      await requests.next();
      following.end();
      await new Promise((resolve) => setTimeout(resolve, 150));
      assert.ok(requests.rest().length <= 20);
      const count = requests.all.length;
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(requests.all.length, count);
    });
  }
});
