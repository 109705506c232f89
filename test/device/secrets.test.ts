import assert from "node:assert/strict";
import { inspect } from "node:util";
import { type Client, clientOf, connect } from "../support/client";
import { describeGenerations, GENERATIONS, startGeneration } from "../support/generations";
import { ecb, openGcm } from "../support/raw-client";
import { LOCAL_KEY } from "../support/virtual";
import { createCipheriv, createDecipheriv } from "node:crypto";

const OTHER_KEY = "kV3tWq8ZrX1nLp5e";
const DEVICE_NONCE = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");

/** All that a client said to anybody: states, reports, frames, logs, errors. */
class Everything {
  readonly #texts: string[] = [];

  note(value: unknown): void {
    this.#texts.push(inspect(value, { depth: 8, maxArrayLength: null, maxStringLength: null }));
    this.#texts.push(JSON.stringify(value) ?? "");
    if (value instanceof Error) this.#texts.push(value.message, value.stack ?? "");
    for (const leaf of leavesOf(value)) {
      if (typeof leaf === "string") this.#texts.push(leaf);
      else this.#texts.push(leaf.toString("latin1"), leaf.toString("hex"), leaf.toString("base64"));
    }
  }

  /** Where a secret stands, in any of the forms a careless program would write it. */
  find(secret: Buffer): string | undefined {
    const base64 = secret.toString("base64");
    const forms = [
      secret.toString("latin1"),
      secret.toString("hex"),
      // In the middle of a longer text only whole groups of four can be found.
      base64.slice(0, 20),
      JSON.stringify(secret.toString("latin1")).slice(1, -1),
      [...secret].join(","),
      [...secret].join(", "),
      inspect(secret).slice(8, -1),
    ];
    for (const form of forms) {
      const text = this.#texts.find((candidate) => candidate.toLowerCase().includes(form.toLowerCase()));
      if (text !== undefined) return `${form} in ${text.slice(0, 400)}`;
    }
    return undefined;
  }
}

/** The texts and bytes anywhere in a value. */
function leavesOf(value: unknown): (string | Buffer)[] {
  if (typeof value === "string" || Buffer.isBuffer(value)) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

/** Listens to all a client says. */
function overhear(client: Client): Everything {
  const everything = new Everything();
  const { device } = client;
  device.on("state", (...args) => everything.note(args));
  device.on("report", (report) => everything.note(report));
  device.on("frame", (frame) => everything.note(frame));
  device.on("children", (children) => everything.note([...children]));
  return everything;
}

describeGenerations("the secrets of a device", GENERATIONS, (generation) => {
  const { version, negotiates } = generation;

  it("appear nowhere while all is well", async () => {
    const device = await startGeneration(generation, negotiates ? { nonce: DEVICE_NONCE } : {});
    const client = clientOf(device);
    const everything = overhear(client);
    const frames = client.watchFrames();
    client.device.connect();
    await client.reported("first values", ({ reason }) => reason === "initial");
    await client.device.set({ "1": true }, { confirm: "report" });
    await client.device.query();
    await client.device.refresh();
    device.set({ "3": "push" });
    await client.reported("the push", ({ dps }) => dps["3"] === "push");
    for (const line of client.logs.lines) everything.note(line);
    everything.note(client.device.settings.name);
    assert.equal(everything.find(Buffer.from(LOCAL_KEY, "latin1")), undefined);
    if (!negotiates) return;

    // A session key that begins with 00 is not used: once in 256 times there is a second negotiation.
    const start = frames.findLast(({ command, direction }) => command === 3 && direction === "out");
    assert.ok(start, "the negotiation is seen");
    const clientNonce = openStart(start.raw, version);
    assert.equal(clientNonce.length, 16);
    const sessionKey = sessionKeyOf(version, clientNonce);
    // The right session key was derived: it opens what followed.
    const query = frames.find(({ command, direction }) => command === 16 && direction === "out");
    assert.ok(query && opens(query.raw, version, sessionKey), "not the session key");
    for (const secret of [sessionKey, clientNonce, DEVICE_NONCE])
      assert.equal(everything.find(secret), undefined);
    for (const frame of frames.filter(({ command }) => command >= 3 && command <= 5))
      assert.equal(frame.payload.length, 0);
  });

  it("appear nowhere when everything goes wrong", async () => {
    const device = await startGeneration(generation);
    const client = clientOf(device, {
      settings: { localKey: OTHER_KEY, version: "auto" },
      timings: { negotiationTimeoutMs: 60, replyTimeoutMs: 60, settleMs: 20, hopelessBackoffMs: 20 },
    });
    const everything = overhear(client);
    client.device.connect();
    await client.until(
      "an outcome",
      () => client.kinds.includes("waiting") || client.kinds.includes("ready"),
    );
    for (const request of [
      client.device.set({ "1": true }),
      client.device.query(),
      client.device.whenReady(1),
    ]) {
      await request.catch((error: unknown) => everything.note(error));
    }
    for (const faults of [
      { garbage: true },
      { corrupt: true },
      { halfFrame: true },
      { reset: true },
      { busy: true },
    ]) {
      device.faults = faults;
      client.device.reconnect();
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    client.device.configure({ ...client.device.settings, localKey: `${OTHER_KEY}x`, port: NaN });
    await client.reached("waiting");
    for (const line of client.logs.lines) everything.note(line);
    await client.device.close();
    for (const key of [LOCAL_KEY, OTHER_KEY])
      assert.equal(everything.find(Buffer.from(key, "latin1")), undefined);
  });
});

describe("a search for secrets", () => {
  it("finds one where there is one", async () => {
    const device = await startGeneration(GENERATIONS[2]!);
    const client = await connect(device);
    const secret = Buffer.from(LOCAL_KEY, "latin1");
    for (const careless of [
      new Error(`key ${LOCAL_KEY}`),
      { key: secret },
      [{ raw: Buffer.concat([Buffer.alloc(3), secret]) }],
      secret.toString("hex"),
      JSON.stringify({ localKey: LOCAL_KEY }),
      client.device.settings,
    ]) {
      const everything = new Everything();
      everything.note(careless);
      assert.ok(everything.find(secret), inspect(careless));
    }
  });
});

/** The client's nonce in a START frame. */
function openStart(raw: Buffer, version: string): Buffer {
  const key = Buffer.from(LOCAL_KEY, "latin1");
  return version === "3.5" ? openGcm(raw, key) : unEcb(raw.subarray(16, -36), key);
}

function opens(raw: Buffer, version: string, key: Buffer): boolean {
  try {
    const plain = version === "3.5" ? openGcm(raw, key) : unEcb(raw.subarray(16, -36), key);
    return plain.toString() === "{}";
  } catch {
    return false;
  }
}

function sessionKeyOf(version: string, clientNonce: Buffer): Buffer {
  const key = Buffer.from(LOCAL_KEY, "latin1");
  const mixed = Buffer.from(clientNonce.map((byte, i) => byte ^ DEVICE_NONCE[i]!));
  if (version === "3.4") return ecb(key, mixed, false);
  return createCipheriv("aes-128-gcm", key, clientNonce.subarray(0, 12)).update(mixed);
}

function unEcb(bytes: Buffer, key: Buffer): Buffer {
  const decipher = createDecipheriv("aes-128-ecb", key, null);
  return Buffer.concat([decipher.update(bytes), decipher.final()]);
}
