import assert from "node:assert/strict";
import { once } from "node:events";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../../../support/virtual";
import { discoveryOn, freeUdpPort } from "../../../support/editor-discovery";
import { device, input, NodeRed, tab } from "../../../support/flow";
import { announcement, openUdp, sendUdp } from "../../../support/udp";

type Line = Readonly<Record<string, unknown>>;

/** Posts settings, and the lines of the answer. */
async function post(
  red: NodeRed,
  body: object,
): Promise<{ status: number; type: string; lines: Line[]; text: string }> {
  const { status, text, headers } = await red
    .request()
    .post("/tuya/test")
    .send(body)
    .buffer(true)
    .parse(asText);
  const lines = status === 200 ? (text ?? "").trim().split("\n") : [text || "{}"];
  return {
    status,
    type: String(headers["content-type"]),
    lines: lines.map((line) => JSON.parse(line) as Line),
    text: text ?? "",
  };
}

/** Keeps the answer as text: the parser for JSON would not take several objects. */
function asText(response: unknown, done: (error: Error | null, text: string) => void): void {
  const stream = response as NodeJS.ReadableStream & { text?: string };
  let text = "";
  stream.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  stream.on("end", () => {
    stream.text = text;
    done(null, text);
  });
}

describe("POST tuya/test", () => {
  const red = new NodeRed();
  const test = (body: object) => post(red, body);

  it("tells each step in its line and order, and last a conclusion", async () => {
    const virtual = await startDevice("3.4");
    await red.load([tab("t")]);
    const { port } = virtual;
    const { status, type, lines } = await test({
      deviceId: DEVICE_ID,
      ip: "127.0.0.1",
      port: String(port),
      version: "auto",
      localKey: LOCAL_KEY,
    });
    assert.equal(status, 200);
    assert.match(type, /^application\/x-ndjson/);
    assert.deepEqual(
      lines.slice(0, -1).map(({ step, ok }) => [step, ok]),
      ["settings", "address", "tcp", "version", "key", "identity", "datapoints", "heartbeat"].map((step) => [
        step,
        true,
      ]),
    );
    const { verdict, version, dps } = lines.at(-1)!;
    assert.deepEqual(
      { verdict, version, dps },
      { verdict: "OK", version: "3.4", dps: { "1": false, "2": 0, "3": "low" } },
    );
  });

  it("uses the stored key of a node and its connection, and answers without a key", async () => {
    const virtual = await startDevice("3.5");
    const connected = once(virtual, "negotiate");
    await red.load([tab("t"), device("d", virtual), input("i", "t", { device: "d" })]);
    await connected;
    const body = {
      id: "d",
      deviceId: DEVICE_ID,
      ip: "127.0.0.1",
      port: String(virtual.port),
      version: "auto",
    };
    const { lines, text } = await test(body);
    assert.equal(lines.at(-1)?.["verdict"], "OK");
    assert.equal(virtual.clients, 1, "the connection of the flow serves the test");
    assert.ok(!text.includes(LOCAL_KEY) && !text.includes(JSON.stringify(LOCAL_KEY).slice(1, -1)));
  });

  it("tests a sub-device with its gateway's stored connection", async () => {
    const gateway = await startDevice("3.4", { subDevices: { "00a1": { dps: { "1": true } } } });
    await red.load([tab("t"), device("g", gateway), input("i", "t", { device: "g" })]);
    const { lines } = await test({
      id: "new",
      deviceId: "",
      ip: "",
      port: "",
      version: "auto",
      gateway: "g",
      cid: "00a1",
    });
    const { verdict, dps } = lines.at(-1)!;
    assert.deepEqual({ verdict, dps }, { verdict: "OK", dps: { "1": true } });
    const refused = await test({ gateway: "nobody", cid: "00a1" });
    assert.equal(refused.status, 400);
    assert.match(String(refused.lines[0]?.["message"]), /gateway is not deployed/);
  });

  it("says what the form of a sub-device lacks, instead of testing it as a device of its own", async () => {
    const gateway = await startDevice("3.4", { subDevices: { "00a1": { dps: { "1": true } } } });
    const between = { id: "c", type: "tuya-device", name: "Door", gateway: "g", cid: "00a1" };
    await red.load([tab("t"), device("g", gateway), between]);
    const form = { id: "new", deviceId: "", ip: "", port: "", version: "auto" };
    for (const [fields, sentence] of [
      [{ kind: "child", gateway: "", cid: "" }, /^Choose the gateway/],
      [{ kind: "child", gateway: "", cid: "00a1" }, /^Choose the gateway/],
      [{ gateway: "", cid: "00a1" }, /^Choose the gateway/],
      [{ kind: "child", gateway: "g", cid: "" }, /^Enter the node id/],
      [{ gateway: "c", cid: "00a1" }, /^Door is behind a gateway itself/],
    ] as const) {
      const { status, lines } = await test({ ...form, ...fields });
      assert.equal(status, 400);
      assert.match(String(lines[0]?.["message"]), sentence);
    }
  });

  it("does not take what a gateway remembers of a sub-device that is offline for an answer", async () => {
    const gateway = await startDevice("3.4", {
      subDevices: { "00a1": { dps: { "1": true }, online: false } },
    });
    await red.load([tab("t"), device("g", gateway), input("i", "t", { device: "g" })]);
    const { lines } = await test({ kind: "child", gateway: "g", cid: "00a1" });
    const { verdict, says } = lines.at(-1)!;
    assert.equal(verdict, "UNREACHABLE");
    assert.match(String(says), /^The sub-device 00a1 is offline: so says its gateway/);
  });

  for (const ip of ["8.8.8.8", "192.0.2.7", "100.64.0.1", "255.255.255.255", "0.0.0.0", "::1"]) {
    it(`refuses to connect to ${ip}`, async () => {
      await red.load([tab("t")]);
      const { status, lines } = await test({
        deviceId: DEVICE_ID,
        ip,
        port: "",
        version: "auto",
        localKey: LOCAL_KEY,
      });
      assert.equal(status, 400);
      assert.match(String(lines[0]?.["message"]), /private, link-local and loopback/);
    });
  }

  it("refuses bodies that are no settings, and texts without end", async () => {
    await red.load([tab("t")]);
    for (const body of [[], { ip: "1".repeat(300) }, { localKey: 5 }, { localKey: "k".repeat(300) }]) {
      assert.equal((await test(body)).status, 400, JSON.stringify(body).slice(0, 40));
    }
  });

  it("tests a device once at a time, and four devices at most", async () => {
    const silent = await startDevice("3.4", { faults: { silent: true } });
    await red.load([tab("t")]);
    const settings = { ip: "127.0.0.1", port: String(silent.port), version: "3.4", localKey: LOCAL_KEY };
    const begin = async (deviceId: string) => {
      const connected = once(silent, "connect");
      const request = red
        .request()
        .post("/tuya/test")
        .send({ ...settings, deviceId });
      request.end(() => {});
      await Promise.race([connected, once(silent, "reject")]);
      // Not the request itself: awaiting it would send it again.
      return () => void request.abort();
    };
    const running = [await begin("one"), await begin("two"), await begin("three"), await begin("four")];
    const again = await test({ ...settings, deviceId: "one" });
    assert.deepEqual(
      [again.status, again.lines[0]?.["message"]],
      [429, "This device is being tested already."],
    );
    const fifth = await test({ ...settings, deviceId: "five" });
    assert.equal(fifth.status, 429);
    assert.match(String(fifth.lines[0]?.["message"]), /Too many tests/);
    const hungUp = once(silent, "disconnect");
    for (const abort of running) abort();
    await hungUp;
  });
});

describe("GET tuya/devices and tuya/health", () => {
  const red = new NodeRed();

  it("tell what was heard, and how well", async () => {
    const port = await freeUdpPort();
    const virtual = await startDevice("3.3");
    await red.load(
      [tab("t"), device("d", virtual, { name: "Lamp" }), input("i", "t", { device: "d" })],
      undefined,
      discoveryOn(port),
    );
    const empty = await red.request().get("/tuya/devices").expect(200);
    assert.deepEqual(empty.body, []);
    const socket = await openUdp();
    await sendUdp(socket, announcement(DEVICE_ID, { ip: "127.0.0.1", version: "3.3" }), port);
    const { body } = await red.request().get("/tuya/devices").expect(200);
    const [found] = body as Line[];
    const { id, ip, version, configured, name } = found ?? {};
    assert.deepEqual(
      { id, ip, version, configured, name },
      { id: DEVICE_ID, ip: "127.0.0.1", version: "3.3", configured: true, name: "Lamp" },
    );
    const health = (await red.request().get("/tuya/health").expect(200)).body as Line;
    assert.deepEqual(
      [health["enabled"], health["announcements"], health["ports"]],
      [true, 1, [{ port, state: "open" }]],
    );
  });

  it("say so where discovery is switched off", async () => {
    await red.load([tab("t")]);
    assert.deepEqual((await red.request().get("/tuya/devices").expect(200)).body, []);
    const health = (await red.request().get("/tuya/health").expect(200)).body as Line;
    assert.deepEqual([health["enabled"], health["ports"]], [false, []]);
  });
});
