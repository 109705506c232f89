import assert from "node:assert/strict";
import { isContainer, networkHealth } from "../../../src/diagnosis/address/network-health";
import { announcement, nextEvent, openUdp, portsOf, sendUdp, startDiscovery } from "../../support/udp";

describe("networkHealth", () => {
  it("says that discovery is switched off", () => {
    const { enabled, says, hint, ports, since } = networkHealth(undefined);
    assert.deepEqual([enabled, ports, since], [false, [], null]);
    assert.match(says, /switched off in settings\.js/);
    assert.match(hint ?? "", /tuyaDeviceDiscovery/);
  });

  it("is patient at first, then tells a container from another network", async () => {
    const discovery = await startDiscovery();
    const now = Date.now();
    const fresh = networkHealth(discovery, { now });
    assert.match(fresh.says, /Nothing was heard yet/);
    assert.equal(fresh.hint, null);
    const later = { now: now + 25_000 };
    const inContainer = networkHealth(discovery, { ...later, container: true });
    assert.match(inContainer.says, /^No device announced itself in 2[45] s\.$/);
    assert.match(inContainer.hint ?? "", /container/);
    assert.equal(inContainer.container, true);
    assert.match(networkHealth(discovery, { ...later, container: false }).hint ?? "", /VLAN.*firewall/);
  });

  it("counts what is heard", async () => {
    const discovery = await startDiscovery();
    const socket = await openUdp();
    for (const id of ["a", "b"]) {
      const found = nextEvent(discovery, "found");
      await sendUdp(socket, announcement(id), portsOf(discovery)[0]);
      await found;
    }
    await sendUdp(socket, Buffer.from("noise"), portsOf(discovery)[0]);
    const { lastHeard = 0 } = discovery.health();
    const health = networkHealth(discovery, { now: lastHeard + 3_000 });
    assert.equal(health.says, "2 devices heard, the last announcement 3 s ago.");
    assert.deepEqual([health.hint, health.devices, health.announcements], [null, 2, 2]);
    assert.deepEqual(health.ports, [{ port: portsOf(discovery)[0], state: "open" }]);
    assert.equal(health.lastHeard, lastHeard);
  });

  it("names the ports that others hold", async () => {
    const owner = await openUdp();
    const taken = owner.address().port;
    const some = await startDiscovery({ ports: [0, taken] });
    const { hint, ports } = networkHealth(some);
    assert.match(hint ?? "", new RegExp(`UDP port ${taken} is held`));
    assert.deepEqual(ports[1], { port: taken, state: "taken", reason: "EADDRINUSE" });
    const all = await startDiscovery({ ports: [taken] });
    assert.match(networkHealth(all).says, new RegExp(`Nothing can be heard: UDP port ${taken} is held`));
  });

  it("is JSON, whatever there is to say", async () => {
    const health = networkHealth(await startDiscovery());
    assert.deepEqual(JSON.parse(JSON.stringify(health)), health);
  });
});

function files(contents: Readonly<Record<string, string>>): Parameters<typeof isContainer>[0] {
  return { exists: (path) => path in contents, read: (path) => contents[path] ?? "" };
}

describe("isContainer", () => {
  it("knows the marks of Docker and Podman", () => {
    assert.equal(isContainer(files({ "/.dockerenv": "" })), true);
    assert.equal(isContainer(files({ "/run/.containerenv": "" })), true);
  });

  for (const line of [
    "12:pids:/docker/0123456789ab",
    "0::/kubepods/burstable/pod1",
    "1:name=systemd:/lxc/100",
    "0::/system.slice/containerd.service",
  ]) {
    it(`knows the control group ${line}`, () => {
      assert.equal(isContainer(files({ "/proc/self/cgroup": `${line}\n` })), true);
    });
  }

  it("takes a plain machine for what it is", () => {
    assert.equal(isContainer(files({})), false);
    assert.equal(isContainer(files({ "/proc/self/cgroup": "0::/user.slice/user-1000.slice\n" })), false);
  });

  it("looks at the real files unless told otherwise", () => {
    assert.equal(typeof isContainer(), "boolean");
  });
});
