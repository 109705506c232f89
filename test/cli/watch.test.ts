import assert from "node:assert/strict";
import { quietDiscovery, runCli, startCli } from "../support/cli";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";

describe("tuya-lan watch", () => {
  it("tells the connection and the data points as they change, until Ctrl-C", async () => {
    const device = await startDevice("3.4");
    const args = ["--id", DEVICE_ID, "--ip", device.host, "--port", String(device.port), "--version", "3.4"];
    const command = startCli(["watch", ...args], LOCAL_KEY);
    await command.line(/connecting to 127\.0\.0\.1/);
    await command.line(/ready at 127\.0\.0\.1, protocol 3\.4/);
    await command.line(/1 = false$/);
    await command.line(/3 = "low"$/);
    device.set({ "2": 70 });
    await command.line(/2 = 70 {2}\(was 0\)$/);
    command.interrupt();
    const { status, out, err } = await command.finished;
    assert.deepEqual([status, err], [0, ""]);
    assert.ok(!out.includes(LOCAL_KEY));
    assert.doesNotMatch(out.replaceAll("\n", ""), /\p{Cc}/u);
  });

  it("prints JSON lines, and why there is no connection", async () => {
    const device = await startDevice("3.4");
    const { host, port } = device;
    const args = ["--id", DEVICE_ID, "--ip", host, "--port", String(port), "--version", "3.4", "--json"];
    args.push("--name", "Lamp");
    const command = startCli(["watch", ...args], LOCAL_KEY);
    const read = async (wanted: RegExp): Promise<Record<string, unknown>> =>
      JSON.parse(await command.line(wanted)) as Record<string, unknown>;

    const { event, ip, version, keyProven } = await read(/"ready"/);
    assert.deepEqual([event, ip, version, keyProven], ["state", host, "3.4", true]);
    const initial = await read(/"report"/);
    assert.deepEqual(
      [initial["reason"], initial["dps"], initial["changed"]],
      ["initial", { "1": false, "2": 0, "3": "low" }, ["1", "2", "3"]],
    );
    device.set({ "1": true });
    const pushed = await read(/"push"/);
    assert.deepEqual([pushed["dps"], pushed["previous"]], [{ "1": true }, { "1": false }]);
    await device.close();
    const lost = await read(/"waiting"/);
    assert.deepEqual([lost["state"], typeof lost["code"]], ["waiting", "string"]);
    assert.match(String(lost["message"]), /^Lamp /);
    command.child.kill("SIGTERM");
    assert.equal((await command.finished).status, 0);
  });

  it("follows the announcements where no address is given", async () => {
    const { port, options } = await quietDiscovery();
    const device = await startDevice("3.3", { host: "127.0.0.26" });
    const args = ["watch", "--id", DEVICE_ID, "--port", String(device.port), ...options];
    const command = startCli(args, LOCAL_KEY);
    await command.line(/waiting for an announcement/);
    device.startAnnouncing({ port, intervalMs: 50 });
    await command.line(/ready at 127\.0\.0\.26/);
    command.interrupt();
    assert.equal((await command.finished).status, 0);
  });

  it("follows a sub-device", async () => {
    const cid = "00a1b2c3d4e5f601";
    const device = await startDevice("3.4", { subDevices: { [cid]: { dps: { "1": 215 } } } });
    const args = ["--id", DEVICE_ID, "--ip", device.host, "--port", String(device.port), "--cid", cid];
    const command = startCli(["watch", ...args], LOCAL_KEY);
    await command.line(new RegExp(`${cid} 1 = 215$`));
    command.interrupt();
    assert.equal((await command.finished).status, 0);
  });

  it("refuses settings that cannot be right with a sentence and 2", async () => {
    const { status, out, err } = await runCli(
      ["watch", "--id", DEVICE_ID, "--ip", "127.0.0.1"],
      `"${LOCAL_KEY}"`,
    );
    assert.deepEqual([status, out], [2, ""]);
    assert.match(err, /has quotes around it/);
    assert.ok(!err.includes(LOCAL_KEY));
  });

  it("explains itself", async () => {
    const { status, out } = await runCli(["watch", "--help"]);
    assert.equal(status, 0);
    assert.match(out, /Follows a device until Ctrl-C.*TUYA_LOCAL_KEY.*Exit status: 0 after Ctrl-C/s);
  });
});
