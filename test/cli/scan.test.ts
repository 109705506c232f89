import assert from "node:assert/strict";
import { once } from "node:events";
import { quietDiscovery, runCli, startCli } from "../support/cli";
import { openUdp } from "../support/udp";
import { startDevice } from "../support/virtual";

describe("tuya-lan scan", () => {
  it("lists announced devices in a table, by address, and ends with 0", async () => {
    const { port, options } = await quietDiscovery();
    const far = await startDevice("3.5", { id: "vdev0000000000000022", host: "127.0.0.22" });
    const near = await startDevice("3.3", { id: "vdev03", host: "127.0.0.3", productKey: "vkey" });
    for (const device of [far, near]) device.startAnnouncing({ port, intervalMs: 50 });
    const { status, out, err } = await runCli(["scan", "--seconds", "1", ...options]);
    assert.equal(
      out,
      [
        "ID                    ADDRESS     VERSION  PRODUCT",
        "vdev03                127.0.0.3   3.3      vkey",
        "vdev0000000000000022  127.0.0.22  3.5      vproductkey00001",
        "2 devices",
        "",
      ].join("\n"),
    );
    assert.deepEqual([status, err], [0, ""]);
  });

  it("asks devices that speak only when they are asked", async () => {
    const { port } = await quietDiscovery();
    const device = await startDevice("3.5", { behaviour: "3.5o", host: "127.0.0.23" });
    const asked = await device.answerDiscovery({ port: 0, replyPort: port });
    const options = ["--bind", "127.0.0.1", "--ports", String(port), "--probe", `127.0.0.23:${asked}`];
    const { status, out } = await runCli(["scan", "--seconds", "1", ...options]);
    assert.equal(status, 0);
    assert.match(out, /^vdev0000000000000001 +127\.0\.0\.23 +3\.5 /m);
  });

  it("prints a JSON object per device as soon as it is heard", async () => {
    const { port, options } = await quietDiscovery();
    const device = await startDevice("3.4", { host: "127.0.0.24" });
    device.startAnnouncing({ port, intervalMs: 50 });
    const command = startCli(["scan", "--seconds", "3600", "--json", ...options]);
    const heard = JSON.parse(await command.line(/\{/)) as Record<string, unknown>;
    const { id, ip, sender, version, productKey, encrypted, paired } = heard;
    assert.deepEqual(
      { id, ip, sender, version, productKey, encrypted, paired },
      {
        id: "vdev0000000000000001",
        ip: "127.0.0.24",
        sender: "127.0.0.24",
        version: "3.4",
        productKey: "vproductkey00001",
        encrypted: true,
        paired: true,
      },
    );
    command.interrupt();
    const { status, out } = await command.finished;
    assert.deepEqual([status, out.trimEnd().split("\n").length], [0, 1]);
  });

  it("lists what it has heard when it is interrupted", async () => {
    const { port } = await quietDiscovery();
    const device = await startDevice("3.4");
    const listener = await openUdp();
    const asked = once(listener, "message");
    const probe = ["--probe", `127.0.0.1:${listener.address().port}`];
    const options = ["--bind", "127.0.0.1", "--ports", String(port), ...probe];
    const command = startCli(["scan", "--seconds", "3600", ...options]);
    await asked;
    await device.announce({ port });
    // Nothing shows that it has been heard.
    await new Promise((resolve) => setTimeout(resolve, 250));
    command.interrupt();
    const { status, out } = await command.finished;
    assert.equal(status, 0);
    assert.match(out, /vdev0000000000000001/);
  });

  it("says why nothing is heard, and ends with 1", async () => {
    const { port, options } = await quietDiscovery();
    const { status, out, err } = await runCli(["scan", "--seconds", "0.2", ...options]);
    assert.deepEqual([status, out], [1, ""]);
    assert.match(err, new RegExp(`Not a single Tuya device was heard on UDP port ${port}`));
  });

  it("explains itself", async () => {
    const { status, out } = await runCli(["scan", "--help"]);
    assert.equal(status, 0);
    assert.match(out, /--seconds.*--bind.*--probe.*--json.*Exit status: 0 when/s);
  });

  it("refuses impossible arguments with a sentence and 2", async () => {
    const wrong: [args: string[], says: RegExp][] = [
      [["--seconds", "long"], /--seconds wants a number/],
      [["--bind", "everywhere"], /--bind wants an IPv4 address/],
      [["--probe", "127.0.0.1:x"], /--probe wants host or host:port, .*, not "127\.0\.0\.1:x"/],
      [["--probe", "127.0.0.1:0"], /--probe wants host or host:port, with a port from 1 to 65535/],
      [["--probe", "127.0.0.1:7000:1"], /--probe wants host or host:port/],
      [["--ports", "6667,99999"], /--ports wants a number from 1 to 65535, not "99999"/],
      [["--ports", "0"], /--ports wants a number from 1 to 65535, not "0"/],
      [["--ports", "6667,"], /--ports wants a number from 1 to 65535, not ""/],
      [["--seconds", "--json"], /^Option '--seconds' argument is ambiguous\.\n$/],
      [["--loud"], /Unknown option '--loud'\.\n$/],
    ];
    for (const { status, err, says } of await Promise.all(
      wrong.map(async ([args, said]) => ({ ...(await runCli(["scan", ...args])), says: said })),
    )) {
      assert.equal(status, 2);
      assert.match(err, says);
      assert.doesNotMatch(err, /^ {4}at /m);
    }
  });
});
