import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection, type ConnectionOwner } from "../../../src/session/connection/connection";
import { FrameDecoder } from "../../../src/protocol/frame-decoder";
import { dialectOf } from "../../../src/protocol/version";
import { SHORT_TIMINGS } from "../../support/client";
import { build55aa, build6699 } from "../../support/build";
import { framesOf } from "../../support/frames";
import { Logs } from "../../support/logs";
import { LOCAL_KEY } from "../../support/virtual";
import type { ConnectionEnd } from "../../../src/session/connection/connection-end";

const COMMAND = 0x12;

describe("Connection", () => {
  let server: Server;
  let port: number;
  let accepted: Socket[];
  let connection: Connection | undefined;
  const logs = new Logs();

  beforeEach(async () => {
    accepted = [];
    logs.lines.length = 0;
    server = createServer({ pauseOnConnect: true }, (socket) => {
      socket.on("error", () => undefined);
      accepted.push(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    port = typeof address === "object" && address ? address.port : 0;
  });

  afterEach(async () => {
    connection?.end({ reason: "asked" });
    for (const socket of accepted) socket.destroy();
    server.close();
    await once(server, "close");
  });

  /** A 3.3 connection, established as soon as TCP stands, and how it ends. */
  function open(
    owner: Partial<ConnectionOwner> = {},
    timings: Partial<typeof SHORT_TIMINGS> = {},
  ): { opened: Promise<Connection>; ends: ConnectionEnd[] } {
    const ends: ConnectionEnd[] = [];
    const opened = new Promise<Connection>((resolve) => {
      const own: Connection = new Connection(
        dialectOf("3.3"),
        {
          host: "127.0.0.1",
          port,
          localKey: Buffer.from(LOCAL_KEY, "latin1"),
          settleMs: 0,
          timings: { ...SHORT_TIMINGS, ...timings },
          logger: logs,
        },
        {
          opened() {},
          established: () => resolve(own),
          message() {},
          unreadable() {},
          isOwn: () => false,
          ...owner,
          ended: (end) => {
            ends.push(end);
            owner.ended?.(end);
          },
        },
      );
      connection = own;
    });
    return { opened, ends };
  }

  it("numbers what it sends from 1 on, each frame written by itself as a whole", async () => {
    const writes: Buffer[] = [];
    const original = Reflect.get(Socket.prototype, "write") as (...args: unknown[]) => boolean;
    Reflect.set(Socket.prototype, "write", function (this: Socket, ...args: unknown[]): boolean {
      writes.push(args[0] as Buffer);
      return original.apply(this, args);
    });
    try {
      const { opened } = open();
      const client = await opened;
      for (let i = 1; i <= 5; i++) assert.equal(client.send(COMMAND, Buffer.from(`{"dpId":[${i}]}`)), i);
    } finally {
      Reflect.set(Socket.prototype, "write", original);
    }
    assert.equal(writes.length, 5);
    for (const [index, bytes] of writes.entries()) {
      const [frame] = framesOf(new FrameDecoder().push(bytes));
      assert.equal(frame?.bytes.length, bytes.length);
      assert.equal(frame?.sequence, index + 1);
    }
  });

  it("lets frames that are being written go out before it closes: half of one hangs older firmware", async () => {
    const { opened, ends } = open({}, { closeGraceMs: 4_000 });
    const client = await opened;
    const payload = Buffer.from(JSON.stringify({ dpId: Array.from({ length: 2_000 }, (_, i) => i) }));
    let sent = 0;
    // More than the kernel takes off our hands, while the other end reads nothing.
    for (; sent < 2_000; sent++) client.send(COMMAND, payload);
    client.end({ reason: "asked" });
    assert.deepEqual(ends, [{ reason: "asked" }]);
    assert.equal(client.send(COMMAND, payload), undefined);

    const decoder = new FrameDecoder();
    let received = 0;
    const [socket] = accepted;
    assert.ok(socket);
    socket.on("data", (chunk: Buffer) => (received += framesOf(decoder.push(chunk)).length));
    socket.resume();
    await once(socket, "end");
    assert.equal(received, sent);
    assert.equal(decoder.pending, 0);
    socket.end();
    await client.closed;
  });

  it("closes all the same where the other end reads nothing, after the time it was given", async () => {
    const { opened } = open({}, { closeGraceMs: 40 });
    const client = await opened;
    for (let i = 0; i < 2_000; i++) client.send(COMMAND, Buffer.alloc(8_000, 0x20));
    client.end({ reason: "asked" });
    await client.closed;
  });

  it("is not stalled while frames become whole, however they are cut", async () => {
    const { opened, ends } = open({}, { stalledFrameMs: 500 });
    const client = await opened;
    const frame = build55aa(0, 9, Buffer.alloc(4));
    // Each piece ends in the middle of a frame.
    accepted[0]?.write(frame.subarray(0, 10));
    for (let i = 0; i < 60; i++) {
      await sleep(10);
      accepted[0]?.write(Buffer.concat([frame.subarray(10), frame.subarray(0, 10)]));
    }
    assert.deepEqual(ends, []);
    await client.closed;
    assert.deepEqual(ends, [{ reason: "stalled" }]);
  });

  it("is stalled where a frame grows and grows and never becomes whole", async () => {
    const { opened, ends } = open({}, { stalledFrameMs: 60 });
    const client = await opened;
    const frame = build55aa(0, 9, Buffer.alloc(4_000));
    let at = 0;
    const trickle = setInterval(() => accepted[0]?.write(frame.subarray(at, ++at)), 3);
    await client.closed;
    clearInterval(trickle);
    assert.deepEqual(ends, [{ reason: "stalled" }]);
  });

  it("passes on frames that belong to it, and nothing else", async () => {
    let messages = 0;
    const { opened } = open({ message: () => void messages++ });
    const client = await opened;
    const frame = build55aa(0, 9, Buffer.alloc(4));
    const damaged = Buffer.from(frame);
    damaged[17] = 0x55;
    const strange = [
      Buffer.from("noise"),
      Buffer.from("000055aa".repeat(9), "hex"),
      damaged,
      build6699(1, 9, frame),
    ];
    for (const bytes of strange) accepted[0]?.write(bytes);
    const more = Buffer.concat([frame, frame]);
    for (const byte of more) accepted[0]?.write(Buffer.of(byte));
    accepted[0]?.end();
    await client.closed;
    assert.equal(messages, 2);
  });

  it("reads no more than it may of a device that floods it, and keeps none of the rest", async () => {
    let messages = 0;
    const { opened } = open({ message: () => void messages++ });
    const client = await opened;
    const socket = accepted[0]!;
    const frame = build55aa(0, 8, Buffer.from("a refusal in clear"));
    const flood = Buffer.concat(Array.from({ length: 1_000 }, () => frame));
    // Until neither this process nor the kernel takes any more.
    let isFull = false;
    for (let i = 0; i < 1_000 && !isFull; i++) {
      isFull =
        !socket.write(flood) && (await Promise.race([once(socket, "drain"), sleep(200)])) === undefined;
    }
    assert.ok(isFull, `everything was taken, ${messages} messages`);
    assert.ok(messages > 100 && messages < 20_000, `${messages} messages`);
    client.end({ reason: "asked" });
    await client.closed;
  });

  it("ends once, with the first reason", async () => {
    const { opened, ends } = open();
    const client = await opened;
    client.end({ reason: "dead" });
    client.end({ reason: "asked" });
    await client.closed;
    assert.deepEqual(ends, [{ reason: "dead" }]);
  });

  it("is gone for whoever asks while it tells that the device has hung up", async () => {
    const gone = new Promise<void>((resolve) => {
      open({ ended: () => void connection?.closed.then(resolve) });
    });
    await once(server, "connection");
    accepted.at(-1)?.resume().end();
    await gone;
  });

  it("ends with a fault that is logged, and reaches nobody else, where its owner throws", async () => {
    const broken = (): never => {
      throw new Error("owner is broken");
    };
    for (const owner of [{ opened: broken }, { message: broken }, { established: broken }]) {
      const { ends } = open(owner);
      const current = connection!;
      await once(server, "connection");
      accepted.at(-1)?.write(build55aa(0, 9, Buffer.alloc(4)));
      await current.closed;
      assert.deepEqual(ends, [{ reason: "fault" }]);
    }
    assert.equal(logs.of("error").filter((text) => text.includes("owner is broken")).length, 3);
  });

  it("tells a refusal from an address where nobody is", async () => {
    const refused = port;
    server.close();
    const { ends } = open();
    await connection?.closed;
    assert.deepEqual(ends, [{ reason: "refused" }]);
    server = createServer().listen(refused, "127.0.0.1");
    await once(server, "listening");
  });

  it("tells being turned away from being hung up on", async () => {
    server.once("connection", (socket) => socket.resetAndDestroy());
    const turnedAway = open({ established() {} });
    await connection?.closed;
    assert.deepEqual(turnedAway.ends, [{ reason: "busy" }]);
    server.once("connection", (socket) => socket.once("data", () => socket.resetAndDestroy()).resume());
    const hungUp = open({ established: () => void connection?.send(COMMAND, Buffer.from("{}")) });
    await connection?.closed;
    assert.deepEqual(hungUp.ends, [{ reason: "closed", answered: false }]);
  });
});
