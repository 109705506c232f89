import assert from "node:assert/strict";
import { acquireDiscovery } from "../../src/discovery/discovery-lease";

describe("acquireDiscovery", () => {
  const settings = { bind: "127.0.0.1", ports: [0], probe: [] };

  it("shares one discovery, and closes it with the last share", async () => {
    const one = acquireDiscovery(settings);
    const two = acquireDiscovery({ bind: "127.0.0.1", ports: [0, 0], probe: [] });
    assert.equal(one.discovery, two.discovery);
    await one.release();
    await one.release();
    assert.notEqual(one.discovery.health().since, undefined);
    await two.release();
    assert.equal(one.discovery.health().since, undefined);
    const three = acquireDiscovery(settings);
    assert.notEqual(three.discovery, one.discovery);
    await three.release();
  });

  it("opens a new one while the old one closes", async () => {
    const one = acquireDiscovery(settings);
    const released = one.release();
    const two = acquireDiscovery(settings);
    await released;
    await two.discovery.open();
    assert.deepEqual(two.discovery.health().ports[0]?.state, { kind: "open" });
    await two.release();
  });
});
