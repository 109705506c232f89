import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { Discovery } from "../../src/discovery/discovery";
import { SILENT } from "../../src/logger";
import { BEHAVIOURS, type BehaviourName } from "../../src/virtual/behaviours";
import { deafPort } from "../support/deaf-port";
import { announce, diagnosed, diagnoseDevice, type Told } from "../support/diagnosis";
import { openUdp, portsOf, startDiscovery } from "../support/udp";
import { DEVICE_ID, LOCAL_KEY, startDevice, startGeneration } from "../support/virtual";

const OTHER_KEY = "fedcba9876543210";
const OTHER_ID = "vdev0000000000000002";
const CID = "00a1b2c3d4e5f601";

const GENERATIONS = Object.keys(BEHAVIOURS) as BehaviourName[];
const VERSIONS = ["3.1", "3.3", "3.4", "3.5"] as const;
const PASSED = "settings address tcp version key identity datapoints heartbeat";
/** Of 3.1 and 3.2 devices, whose answers prove nothing. */
const PASSED_IN_CLEAR = PASSED.replace("key", "key!");

function answersInClear(version: string): boolean {
  return version === "3.1" || version === "3.2";
}

const servers = new Set<Server>();

/** A TCP server on loopback that is no Tuya device. */
async function startServer(serve: (socket: Socket) => void): Promise<{ host: string; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.add(server);
  server.on("close", () => sockets.clear());
  const close = server.close.bind(server);
  server.close = (done) => {
    for (const socket of sockets) socket.destroy();
    return close(done);
  };
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  return { host: "127.0.0.1", port: address.port };
}

afterEach(async () => {
  for (const server of servers) {
    server.close();
    await once(server, "close");
  }
  servers.clear();
});

function assertTold(told: Told, verdict: string, says: RegExp, course: string): void {
  assert.deepEqual(
    [told.conclusion.verdict, told.course],
    [verdict, course],
    JSON.stringify(told.lines, undefined, 1),
  );
  assert.match(told.conclusion.says, says);
}

describe("diagnose: a device that works", () => {
  for (const generation of GENERATIONS) {
    it(`passes every step and lists the data points (${generation})`, async () => {
      const device = await startGeneration(generation);
      const began = performance.now();
      const told = await diagnoseDevice(device, { version: device.version });
      const atMost = Math.ceil(performance.now() - began);
      if (answersInClear(device.version)) {
        assertTold(
          told,
          "KEY_NOT_PROVEN",
          /^Nothing proves the local key of Lamp: .* 3 data points, but in clear/,
          PASSED_IN_CLEAR,
        );
        assert.match(told.conclusion.hint, /set something once, and see whether it obeys/);
      } else {
        assertTold(told, "OK", /^Lamp works: protocol .*, key accepted, 3 data points\.$/, PASSED);
      }
      const { version, ip, dps } = told.conclusion;
      assert.deepEqual([version, ip, dps], [device.version, "127.0.0.1", { "1": false, "2": 0, "3": "low" }]);
      assert.equal(told.step("datapoints").says, '3 data points: 1 = false, 2 = 0, 3 = "low".');
      for (const { ms } of told.steps) assert.ok(ms >= 0 && ms <= atMost, `${ms} of ${atMost} ms`);
    });
  }

  for (const version of VERSIONS) {
    it(`measures that it speaks ${version}`, async () => {
      const told = await diagnoseDevice(await startDevice(version));
      // 3.1 and 3.2 read alike.
      const measured = version === "3.1" ? "3.1 or 3.2" : version;
      const [verdict, course] = answersInClear(version)
        ? ["KEY_NOT_PROVEN", PASSED_IN_CLEAR]
        : ["OK", PASSED];
      assertTold(told, verdict, new RegExp(`protocol ${measured}`), course);
      assert.equal(told.step("version").says, `It speaks protocol ${measured}.`);
      // Which is what is to be set.
      assert.equal(told.conclusion.version, version);
    });
  }

  it("does not claim that a key fits which nothing has put to the test", async () => {
    const told = await diagnoseDevice(await startDevice("3.1"), { localKey: OTHER_KEY, version: "3.1" });
    assert.equal(told.conclusion.verdict, "KEY_NOT_PROVEN");
    assert.equal(told.step("key").ok, false);
    assert.match(told.step("key").says, /not put to the test/);
  });

  it("works where heartbeats stay unanswered, but says so", async () => {
    const told = await diagnoseDevice(await startDevice("3.4", { faults: { noHeartbeat: true } }));
    assertTold(told, "OK", /works/, `${PASSED}!`);
    assert.match(told.step("heartbeat").says, /unanswered/);
  });

  it("gets over a session key that cannot be used", async () => {
    const told = await diagnoseDevice(await startDevice("3.5", { faults: { zeroSessionKey: 2 } }), {
      version: "3.5",
    });
    assert.equal(told.conclusion.verdict, "OK");
  });

  it("gives a device that is slow to answer a second chance", async () => {
    const device = await startDevice("3.5", { faults: { slowMs: 150 } });
    // The first connection came to nothing, the second one brought the late answer.
    device.on("connect", (client) => {
      if (client === 3) device.faults = {};
    });
    const told = await diagnoseDevice(
      device,
      { version: "3.5" },
      { timings: { silenceMs: 100, negotiationProbeMs: 1_000 } },
    );
    assertTold(told, "OK", /works/, PASSED);
  });

  it("reads a device22 by its list of data points", async () => {
    const device = await startDevice("3.3", { faults: { device22: true } });
    const told = await diagnoseDevice(device, { device22Dps: ["1", "2", "3"] });
    assertTold(told, "OK", /3 data points/, PASSED);
  });

  it("finds it by its announcement where no address is given, and tries the announced version first", async () => {
    const discovery = await startDiscovery();
    const device = await startDevice("3.5", { host: "127.0.0.4" });
    let connections = 0;
    device.on("connect", () => connections++);
    await announce(device, discovery);
    const told = await diagnosed({ port: device.port }, { discovery });
    assertTold(told, "OK", /works/, PASSED);
    assert.equal(told.conclusion.ip, "127.0.0.4");
    assert.match(told.step("address").says, /announces itself from 127\.0\.0\.4 with protocol 3\.5/);
    assert.match(told.step("identity").says, /announces itself from there/);
    assert.equal(connections, 1);
  });

  it("waits for the announcement", async () => {
    const discovery = await startDiscovery();
    const device = await startDevice("3.3");
    const told = diagnosed({ port: device.port }, { discovery, timings: { listenMs: 3_000 } });
    device.startAnnouncing({ port: portsOf(discovery)[0], intervalMs: 20 });
    assert.equal((await told).conclusion.verdict, "OK");
  });

  it("resolves a host name", async () => {
    const device = await startDevice("3.4");
    const told = await diagnoseDevice(
      device,
      { ip: "lamp.example" },
      { resolve: (host) => Promise.resolve(host === "lamp.example" ? device.host : "127.0.0.99") },
    );
    assert.equal(told.conclusion.verdict, "OK");
    assert.equal(told.step("address").says, "The host lamp.example has the address 127.0.0.1.");
  });
});

describe("diagnose: a fault of its own", () => {
  it("is a conclusion as well, and is logged", async () => {
    const errors: string[] = [];
    const logger = { ...SILENT, error: (text: string) => void errors.push(text) };
    const discovery = new Proxy({} as Discovery, {
      get: () => () => {
        throw new Error("broken");
      },
    });
    const told = await diagnosed({}, { discovery, logger });
    assertTold(told, "SILENT", /broke off: there is a fault in this package/, "settings");
    assert.match(errors.join(), /broken/);
  });
});

describe("diagnose: settings", () => {
  const CASES: readonly [title: string, input: Parameters<typeof diagnosed>[0], says: RegExp][] = [
    ["no id", { deviceId: "" }, /No device id/],
    ["no key", { localKey: "" }, /No local key/],
    ["a key that is too short", { localKey: "0123456789" }, /has 10 characters instead of 16/],
    ["a key that is too long", { localKey: "0123456789abcdefgh" }, /has 18 characters instead of 16/],
    [
      "an HTML-escaped key",
      { localKey: "7{O&lt;&amp;&quot;$M}N0z/'|q" },
      /is HTML-escaped \(28 characters\)/,
    ],
    ["quotes around the key", { localKey: `"${LOCAL_KEY}"` }, /has quotes around it \(18 characters\)/],
    ["blanks around the key", { localKey: ` ${LOCAL_KEY}\n` }, /has blanks around it/],
    ["a zero-width space in the key", { localKey: `\u200b${LOCAL_KEY}` }, /characters that do not show/],
    ["a key escaped as in JSON", { localKey: String.raw`01234567\"9abcdef` }, /is escaped as in JSON/],
    ["a key with a character no key has", { localKey: "0123456789abcdeé" }, /a character that no key has/],
    ["a key from an unset variable", { localKey: "${LAMP_KEY}" }, /LAMP_KEY is not set here: the local key/],
    ["an address from an unset variable", { ip: "$(LAMP_IP)" }, /LAMP_IP is not set here: the address/],
    ["id and key swapped", { deviceId: OTHER_KEY, localKey: DEVICE_ID, name: "" }, /each other's field/],
    ["an impossible port", { port: 70_000 }, /port is no number from 1/],
    ["an unknown version", { version: "3.6" as "3.5" }, /no such protocol version/],
  ];
  for (const [title, input, says] of CASES) {
    it(`names ${title}, and opens no connection`, async () => {
      const device = await startDevice("3.4");
      device.on("connect", () => assert.fail("a connection was opened"));
      const told = await diagnoseDevice(device, input);
      assertTold(told, "BAD_SETTINGS", says, "settings!");
    });
  }

  it("lets a key with a blank in it pass, with a word about it", async () => {
    const localKey = "01234567 9abcdef";
    const told = await diagnoseDevice(await startDevice("3.4", { localKey }), { localKey });
    assert.equal(told.conclusion.verdict, "OK");
    assert.match(told.step("settings").hint ?? "", /blank/);
  });
});

describe("diagnose: address and connection", () => {
  it("names that others announce themselves, and how many", async () => {
    const discovery = await startDiscovery();
    for (const number of [2, 3]) {
      const id = `vdev000000000000000${number}`;
      const other = await startDevice("3.3", { id });
      await announce(other, discovery);
    }
    const told = await diagnosed({}, { discovery });
    assertTold(
      told,
      "NOT_FOUND",
      /has not announced itself .* 2 other Tuya devices have/,
      "settings address!",
    );
  });

  it("names that nothing at all is heard, and on which ports", async () => {
    const discovery = await startDiscovery();
    const told = await diagnosed({}, { discovery });
    const [port] = portsOf(discovery);
    assertTold(
      told,
      "NO_UDP",
      new RegExp(`Not a single Tuya device was heard on UDP port ${port}`),
      "settings address!",
    );
  });

  it("names that another program holds the ports", async () => {
    const { port } = (await openUdp()).address();
    const discovery = await startDiscovery({ ports: [port] });
    const told = await diagnosed({}, { discovery });
    assertTold(
      told,
      "NO_UDP",
      new RegExp(`UDP port ${port} is held by another program`),
      "settings address!",
    );
  });

  it("names that nobody listens", async () => {
    assertTold(await diagnosed(), "NO_UDP", /nobody listens for announcements/, "settings address!");
  });

  it("does not care what is heard where an address is given", async () => {
    const discovery = await startDiscovery();
    const told = await diagnoseDevice(await startDevice("3.4"), {}, { discovery });
    assert.equal(told.conclusion.verdict, "OK");
  });

  it("names an unknown host name", async () => {
    const resolve = (): Promise<string> => Promise.reject(new Error("ENOTFOUND"));
    const told = await diagnosed({ ip: "lamp.example" }, { resolve });
    assertTold(told, "UNREACHABLE", /host name "lamp\.example" is not known/, "settings address!");
  });

  it("names an address where nothing answers", async () => {
    const { port, close } = await deafPort();
    try {
      const told = await diagnosed({ ip: "127.0.0.1", port });
      assertTold(told, "UNREACHABLE", /Nothing answers at 127\.0\.0\.1/, "settings address tcp!");
    } finally {
      await close();
    }
  });

  it("names a closed port, and the address the device is heard at", async () => {
    const discovery = await startDiscovery();
    const device = await startDevice("3.4", { host: "127.0.0.5" });
    await announce(device, discovery);
    const told = await diagnosed({ ip: "127.0.0.6", port: device.port }, { discovery });
    assertTold(told, "PORT_CLOSED", /127\.0\.0\.6, but its port \d+ is closed/, "settings address tcp!");
    assert.match(told.step("address").hint ?? "", /announces itself from 127\.0\.0\.5/);
    assert.match(told.conclusion.hint, /Lamp is at 127\.0\.0\.5 now: use that address/);
    assert.equal(told.conclusion.ip, "127.0.0.5");
  });

  for (const version of VERSIONS) {
    it(`names a device whose places are all taken (${version})`, async () => {
      const device = await startDevice(version, { faults: { busy: true } });
      const told = await diagnoseDevice(device);
      assertTold(told, "BUSY", /closes it at once: all its places are taken/, "settings address tcp!");
    });
  }

  it("gives a device a second chance that has just had no place", async () => {
    const told = await diagnoseDevice(await startDevice("3.4", { faults: { busy: 1 } }));
    assert.equal(told.conclusion.verdict, "OK");
  });

  it("calls a server that accepts and closes busy", async () => {
    const told = await diagnoseDevice(await startServer((socket) => socket.destroy()));
    assertTold(told, "BUSY", /all its places are taken/, "settings address tcp!");
  });
});

describe("diagnose: version", () => {
  for (const speaks of VERSIONS) {
    it(`names that the device speaks ${speaks} and another one is set`, async () => {
      // 3.1 and 3.2 read alike.
      const measured = speaks === "3.1" ? "3.1 or 3.2" : speaks;
      const others = VERSIONS.filter((version) => version !== speaks);
      await Promise.all(
        others.map(async (set) => {
          const told = await diagnoseDevice(await startDevice(speaks), { version: set });
          const says = new RegExp(`speaks protocol ${measured}, but ${set} is set`);
          const course = answersInClear(speaks) ? PASSED_IN_CLEAR : PASSED;
          assertTold(told, "WRONG_VERSION", says, course.replace("version", "version!"));
          assert.match(told.conclusion.hint, new RegExp(`Set the version to ${speaks}`));
          assert.equal(told.conclusion.version, speaks);
          assert.ok(told.conclusion.dps, "and shows the data points all the same");
        }),
      );
    });
  }

  it("names that it announces what it speaks", async () => {
    const discovery = await startDiscovery();
    const device = await startDevice("3.4");
    await announce(device, discovery);
    const told = await diagnoseDevice(device, { version: "3.3" }, { discovery });
    assert.match(told.conclusion.says, /speaks protocol 3\.4, but 3\.3 is set \(as it announces\)/);
  });

  for (const version of ["3.1", "3.2"] as const) {
    it(`tells 3.1 and 3.2 apart by the announcement (${version})`, async () => {
      const discovery = await startDiscovery();
      const device = await startDevice(version);
      await announce(device, discovery);
      const told = await diagnoseDevice(device, {}, { discovery });
      assert.equal(told.conclusion.version, version);
    });
  }

  it("does not fall for an announcement that is wrong", async () => {
    const discovery = await startDiscovery();
    const liar = await startDevice("3.5");
    const device = await startDevice("3.4");
    await announce(liar, discovery);
    const told = await diagnoseDevice(device, { version: "3.4" }, { discovery });
    assert.equal(told.conclusion.verdict, "OK");
    assert.equal(told.step("version").hint, "It announces 3.5, though.");
  });
});

describe("diagnose: key", () => {
  for (const generation of ["3.4", "3.5p", "3.5o", "3.5o-2026"] as const) {
    it(`proves a wrong key, whatever version is set (${generation})`, async () => {
      await Promise.all(
        (["auto", ...VERSIONS] as const).map(async (set) => {
          const device = await startGeneration(generation);
          const told = await diagnoseDevice(device, { localKey: OTHER_KEY, version: set });
          assert.equal(told.conclusion.verdict, "WRONG_KEY", set);
          assert.match(told.conclusion.says, /holds another/);
          assert.equal(told.step("key").ok, false);
          assert.equal(told.step("version").ok, set === "auto" || set === device.version);
          assert.equal(told.conclusion.version, device.version);
        }),
      );
    });
  }

  it("cannot tell key and version apart on 3.3, but knows which is likelier", async () => {
    await Promise.all(
      (["auto", "3.1", "3.2", "3.3", "3.4", "3.5"] as const).map(async (set) => {
        const told = await diagnoseDevice(await startDevice("3.3"), { localKey: OTHER_KEY, version: set });
        assert.equal(told.conclusion.verdict, "KEY_OR_VERSION", set);
        assert.match(told.conclusion.says, /the local key or the protocol version is wrong/);
        assert.match(told.conclusion.hint, /answers as a device of protocol 3\.3 does.*most likely the key/);
      }),
    );
  });

  it("names frames that never verify", async () => {
    const told = await diagnoseDevice(await startDevice("3.3", { faults: { corrupt: true } }));
    assertTold(
      told,
      "KEY_OR_VERSION",
      /nothing it sends can be decrypted/,
      "settings address tcp version key!",
    );
  });
});

describe("diagnose: silence", () => {
  const timings = { silenceMs: 100, negotiationProbeMs: 100 };

  it("names a device that never answers, though the key is right", async () => {
    await Promise.all(
      VERSIONS.map(async (version) => {
        const device = await startDevice(version, { faults: { silent: true } });
        const told = await diagnoseDevice(device, {}, { timings });
        assertTold(
          told,
          "SILENT",
          /never answers \(tried 3\.4, 3\.5 and 3\.3\)/,
          "settings address tcp version!",
        );
      }),
    );
  });

  it("names a server that accepts and says nothing", async () => {
    const told = await diagnoseDevice(await startServer(() => {}), {}, { timings });
    assertTold(told, "SILENT", /never answers/, "settings address tcp version!");
  });

  it("says more where the device announces itself", async () => {
    const discovery = await startDiscovery();
    const device = await startDevice("3.4", { faults: { silent: true } });
    await announce(device, discovery);
    const told = await diagnoseDevice(device, {}, { discovery, timings });
    assert.equal(told.conclusion.verdict, "SILENT");
    assert.match(told.conclusion.hint, /announces 3\.4, so it is alive/);
  });

  it("names a device that breaks off every connection", async () => {
    const device = await startDevice("3.4", { faults: { zeroSessionKey: true } });
    const told = await diagnoseDevice(device, {}, { timings: { silenceMs: 1_000 } });
    assertTold(told, "SILENT", /breaks off every connection/, "settings address tcp version!");
  });
});

describe("diagnose: identity", () => {
  const knownNames = new Map([[OTHER_ID, "Kitchen plug"]]);

  for (const generation of ["3.1", "3.5o"] as const) {
    it(`names a stranger that says its id (${generation})`, async () => {
      const device = await startGeneration(generation, { id: OTHER_ID });
      const told = await diagnoseDevice(device, { version: device.version }, { knownNames });
      assertTold(
        told,
        "OTHER_DEVICE",
        /at 127\.0\.0\.1 calls itself Kitchen plug \(vdev0{15}2\): it is not Lamp/,
        `settings address tcp version key${generation === "3.1" ? "!" : ""} identity!`,
      );
    });
  }

  for (const [title, localKey] of [
    ["whose key is the one entered", LOCAL_KEY],
    ["that rejects the key", OTHER_KEY],
  ] as const) {
    it(`names a stranger that announces itself from the address, ${title}`, async () => {
      const discovery = await startDiscovery();
      const stranger = await startDevice("3.4", { id: OTHER_ID, host: "127.0.0.7" });
      await announce(stranger, discovery);
      const told = await diagnoseDevice(stranger, { localKey }, { discovery, knownNames });
      assert.equal(told.conclusion.verdict, "OTHER_DEVICE");
      assert.match(
        told.conclusion.says,
        /^Kitchen plug \(.*\) announces itself from 127\.0\.0\.7: the device there is not Lamp/,
      );
      assert.equal(told.step("identity").ok, false);
    });
  }

  it("waits for a stranger's announcement where listening has only begun", async () => {
    const discovery = await startDiscovery();
    const stranger = await startDevice("3.4", { id: OTHER_ID, host: "127.0.0.7" });
    const told = diagnoseDevice(
      stranger,
      { localKey: OTHER_KEY },
      { discovery, timings: { listenMs: 3_000 } },
    );
    stranger.startAnnouncing({ port: portsOf(discovery)[0], intervalMs: 50 });
    assert.equal((await told).conclusion.verdict, "OTHER_DEVICE");
  });

  it("names where the device went, when another one does not want the key", async () => {
    const discovery = await startDiscovery();
    const moved = await startDevice("3.4", { host: "127.0.0.8" });
    const stranger = await startDevice("3.4", { id: OTHER_ID, host: "127.0.0.9", localKey: OTHER_KEY });
    await announce(moved, discovery);
    const told = await diagnoseDevice(stranger, {}, { discovery });
    assert.equal(told.conclusion.verdict, "OTHER_DEVICE");
    assert.match(
      told.conclusion.says,
      /at 127\.0\.0\.9 is not Lamp: that announces itself from 127\.0\.0\.8/,
    );
    assert.equal(told.conclusion.ip, "127.0.0.8");
  });

  it("names what is no Tuya device", async () => {
    const web = await startServer((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    const told = await diagnoseDevice(web);
    assertTold(told, "OTHER_DEVICE", /is no Tuya device/, "settings address tcp version!");
    const shell = await startServer((socket) => socket.write("SSH-2.0-OpenSSH_9.9\r\n"));
    assert.match((await diagnoseDevice(shell)).conclusion.says, /is no Tuya device/);
  });
});

describe("diagnose: data points", () => {
  const EMPTY = PASSED.replace("datapoints", "datapoints!");

  it("names a device that refuses to show them", async () => {
    await Promise.all(
      VERSIONS.map(async (version) => {
        const device = await startDevice(version, { faults: { refuseQuery: true } });
        const told = await diagnoseDevice(device, { version });
        const says = /refuses to show its data points \("json obj data unvalid"\)/;
        const course = answersInClear(version) ? EMPTY.replace("key", "key!") : EMPTY;
        assertTold(told, "NO_DATA_POINTS", says, course);
      }),
    );
  });

  it("advises no device22 in versions that have none", async () => {
    const hintIn = async (version: "3.4" | "3.5"): Promise<string> => {
      const device = await startDevice(version, { faults: { refuseQuery: true } });
      return (await diagnoseDevice(device)).conclusion.hint;
    };
    assert.match(await hintIn("3.4"), /mark it as device22/);
    assert.doesNotMatch(await hintIn("3.5"), /device22/);
  });

  for (const [refuses, faults] of [
    ["refuses to be read", { refuseQuery: true }],
    ["shows nothing", {}],
  ] as const) {
    it(`is content with a gateway that ${refuses}, but has sub-devices`, async () => {
      const subDevices = { [CID]: { dps: { "1": 215 } }, "00a1b2c3d4e5f602": { dps: {}, online: false } };
      const told = await diagnoseDevice(await startDevice("3.4", { dps: {}, subDevices, faults }));
      assertTold(told, "OK", /works: it is a gateway of protocol 3\.4 with 2 sub-devices/, PASSED);
      assert.match(told.step("datapoints").says, /no data points of its own/);
    });
  }

  it("names a device that has none", async () => {
    await Promise.all(
      (["3.4", "3.5"] as const).map(async (version) => {
        const device = await startDevice(version, { faults: { emptyQuery: true } });
        const told = await diagnoseDevice(device, { version });
        assertTold(told, "NO_DATA_POINTS", /connected but has shown no data points/, EMPTY);
      }),
    );
  });

  it("names a device that only answers heartbeats, and that this proves no key", async () => {
    const told = await diagnoseDevice(await startDevice("3.3", { faults: { queryAfterControl: true } }));
    const course = EMPTY.replace("key", "key!");
    assertTold(told, "KEY_NOT_PROVEN", /answers heartbeats but no queries/, course);
    assert.match(told.step("key").says, /not put to the test/);
  });

  it("takes what a device pushes where it refuses queries", async () => {
    const device = await startDevice("3.4", { faults: { refuseQuery: true, earlyReport: true } });
    const told = await diagnoseDevice(device);
    assertTold(told, "OK", /3 data points/, PASSED);
  });

  it("names a device that hangs up in the middle", async () => {
    const device = await startDevice("3.4", { faults: { ignoreQuery: true }, overrides: { idleMs: 120 } });
    const told = await diagnoseDevice(device);
    assertTold(
      told,
      "NO_DATA_POINTS",
      /hung up: it showed no data points/,
      "settings address tcp version key identity datapoints!",
    );
  });
});

describe("diagnose: a sub-device", () => {
  const subDevices = { [CID]: { dps: { "1": 215 } } };

  for (const version of ["3.3", "3.4"] as const) {
    it(`tests the gateway and shows the sub-device's data points (${version})`, async () => {
      const told = await diagnoseDevice(await startDevice(version, { subDevices }), { cid: CID });
      assertTold(told, "OK", /works.* 1 data point\.$/, PASSED);
      assert.deepEqual(told.conclusion.dps, { "1": 215 });
    });

    it(`names a node id the gateway does not know (${version})`, async () => {
      const told = await diagnoseDevice(await startDevice(version, { subDevices }), {
        cid: "00ffffffffffffff",
      });
      assert.equal(told.conclusion.verdict, "NOT_FOUND", JSON.stringify(told.lines));
      assert.match(told.conclusion.says, /00ffffffffffffff is not known to its gateway: Lamp works/);
    });
  }

  it("tells which sub-devices the gateway speaks of", async () => {
    const told = await diagnoseDevice(await startDevice("3.4", { subDevices }), { cid: "00ffffffffffffff" });
    assert.match(told.conclusion.hint, new RegExp(CID));
  });

  it("is not content with what a gateway remembers of a sub-device that is offline", async () => {
    const offline = { [CID]: { dps: { "1": 215 }, online: false } };
    for (const childrenPerFrame of [1, 2]) {
      const device = await startDevice("3.4", {
        subDevices: { "00ff": { dps: { "1": 1 } }, ...offline },
        faults: { childrenPerFrame },
      });
      const told = await diagnoseDevice(device, { cid: CID });
      assertTold(
        told,
        "UNREACHABLE",
        new RegExp(`^The sub-device ${CID} is offline: so says its gateway Lamp`),
        PASSED.replace("datapoints", "datapoints!"),
      );
      assert.match(told.step("datapoints").hint ?? "", /offline: these are its last known values/);
      assert.deepEqual(told.conclusion.dps, { "1": 215 });
    }
  });

  it("says what is certain of a sub-device, and what is only remembered", async () => {
    const certain = await diagnoseDevice(await startDevice("3.4", { subDevices }), { cid: CID });
    assert.match(certain.conclusion.says, new RegExp(`^The sub-device ${CID} works behind Lamp: .*online`));
    const withoutList = { subDevices, faults: { noChildList: true } };
    for (const device of [await startDevice("3.3", { subDevices }), await startDevice("3.4", withoutList)]) {
      const told = await diagnoseDevice(device, { cid: CID });
      assert.equal(told.conclusion.verdict, "OK");
      assert.match(
        told.conclusion.says,
        new RegExp(`^The sub-device ${CID} is known to its gateway, which works: .* remembers 1 data point`),
      );
      assert.match(told.conclusion.hint, /answer from memory/);
    }
  });

  it("takes the word of the sub-device itself, where the gateway fetches it", async () => {
    const device = await startDevice("3.3", { subDevices, faults: { fetchesChildren: true } });
    const told = await diagnoseDevice(device, { cid: CID });
    assert.match(told.conclusion.says, /works behind Lamp: protocol 3\.3, online, 1 data point/);
  });

  it("names a sub-device that shows nothing", async () => {
    const device = await startDevice("3.4", { subDevices, faults: { ignoreQuery: true } });
    const told = await diagnoseDevice(device, { cid: CID });
    assert.equal(told.conclusion.verdict, "NO_DATA_POINTS");
    assert.match(told.conclusion.says, new RegExp(`sub-device ${CID} shows no data points`));
  });

  it("names what is wrong with the gateway first", async () => {
    const told = await diagnoseDevice(await startDevice("3.4", { subDevices }), {
      cid: CID,
      localKey: OTHER_KEY,
    });
    assert.equal(told.conclusion.verdict, "WRONG_KEY");
  });
});
