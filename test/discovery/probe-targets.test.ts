import assert from "node:assert/strict";
import {
  broadcastAddress,
  probeTargets,
  type ProbeTarget,
  readProbeTarget,
} from "../../src/discovery/probe-targets";

const LOOPBACK = { address: "127.0.0.1", netmask: "255.0.0.0" };
const HOME = { address: "192.0.2.20", netmask: "255.255.255.0" };
const LAB = { address: "198.51.100.130", netmask: "255.255.255.192" };
const TUNNEL = { address: "203.0.113.5", netmask: "255.255.255.255" };
const ANY = "0.0.0.0";

describe("probeTargets", () => {
  const rows: readonly [string, Parameters<typeof probeTargets>, readonly ProbeTarget[]][] = [
    [
      "asks on every interface but loopback and tunnels, with our address there",
      [{ bind: ANY }, [LOOPBACK, HOME, LAB, TUNNEL]],
      [
        { host: "192.0.2.255", port: 7000, replyTo: "192.0.2.20" },
        { host: "198.51.100.191", port: 7000, replyTo: "198.51.100.130" },
      ],
    ],
    [
      "asks once in a network this machine has two addresses in",
      [{ bind: ANY }, [HOME, { ...HOME, address: "192.0.2.21" }]],
      [{ host: "192.0.2.255", port: 7000, replyTo: "192.0.2.20" }],
    ],
    [
      "asks only where somebody listens for the answers",
      [{ bind: "198.51.100.130" }, [LOOPBACK, HOME, LAB]],
      [{ host: "198.51.100.191", port: 7000, replyTo: "198.51.100.130" }],
    ],
    ["asks nobody where it listens on loopback", [{ bind: "127.0.0.1" }, [LOOPBACK, HOME]], []],
    ["asks nobody without a network", [{ bind: ANY }, [LOOPBACK]], []],
    ["asks nobody where that is wanted", [{ bind: ANY, probe: [] }, [HOME]], []],
    [
      "names the address in the target's own network",
      [{ bind: ANY, probe: ["198.51.100.140", "192.0.2.3:7001"] }, [LOOPBACK, HOME, LAB]],
      [
        { host: "198.51.100.140", port: 7000, replyTo: "198.51.100.130" },
        { host: "192.0.2.3", port: 7001, replyTo: "192.0.2.20" },
      ],
    ],
    [
      "names the first address to a target behind a router or with a name",
      [{ bind: ANY, probe: ["203.0.113.255", "lamp.example:7002"] }, [LOOPBACK, HOME, LAB]],
      [
        { host: "203.0.113.255", port: 7000, replyTo: "192.0.2.20" },
        { host: "lamp.example", port: 7002, replyTo: "192.0.2.20" },
      ],
    ],
    [
      "names the address listened on, whatever the target",
      [{ bind: "127.0.0.5", probe: ["127.0.0.1:7003"] }, [LOOPBACK]],
      [{ host: "127.0.0.1", port: 7003, replyTo: "127.0.0.5" }],
    ],
    [
      "names 127.0.0.1 to all of loopback, with and without other networks",
      [{ bind: ANY, probe: ["127.5.5.5"] }, [HOME, LOOPBACK]],
      [{ host: "127.5.5.5", port: 7000, replyTo: "127.0.0.1" }],
    ],
    [
      "has answers broadcast where this machine knows no address of its own",
      [{ bind: ANY, probe: ["192.0.2.9"] }, []],
      [{ host: "192.0.2.9", port: 7000, replyTo: "255.255.255.255" }],
    ],
  ];
  for (const [name, args, expected] of rows) {
    it(name, () => assert.deepEqual(probeTargets(...args), expected));
  }
});

describe("broadcastAddress", () => {
  const rows: readonly [string, string, string][] = [
    ["192.0.2.20", "255.255.255.0", "192.0.2.255"],
    ["192.0.2.20", "255.255.255.252", "192.0.2.23"],
    ["198.51.100.7", "255.255.0.0", "198.51.255.255"],
    ["203.0.113.5", "255.255.255.255", "203.0.113.5"],
    ["203.0.113.5", "0.0.0.0", "255.255.255.255"],
    ["10.1.2.3", "255.128.0.0", "10.127.255.255"],
  ];
  for (const [address, netmask, expected] of rows) {
    it(`of ${address}/${netmask} is ${expected}`, () =>
      assert.equal(broadcastAddress(address, netmask), expected));
  }
});

describe("readProbeTarget", () => {
  it("reads a host with or without a port", () => {
    assert.deepEqual(readProbeTarget("192.0.2.255"), { host: "192.0.2.255", port: undefined });
    assert.deepEqual(readProbeTarget("my-relay.lan:65535"), { host: "my-relay.lan", port: 65_535 });
    assert.deepEqual(readProbeTarget("a:1"), { host: "a", port: 1 });
  });

  it("is undefined for anything else", () => {
    const wrong = ["", ":7000", "a:", "a:0", "a:65536", "a:x", "a:1:2", "a b", "-a", "a.", "::1", "http://a"];
    for (const text of wrong) assert.equal(readProbeTarget(text), undefined, text);
  });
});
