import assert from "node:assert/strict";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { sendFlood } from "../support/flood";
import { announcement, portsOf, startDiscovery } from "../support/udp";
import { frameOf, udpVectors } from "../support/vectors";

describe("Discovery on a noisy network", () => {
  it("hears 100 devices among 10,000 junk datagrams a second, and stays responsive", async () => {
    const discovery = await startDiscovery();
    const events = { found: 0, changed: 0 };
    discovery.on("found", () => events.found++);
    discovery.on("changed", () => events.changed++);
    const ids = Array.from({ length: 100 }, (_, i) => `device ${i}`);
    for (const id of ids.slice(0, 50)) discovery.watch(id, () => {});
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
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
    assert.ok(delay.percentile(90) < 100e6, `90 % within ${delay.percentile(90) / 1e6} ms`);
  });
});
