import assert from "node:assert/strict";
import { type DeployedPlace, placeFor, type WantedUse } from "../../../../nodes/admin/keys/stored-key-use";
import { device, NodeRed, tab } from "../../../support/flow";
import { discoveryOn, freeUdpPort } from "../../../support/editor-discovery";
import { announcement, openUdp, sendUdp } from "../../../support/udp";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../../../support/virtual";
import type { VirtualDevice } from "../../../../src/virtual/virtual-device";

const LAMP: DeployedPlace = {
  name: "Lamp",
  deviceId: "lamp",
  ip: "192.168.1.7",
  provenIp: "192.168.1.8",
};

describe("placeFor, the stored key of a node", () => {
  const announced = ["192.168.1.9", "192.168.1.10"];
  const place = (wanted: Partial<WantedUse>) =>
    placeFor(LAMP, { deviceId: "lamp", ip: LAMP.ip, ...wanted }, () => announced);

  it("goes where it is deployed, and where the device has proved itself", () => {
    assert.deepEqual(place({}), { ip: "192.168.1.7" });
    assert.deepEqual(place({ ip: "192.168.1.8" }), { ip: "192.168.1.8" });
    assert.deepEqual(place({ deviceId: "corrected" }), { ip: "192.168.1.7" });
  });

  it("goes to an announced address as to one that is only announced", () => {
    for (const ip of ["", ...announced]) assert.deepEqual(place({ ip }), { ip: "" });
  });

  const elsewhere: readonly [string, Partial<WantedUse>][] = [
    ["another address", { ip: "192.168.1.66" }],
    ["what another device announces", { ip: "", deviceId: "liar" }],
    ["an announced address, for another device", { ip: "192.168.1.9", deviceId: "liar" }],
    ["a host name", { ip: "lamp.example" }],
    ["the same address in other words", { ip: "192.168.001.7" }],
  ];
  for (const [name, wanted] of elsewhere) {
    it(`does not go to ${name}, and says why`, () => {
      const refused = place(wanted);
      assert.ok("refusal" in refused, JSON.stringify(refused));
      assert.match(refused.refusal, /^The stored key of Lamp is not used .+\. Enter the key here, or deploy/);
    });
  }
});

describe("the routes that use a stored key", () => {
  const red = new NodeRed();

  /** Somebody who would like to be sent something under the key of another device. */
  async function liar(): Promise<{ device: VirtualDevice; readonly connections: () => number }> {
    const virtual = await startDevice("3.3", { host: "127.0.0.9" });
    let connections = 0;
    virtual.on("connect", () => connections++);
    return { device: virtual, connections: () => connections };
  }

  const requests = (more: object): readonly (readonly [string, object])[] => {
    const body = { deviceId: DEVICE_ID, version: "3.3", ...more };
    return [
      ["/tuya/test", { id: "d", ...body }],
      ["/tuya/learn", { id: "d", ...body }],
      ["/tuya/children", { gateway: "d", changed: true, ...body }],
    ];
  };

  it("send nobody anything at an address of the caller's choice", async () => {
    const { device: stranger, connections } = await liar();
    // Deployed, and used by nobody: no connection of the flows is used in its place.
    await red.load([tab("t"), device("d", undefined, { ip: "127.0.0.8", port: String(stranger.port) })]);
    const places = [
      { ip: stranger.host, port: String(stranger.port) },
      { ip: "", port: String(stranger.port), deviceId: "vliar000000000000001" },
    ];
    for (const place of places) {
      for (const [url, body] of requests(place)) {
        const { status, body: answer } = await red.request().post(url).send(body);
        assert.equal(status, 400, url);
        assert.match((answer as { message: string }).message, /stored key of .+ is not used/);
      }
    }
    assert.equal(connections(), 0);
  });

  it("use a key that is entered wherever it is entered for", async () => {
    const { device: stranger, connections } = await liar();
    await red.load([tab("t"), device("d", undefined, { ip: "127.0.0.8", port: "1" })]);
    const place = { ip: stranger.host, port: String(stranger.port), localKey: LOCAL_KEY };
    const [[url, body]] = requests(place) as [[string, object]];
    await red.request().post(url).send(body).buffer(true).parse(asText).expect(200);
    assert.ok(connections() > 0);
  });

  it("use it where the device announces itself, and find it there", async () => {
    const virtual = await startDevice("3.4", { host: "127.0.0.7" });
    const udp = await freeUdpPort();
    await red.load([tab("t"), device("d", virtual, { ip: "127.0.0.8" })], undefined, discoveryOn(udp));
    const heard = async (): Promise<number> =>
      ((await red.request().get("/tuya/devices").expect(200)).body as readonly unknown[]).length;
    await heard();
    const said = announcement(DEVICE_ID, { ip: "127.0.0.7", version: "3.4" });
    const socket = await openUdp("127.0.0.7");
    // Again and again, as devices do.
    do await sendUdp(socket, said, udp);
    while ((await heard()) === 0);
    const body = {
      id: "d",
      deviceId: DEVICE_ID,
      ip: "127.0.0.7",
      port: String(virtual.port),
      version: "auto",
    };
    const { text } = await red.request().post("/tuya/test").send(body).buffer(true).parse(asText).expect(200);
    assert.match(text ?? "", /"verdict":"OK"/);
  });
});

/** Keeps the answer as text: it is one JSON object a line. */
function asText(response: unknown, done: (error: Error | null, text: string) => void): void {
  const stream = response as NodeJS.ReadableStream & { text?: string };
  let text = "";
  stream.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  stream.on("end", () => {
    stream.text = text;
    done(null, text);
  });
}
