import assert from "node:assert/strict";
import { createDecipheriv, createHash } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { BEHAVIOURS, type BehaviourName } from "../../src/virtual/behaviours";
import { crc32, frame6699, openGcm, RawClient } from "../support/raw-client";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";

const UDP_KEY = createHash("md5").update("yGAdlopoPVldABfn").digest();

const COMMON = { ip: "127.0.0.1", gwId: DEVICE_ID, active: 2, encrypt: true, productKey: "vproductkey00001" };
const LATER = { ...COMMON, ablilty: 0 };
const TOKEN = { token: true, wf_cfg: true };
const UUID = { uuid: "vuuid00000000000" };

/** Command and body of each generation's announcement, while no client is connected. */
const EXPECTED: Record<BehaviourName, readonly [command: number, body: object]> = {
  "3.1": [0, { ...COMMON, ability: 0, mode: 0, version: "3.1" }],
  "3.2": [0x13, { ...LATER, version: "3.2" }],
  "3.3": [0x13, { ...LATER, version: "3.3" }],
  "3.4": [0x23, { ...LATER, version: "3.4", ...TOKEN, clientLink: 3 }],
  "3.5p": [0x13, { ...LATER, ...UUID, version: "3.5", ...TOKEN, clientLink: 3 }],
  "3.5o": [0x13, { ...LATER, ...UUID, version: "3.5", sl: 1 }],
  "3.5o-2026": [0x13, { ...LATER, ...UUID, version: "3.5", sl: 1 }],
};

const sockets = new Set<Socket>();

/** Listens on a port nobody else has; 0 = any. */
async function listen(wanted = 0): Promise<{ port: number; next: () => Promise<Buffer>; socket: Socket }> {
  const socket = createSocket("udp4");
  sockets.add(socket);
  socket.bind(wanted, "127.0.0.1");
  await once(socket, "listening");
  const next = async (): Promise<Buffer> => ((await once(socket, "message")) as [Buffer])[0];
  return { port: socket.address().port, next, socket };
}

/** Return code, command and JSON of an announcement, decoded without src/protocol. */
function read(datagram: Buffer): { command: number; body: unknown } {
  if (datagram.readUInt32BE(0) === 0x6699) {
    const plain = openGcm(datagram, UDP_KEY);
    assert.equal(plain.readUInt32BE(0), 0);
    assert.equal(datagram.readUInt32BE(6), 0);
    return { command: datagram.readUInt32BE(10), body: JSON.parse(plain.toString("utf8", 4)) as unknown };
  }
  assert.equal(datagram.readUInt32BE(4), 0);
  assert.equal(datagram.readUInt32BE(16), 0);
  assert.equal(datagram.readUInt32BE(datagram.length - 8), crc32(datagram.subarray(0, -8)));
  const command = datagram.readUInt32BE(8);
  let text = datagram.subarray(20, -8);
  if (command !== 0) {
    const decipher = createDecipheriv("aes-128-ecb", UDP_KEY, null);
    text = Buffer.concat([decipher.update(text), decipher.final()]);
  }
  return { command, body: JSON.parse(text.toString("utf8")) as unknown };
}

describe("an announcement of a device that is closed", () => {
  it("fails, and opens no port any more", async () => {
    const { port } = await listen();
    const device = await startDevice("3.4");
    const closed = { message: "The virtual device is closed." };
    await device.announce({ port });
    const onItsWay = device.announce({ port });
    // The socket is taken, and the datagram about to go.
    await Promise.resolve();
    const close = device.close();
    const late = device.announce({ port });
    await Promise.all([assert.rejects(onItsWay, closed), assert.rejects(late, closed), close]);
    for (const socket of sockets) socket.close();
    sockets.clear();
  });
});

describe("the announcements of a device", () => {
  afterEach(() => {
    for (const socket of sockets) socket.close();
    sockets.clear();
  });

  for (const name of Object.keys(EXPECTED) as BehaviourName[]) {
    it(`have the format and the members of the generation (${name})`, async () => {
      const device = await startDevice(BEHAVIOURS[name].version, { behaviour: name });
      const { port, next } = await listen();
      const datagram = next();
      await device.announce({ port });
      const [command, body] = EXPECTED[name];
      assert.deepEqual(read(await datagram), { command, body });
    });
  }

  it("come from the address they name", async () => {
    const device = await startDevice("3.3", { host: "127.0.0.5" });
    const { port, socket } = await listen();
    const message = once(socket, "message") as Promise<[Buffer, { address: string }]>;
    await device.announce({ port });
    const [datagram, { address }] = await message;
    assert.equal(address, "127.0.0.5");
    assert.match(JSON.stringify(read(datagram).body), /"ip":"127\.0\.0\.5"/);
  });

  it("repeat, stop while all places are taken, and go on afterwards", async () => {
    const device = await startDevice("3.5", { overrides: { clientLimit: 1 } });
    const { port, next, socket } = await listen();
    const stop = device.startAnnouncing({ port, intervalMs: 10 });
    await next();
    await next();
    const connected = once(device, "connect");
    const client = await RawClient.open(device, LOCAL_KEY);
    await connected;
    await client.expectQuiet();
    let heard = 0;
    socket.on("message", () => heard++);
    await new Promise((resolve) => setTimeout(resolve, 60));
    // One may have been under way when the client came.
    assert.ok(heard <= 1);
    client.close();
    await next();
    stop();
    await new Promise((resolve) => setTimeout(resolve, 20));
    heard = 0;
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.equal(heard, 0);
  });

  it("count the free places (3.5 of 2023)", async () => {
    const device = await startDevice("3.5");
    await (await RawClient.open(device, LOCAL_KEY)).expectQuiet();
    const { port, next } = await listen();
    const datagram = next();
    await device.announce({ port });
    assert.match(JSON.stringify(read(await datagram).body), /"clientLink":2/);
  });

  it("go to loopback only", async () => {
    const device = await startDevice("3.3");
    for (const host of [
      "192.0.2.1",
      "255.255.255.255",
      "localhost",
      "0.0.0.0",
      "127.0.0.256",
      "1127.0.0.1",
    ]) {
      await assert.rejects(device.announce({ host, port: 6667 }), RangeError);
      assert.throws(() => device.startAnnouncing({ host, port: 6667 }), RangeError);
      await assert.rejects(async () => startDevice("3.3", { host }), RangeError);
    }
  });
});

describe("the answer to a discovery request", () => {
  afterEach(() => {
    for (const socket of sockets) socket.close();
    sockets.clear();
  });

  /** A device with all places taken, its request port, and where answers arrive. */
  async function start(): Promise<{ port: number; answers: Awaited<ReturnType<typeof listen>> }> {
    const answers = await listen();
    const device = await startDevice("3.5", { behaviour: "3.5o", overrides: { clientLimit: 1 } });
    await (await RawClient.open(device, LOCAL_KEY)).expectQuiet();
    return { port: await device.answerDiscovery({ port: 0, replyPort: answers.port }), answers };
  }

  it("goes to the address in the request, also while all places are taken", async () => {
    const { port, answers } = await start();
    const asking = await listen();
    asking.socket.on("message", () => assert.fail("the answer went to the sender"));
    const answer = answers.next();
    asking.socket.send(
      frame6699(0, 0x25, Buffer.from('{"from":"app","ip":"127.0.0.1"}'), UDP_KEY),
      port,
      "127.0.0.1",
    );
    const [command, body] = EXPECTED["3.5o"];
    assert.deepEqual(read(await answer), { command, body });
  });

  it("is listened for again when a closed device is switched on again", async () => {
    const device = await startDevice("3.5");
    await device.close();
    await assert.rejects(device.answerDiscovery({ port: 0 }), /closed/);
    await device.listen();
    assert.ok((await device.answerDiscovery({ port: 0 })) > 0);
  });

  it("is not listened for any more when the device is closed while the port is opened", async () => {
    const device = await startDevice("3.5");
    const [port] = await Promise.all([device.answerDiscovery({ port: 0 }), device.close()]);
    await listen(port);
  });

  it("does not come to another key, another command, a body without `from` or `ip`, or an address elsewhere", async () => {
    const { port, answers } = await start();
    let count = 0;
    answers.socket.on("message", () => count++);
    const json = '{"from":"app","ip":"127.0.0.1"}';
    const wrong = [
      frame6699(0, 0x25, Buffer.from(json), Buffer.from(LOCAL_KEY, "latin1")),
      frame6699(0, 0x13, Buffer.from(json), UDP_KEY),
      frame6699(0, 0x25, Buffer.from(`\0\0\0\0${json}`), UDP_KEY),
      frame6699(0, 0x25, Buffer.from('{"ip":"127.0.0.1"}'), UDP_KEY),
      frame6699(0, 0x25, Buffer.from('{"from":"app"}'), UDP_KEY),
      frame6699(0, 0x25, Buffer.from('{"from":"app","ip":"192.0.2.20"}'), UDP_KEY),
      Buffer.from("nonsense"),
    ];
    for (const datagram of wrong) answers.socket.send(datagram, port, "127.0.0.1");
    const answer = answers.next();
    answers.socket.send(frame6699(0, 0x25, Buffer.from(json), UDP_KEY), port, "127.0.0.1");
    await answer;
    assert.equal(count, 1);
  });
});
