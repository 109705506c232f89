import assert from "node:assert/strict";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { sendFlood } from "../support/flood";
import { announcement, portsOf, startDiscovery } from "../support/udp";
import { frameOf, udpVectors } from "../support/vectors";

const IDLE_MS = 300;
/** Times by which the process may answer later than when it has nothing to do. */
const SLOWER = 20;

describe("Discovery on a noisy network", () => {
  it("hears 100 devices among 10,000 junk datagrams a second, and stays responsive", async () => {
    const discovery = await startDiscovery();
    const events = { found: 0, changed: 0 };
    discovery.on("found", () => events.found++);
    discovery.on("changed", () => events.changed++);
    const ids = Array.from({ length: 100 }, (_, i) => `device ${i}`);
    for (const id of ids.slice(0, 50)) discovery.watch(id, { heard: () => {} });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await sleep(IDLE_MS);
    const idleNs = delay.percentile(90);
    delay.reset();
    const sent = await sendFlood({
      port: portsOf(discovery)[0],
      announcements: ids.map((id) => announcement(id)),
      announceEveryMs: 150,
      samples: udpVectors.map(frameOf),
      junkPerSecond: 10_000,
      junkSenders: 5,
      ms: 1_200,
    });
    delay.disable();

    assert.ok(sent.junk >= 10_000, `only ${sent.junk} sent`);
    const missing = ids.filter((id) => !discovery.device(id));
    assert.deepEqual(missing, []);
    assert.ok(discovery.health().devices <= 2_050);
    assert.ok(events.found + events.changed <= 2 * 2_050, JSON.stringify(events));
    const times = delay.percentile(90) / idleNs;
    assert.ok(times < SLOWER, `90 % within ${times} times what it is when nothing happens`);
  });
});
