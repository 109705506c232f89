import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { PROTOCOL_VERSIONS } from "../../src/protocol/version";
import { Random } from "../support/random";
import { RawClient } from "../support/raw-client";
import { LOCAL_KEY, startDevice } from "../support/virtual";

describe("a device without faults", () => {
  for (const version of PROTOCOL_VERSIONS) {
    it(`survives clients that send anything (${version})`, async () => {
      const device = await startDevice(version, { overrides: { closeDelayMs: 0 } });
      const random = new Random(Number(version) * 10);
      let client: RawClient | undefined;
      for (let round = 0; round < 300; round++) {
        if (!client?.isOpen) client = await RawClient.open(device, LOCAL_KEY, { negotiate: round % 2 === 0 });
        const command = [3, 5, 7, 9, 10, 13, 16, 18, 0x40][random.below(9)] ?? 7;
        const bytes = client.seal(
          command,
          '{"cid":{},"data":[],"dps":{"1":[null]}}'.slice(0, random.below(45)),
        );
        for (let flips = random.below(3); flips > 0; flips--)
          bytes[random.below(bytes.length)] = random.below(256);
        await client.writeAlone(bytes.subarray(round % 5 === 0 ? random.below(bytes.length) : 0));
      }
      client?.close();
      await (await RawClient.open(device, LOCAL_KEY)).expectQuiet();
    });
  }

  it("disconnects a client that never reads, instead of remembering everything for it", async () => {
    const device = await startDevice("3.3", { dps: { "1": "" } });
    const connected = once(device, "connect");
    const client = await RawClient.open(device, LOCAL_KEY);
    await connected;
    client.stopReading();
    const left = once(device, "disconnect");
    const text = "x".repeat(60_000);
    for (let i = 0; i < 400 && device.clients > 0; i++) {
      device.set({ "1": text + i });
      if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await left;
    assert.equal(device.clients, 0);
  });

  it("frees every port and timer when it is closed", async () => {
    const device = await startDevice("3.5", { behaviour: "3.5o" });
    const udp = createSocket("udp4");
    udp.bind(0, "127.0.0.1");
    await once(udp, "listening");
    device.startAnnouncing({ port: udp.address().port, intervalMs: 10 });
    await device.answerDiscovery({ port: 0 });
    const client = await RawClient.open(device, LOCAL_KEY);
    await client.expectQuiet();
    await device.close();
    await client.ended;
    udp.close();
    assert.equal(device.clients, 0);
    await device.listen();
    await (await RawClient.open(device, LOCAL_KEY)).expectQuiet();
  });

  it("forgets a reboot when it is closed, however soon", async () => {
    for (const turns of [0, 1, 5]) {
      const device = await startDevice("3.3");
      const rebooted = device.reboot(60_000);
      for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
      await device.close();
      await rebooted;
      await assert.rejects(RawClient.open(device, LOCAL_KEY), { code: "ECONNREFUSED" });
    }
  });

  it("closes for good when it is told so while it opens", async () => {
    const device = await startDevice("3.3");
    await device.close();
    const opened = device.listen();
    await device.close();
    await opened;
    await assert.rejects(RawClient.open(device, LOCAL_KEY), { code: "ECONNREFUSED" });
  });

  it("rejects a port that is taken", async () => {
    const { port } = await startDevice("3.3");
    await assert.rejects(startDevice("3.3", { port }), { code: "EADDRINUSE" });
  });
});
