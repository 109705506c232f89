import assert from "node:assert/strict";
import { announcedAddress } from "../../src/discovery/local-address";

describe("announcedAddress", () => {
  it("believes the address a device names", () => {
    assert.equal(announcedAddress("192.168.1.7", "192.168.1.7"), "192.168.1.7");
    // Behind NAT and relays all packets come from one address, so the named one is the better one.
    assert.equal(announcedAddress("10.1.2.3", "172.17.0.1"), "10.1.2.3");
    // Some networks use public addresses. Whoever sends from one is there.
    assert.equal(announcedAddress("192.0.2.7", "192.0.2.7"), "192.0.2.7");
  });

  const impossible = [
    "",
    "lamp.example",
    "192.0.2",
    "192.0.2.256",
    "192.0.2.7",
    "8.8.8.8",
    "172.32.0.1",
    "2001:db8::1",
    "192.0.2.7:80",
    " 192.0.2.7",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "1".repeat(10_000),
  ];
  for (const ip of impossible) {
    it(`takes the sender's address instead of "${ip.slice(0, 20)}"`, () => {
      assert.equal(announcedAddress(ip, "192.0.2.9"), "192.0.2.9");
    });
  }

  it("lets nobody elsewhere point at this machine", () => {
    assert.equal(announcedAddress("127.0.0.1", "192.0.2.9"), "192.0.2.9");
    assert.equal(announcedAddress("127.0.0.5", "127.0.0.1"), "127.0.0.5");
  });
});
