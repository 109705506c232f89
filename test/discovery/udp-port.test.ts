import assert from "node:assert/strict";
import { once } from "node:events";
import { UdpPort, type UdpPortOptions } from "../../src/discovery/udp-port";
import { Inbox } from "../support/inbox";
import { Logs } from "../support/logs";
import { openUdp, sendUdp } from "../support/udp";

const ports = new Set<UdpPort>();

function create(more: Partial<UdpPortOptions> = {}): {
  port: UdpPort;
  logs: Logs;
  received: Inbox<{ text: string; sender: string }>;
} {
  const logs = new Logs();
  const received = new Inbox<{ text: string; sender: string }>();
  const port = new UdpPort({
    port: 0,
    bind: "127.0.0.1",
    retryMs: 20,
    logger: logs,
    received: (datagram, { address }) => received.push({ text: datagram.toString(), sender: address }),
    ...more,
  });
  ports.add(port);
  return { port, logs, received };
}

/** Waits until the port is in a state. */
async function until(port: UdpPort, kind: UdpPort["state"]["kind"]): Promise<void> {
  for (let i = 0; i < 200 && port.state.kind !== kind; i++) await new Promise((r) => setTimeout(r, 10));
  assert.equal(port.state.kind, kind);
}

describe("UdpPort", () => {
  afterEach(async () => {
    await Promise.all([...ports].map((port) => port.close()));
    ports.clear();
  });

  it("receives what is sent to it, and says from where", async () => {
    const { port, received } = create();
    await port.open();
    assert.deepEqual(port.state, { kind: "open" });
    assert.ok(port.port > 0);
    await sendUdp(await openUdp("127.0.0.9"), Buffer.from("hello"), port.port);
    assert.deepEqual(await received.next(), { text: "hello", sender: "127.0.0.9" });
  });

  it("sends from its own port", async () => {
    const { port } = create();
    await port.open();
    const peer = await openUdp();
    const message = once(peer, "message") as Promise<[Buffer, { port: number }]>;
    assert.equal(port.send(Buffer.from("hello"), "127.0.0.1", peer.address().port), true);
    const [datagram, sender] = await message;
    assert.equal(datagram.toString(), "hello");
    assert.equal(sender.port, port.port);
  });

  it("sends nothing while it is closed", async () => {
    const { port } = create();
    assert.equal(port.send(Buffer.from("x"), "127.0.0.1", 9), false);
    await port.open();
    await port.close();
    assert.equal(port.send(Buffer.from("x"), "127.0.0.1", 9), false);
    assert.deepEqual(port.state, { kind: "closed" });
  });

  it("survives targets that are none", async () => {
    const { port, logs } = create();
    await port.open();
    for (const number of [NaN, -1, 65_536, 1.5]) port.send(Buffer.from("x"), "127.0.0.1", number);
    assert.equal(logs.of("debug").length, 4);
    assert.deepEqual(port.state, { kind: "open" });
  });

  it("shares its port with others that share it", async () => {
    const first = await openUdp("127.0.0.1", { reuseAddr: true });
    const { port, logs } = create({ port: first.address().port });
    await port.open();
    assert.deepEqual(port.state, { kind: "open" });
    assert.deepEqual(logs.of("warn"), []);
  });

  it("warns once of a port that somebody has alone, tries it again, and has it in the end", async () => {
    const owner = await openUdp();
    const { port: number } = owner.address();
    const { port, logs, received } = create({ port: number });
    await port.open();
    assert.deepEqual(port.state, { kind: "taken", reason: "EADDRINUSE" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(port.state.kind, "taken");
    const [warning, ...others] = logs.of("warn");
    assert.match(warning ?? "", new RegExp(`^UDP port ${number} is held by another program`));
    assert.deepEqual(others, []);

    const gone = once(owner, "close");
    owner.close();
    await gone;
    await until(port, "open");
    assert.deepEqual(logs.of("info"), [`UDP port ${number} is listened to now.`]);
    await sendUdp(await openUdp(), Buffer.from("again"), number);
    assert.equal((await received.next()).text, "again");
  });

  it("stops trying when it is closed", async () => {
    const owner = await openUdp();
    const { port } = create({ port: owner.address().port });
    await port.open();
    await port.close();
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.deepEqual(port.state, { kind: "closed" });
  });

  it("says that the address was wrong where it was", async () => {
    const { port, logs } = create({ bind: "192.0.2.1" });
    await port.open();
    assert.deepEqual(port.state, { kind: "taken", reason: "EADDRNOTAVAIL" });
    assert.match(logs.of("warn")[0] ?? "", /cannot be opened at 192\.0\.2\.1 \(EADDRNOTAVAIL\)/);
  });

  it("closes while it opens, and opens again", async () => {
    const { port } = create();
    const opened = port.open();
    await port.close();
    await opened;
    assert.deepEqual(port.state, { kind: "closed" });
    await port.open();
    assert.deepEqual(port.state, { kind: "open" });
  });
});
