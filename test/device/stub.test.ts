import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer, type Server, type Socket } from "node:net";
import { Command } from "../../src/protocol/command";
import { Client } from "../support/client";
import { DEVICE_ID, LOCAL_KEY } from "../support/virtual";
import type { Dps } from "../../src/protocol/dps";

/*
 * A peer that nobody here wrote: the stub device of the tuyapi project. It writes no return codes, numbers no pushes,
 * reports in CONTROL frames what others report in STATUS, and answers 3.1 in clear. Its own `startServer` would listen on
 * every interface, and `startUDPBroadcast` would broadcast: neither is called.
 */
interface TuyaStub {
  server: Server | undefined;
  socket: Socket | undefined;
  parser: object;
  _handleRequest(data: Buffer): void;
  setProperty(property: string, value: unknown): void;
  getState(): Dps;
}

const load = createRequire(`${process.cwd()}/test/device/stub.test.ts`);
const Stub = load("@tuyapi/stub") as new (options: object) => TuyaStub;
const loadForStub = createRequire(load.resolve("@tuyapi/stub"));
const { MessageParser } = loadForStub("tuyapi/lib/message-parser") as {
  MessageParser: new (options: object) => object;
};

for (const version of ["3.1", "3.3"] as const) {
  describe(`the stub device of tuyapi, ${version}`, () => {
    let stub: TuyaStub;
    let server: Server;
    let client: Client;
    const commands: number[] = [];

    beforeEach(async () => {
      commands.length = 0;
      stub = new Stub({ id: DEVICE_ID, key: LOCAL_KEY, state: { "1": false, "2": 55 } });
      stub.parser = new MessageParser({ key: LOCAL_KEY, version });
      server = createServer((socket) => {
        stub.socket = socket;
        socket.on("error", () => undefined);
        socket.on("data", (data) => {
          commands.push(data.readUInt32BE(8));
          stub._handleRequest(data);
        });
      });
      stub.server = server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      client = new Client(
        { deviceId: DEVICE_ID, localKey: LOCAL_KEY, ip: "127.0.0.1", port, version },
        { timings: { heartbeatIntervalMs: 50 } },
      );
      client.device.connect();
      await client.reported("first values", ({ reason }) => reason === "initial");
    });

    afterEach(() => {
      stub.socket?.destroy();
      server.close();
    });

    it("is queried", async () => {
      assert.deepEqual(await client.device.query(), { "1": false, "2": 55 });
    });

    it("is set", async () => {
      if (version === "3.1") {
        // It encrypts nothing it says: that it has the value anybody could have said.
        await assert.rejects(client.device.set({ "1": true }), {
          code: "KEY_OR_VERSION",
          message: /says that it has the value, but in clear: .*nothing has proved the local key/,
        });
        assert.equal(stub.getState()["1"], true);
        return;
      }
      await client.device.set({ "1": true });
      assert.equal(stub.getState()["1"], true);
      const { confirmed } = await client.device.set({ "2": 7 }, { confirm: "report" });
      assert.deepEqual(confirmed, { "2": 7 });
      assert.deepEqual(stub.getState(), { "1": true, "2": 7 });
    });

    it("pushes", async () => {
      client.forget();
      stub.setProperty("2", 99);
      const report = await client.reported("the push", ({ dps }) => dps["2"] === 99);
      assert.equal(report.reason, "push");
      assert.deepEqual(report.changed, ["2"]);
    });

    it("answers heartbeats", async () => {
      const frames = client.watchFrames();
      await client.until("two heartbeats and their answers", () => {
        const beats = frames.filter(({ command }) => command === Command.HEART_BEAT);
        return beats.filter(({ direction }) => direction === "in").length >= 2;
      });
      assert.equal(client.device.state.kind, "ready");
    });
  });
}
