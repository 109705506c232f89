import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Inbox } from "./inbox";
import { PATIENCE_MS } from "./patience";

const PLACES = [
  process.env["MOSQUITTO"],
  "/usr/sbin/mosquitto",
  "/usr/bin/mosquitto",
  "/usr/local/sbin/mosquitto",
];

/** The broker to test with; undefined where there is none on this machine. */
export const MOSQUITTO = PLACES.find((place) => place !== undefined && place !== "" && existsSync(place));

/** Skips the tests of a block where there is no broker, and says so. With `REQUIRE_MOSQUITTO` they fail instead. */
export function needsMosquitto(context: Mocha.Suite): void {
  if (MOSQUITTO !== undefined) return;
  if (process.env["REQUIRE_MOSQUITTO"]) throw new Error("There is no mosquitto on this machine.");
  context.pending = true;
  process.stdout.write("  mosquitto is not installed: the tests with a real broker are skipped.\n");
}

/** A broker on a port of 127.0.0.1, without memory. */
export class Broker {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /** A broker that is not running yet. Whoever makes one removes it. */
  static async create(): Promise<Broker> {
    const port = await freePort();
    const folder = await mkdtemp(path.join(tmpdir(), "tuya-mosquitto-"));
    const user = process.getuid?.() === 0 ? ["user root"] : [];
    const lines = [`listener ${port} 127.0.0.1`, "allow_anonymous true", "persistence false", ...user, ""];
    await writeFile(path.join(folder, "mosquitto.conf"), lines.join("\n"));
    return new Broker(port, folder);
  }

  async start(): Promise<void> {
    if (MOSQUITTO === undefined) throw new Error("There is no mosquitto on this machine.");
    const child = spawn(MOSQUITTO, ["-c", path.join(this.#folder, "mosquitto.conf")], { stdio: "ignore" });
    this.#process = child;
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await isOpen(this.port))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error("mosquitto did not start.");
      await sleep(20);
    }
  }

  /** Ends it at once, as a power cut does: it has kept nothing. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}

/** What arrived at a subscriber. */
export interface Arrival {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  /** Whether it stood at the broker when the subscriber came. */
  readonly retain: boolean;
}

export interface PublishOptions {
  /** Default 1. */
  readonly qos?: 0 | 1;
  readonly retain?: boolean;
  /** Where an answer is wanted. */
  readonly properties?: { readonly responseTopic: string };
}

/** What of the `mqtt` package is needed, which comes with Node-RED. */
interface Client extends NodeJS.EventEmitter {
  subscribeAsync(topic: string, options: { qos: 0 | 1 | 2 }): Promise<unknown>;
  publishAsync(topic: string, payload: string, options: PublishOptions): Promise<unknown>;
  endAsync(isForced: boolean): Promise<void>;
}

interface MqttPackage {
  connectAsync(url: string, options: object): Promise<Client>;
}

/** Somebody else at the broker. */
export class MqttClient {
  readonly arrivals = new Inbox<Arrival>();
  /** The last payload of each topic; those that were emptied are not there. */
  readonly topics = new Map<string, string>();
  readonly #listeners: ((arrival: Arrival) => void)[] = [];
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
    client.on("error", () => undefined);
    client.on(
      "message",
      (topic: string, payload: Buffer, { qos, retain }: { qos: number; retain: boolean }) => {
        const text = payload.toString();
        if (text === "") this.topics.delete(topic);
        else this.topics.set(topic, text);
        const arrival = { topic, payload: text, qos, retain };
        this.arrivals.push(arrival);
        for (const hear of this.#listeners) hear(arrival);
      },
    );
  }

  static async connect(
    port: number,
    filters: readonly string[] = ["#"],
    qos: 0 | 1 = 1,
  ): Promise<MqttClient> {
    const mqtt = require(require.resolve("mqtt", { paths: [mqttNodes()] })) as MqttPackage;
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
      protocolVersion: 5,
      reconnectPeriod: 100,
    });
    const own = new MqttClient(client);
    for (const filter of filters) await client.subscribeAsync(filter, { qos });
    return own;
  }

  async publish(topic: string, payload: string, options: PublishOptions = {}): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1, ...options });
  }

  /** Everything that has arrived, and then whatever arrives. */
  hear(listener: (arrival: Arrival) => void): void {
    for (const arrival of this.arrivals.all) listener(arrival);
    this.#listeners.push(listener);
  }

  /** Resolves once a topic has this payload, or passes this test. */
  async until(topic: string, expected: string | ((payload: string) => boolean)): Promise<string> {
    const fits = typeof expected === "string" ? (payload: string) => payload === expected : expected;
    const present = this.topics.get(topic);
    if (present !== undefined && fits(present)) return present;
    this.arrivals.rest();
    const { payload } = await this.arrivals.find(
      (each) => each.topic === topic && each.payload !== "" && fits(each.payload),
    );
    return payload;
  }

  /** Resolves once a topic is empty. */
  async untilGone(topic: string): Promise<void> {
    if (!this.topics.has(topic)) return;
    this.arrivals.rest();
    await this.arrivals.find((each) => each.topic === topic && each.payload === "");
  }

  async end(): Promise<void> {
    await this.#client.endAsync(true);
  }
}

/** Node-RED's own MQTT nodes. */
export function mqttNodes(): string {
  return require.resolve("@node-red/nodes/core/network/10-mqtt.js");
}
