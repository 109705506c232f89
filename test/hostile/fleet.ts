import { type ChildProcess, fork } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { encodeAnnouncement } from "../../src/protocol/announcement";
import { Command } from "../../src/protocol/command";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../src/protocol/version";
import { Random } from "../support/random";
import { LASTING_ACTS } from "./acts";
import { HostileDevice, type Tried } from "./hostile-device";

/*
 * A fleet of hostile devices in a process of its own, so that what they cost is not taken for what their victim costs, and
 * a liar who announces them from everywhere. On loopback. Ends with the process that started it.
 */

export interface FleetOrder {
  readonly seed: number;
  readonly localKey: string;
  /** How many of them know the key; as many have another one, and as many speak without one. */
  readonly each: number;
  /** Port of 127.0.0.1 on which the victim hears announcements; absent = nothing is announced. */
  readonly udpPort?: number;
}

/** One of the fleet, as the victim is told of it. */
export interface FleetMember {
  readonly deviceId: string;
  readonly version: ProtocolVersion;
  readonly port: number;
  readonly knowsKey: boolean;
}

export interface FleetAccount {
  readonly connections: number;
  readonly datagrams: number;
  readonly tried: readonly (readonly [string, number])[];
}

/** A fleet that runs. */
export class Fleet {
  readonly members: readonly FleetMember[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, members: readonly FleetMember[]) {
    this.#child = child;
    this.members = members;
  }

  static async start(order: FleetOrder): Promise<Fleet> {
    const child = fork(__filename, { execArgv: [] });
    child.send(order);
    const [members] = (await once(child, "message")) as [readonly FleetMember[]];
    return new Fleet(child, members);
  }

  /** Ends it without a word. Harmless when it has ended. */
  kill(): void {
    this.#child.kill();
  }

  /** Stops it; what it did. */
  async stop(): Promise<FleetAccount> {
    const account = once(this.#child, "message") as Promise<[FleetAccount]>;
    const exit = once(this.#child, "exit");
    this.#child.send("stop");
    const [told] = await account;
    await exit;
    return told;
  }
}

/** Acts of one connection: a handful of seconds of them, then it goes on answering. */
const ACTS = 2_000;
const ACT_EVERY_MS = 4;
const ANNOUNCE_EVERY_MS = 5;

async function run({ seed, localKey, each, udpPort }: FleetOrder): Promise<void> {
  const keys = [Buffer.from(localKey, "latin1"), Buffer.from("kV3tWq8ZrX1nLp5e"), undefined];
  const devices = keys.flatMap((key, kind) =>
    Array.from({ length: each }, (_, index) => {
      const version = PROTOCOL_VERSIONS[index % PROTOCOL_VERSIONS.length]!;
      const deviceId = `vfleet${kind}${String(index).padStart(13, "0")}`;
      const options = { deviceId, version, key, seed: seed + 100 * kind + index };
      // Half of them go on for ever; the others end their connections in every way there is, and are connected anew.
      const lasting = { acts: Infinity, only: LASTING_ACTS };
      return new HostileDevice({
        ...options,
        everyMs: ACT_EVERY_MS,
        ...(index % 2 === 0 ? lasting : { acts: ACTS }),
      });
    }),
  );
  await Promise.all(devices.map((device) => device.listen()));
  const announcing = udpPort === undefined ? undefined : announce(devices, udpPort, new Random(seed));
  process.send?.(
    devices.map(({ options: { deviceId, version, key }, port }): FleetMember => {
      return { deviceId, version, port, knowsKey: key === keys[0] };
    }),
  );
  await once(process, "message");
  const datagrams = announcing?.() ?? 0;
  await Promise.all(devices.map((device) => device.close()));
  const tried: Tried = new Map();
  for (const device of devices)
    for (const [name, times] of device.tried) tried.set(name, (tried.get(name) ?? 0) + times);
  const connections = devices.reduce((sum, device) => sum + device.connections, 0);
  const account: FleetAccount = { connections, datagrams, tried: [...tried] };
  process.send?.(account, () => process.exit(0));
}

/** Lies of where the devices are, what they are, and of many that are not. Returns what ends it and tells how many. */
function announce(devices: readonly HostileDevice[], port: number, random: Random): () => number {
  const socket = createSocket("udp4");
  let sent = 0;
  const timer = setInterval(() => {
    const id = random.chance(0.5) ? random.pick(devices).options.deviceId : `vghost${random.uint32()}`;
    const fields = {
      gwId: random.chance(0.05) ? id.padEnd(900, "x") : id,
      ip: random.pick(["127.0.0.1", `127.0.${random.below(3)}.${random.between(2, 250)}`, "not an address"]),
      version: random.pick(["3.1", "3.3", "3.5", "9.9", "\u001b[2J", "v".repeat(300)]),
      productKey: random.text(random.below(60)),
      active: 2,
      encrypt: random.chance(0.5),
    };
    const datagram = encodeAnnouncement(fields, { format: "ecb", command: Command.UDP_NEW });
    socket.send(datagram, port, "127.0.0.1", () => {});
    sent++;
  }, ANNOUNCE_EVERY_MS);
  return () => {
    clearInterval(timer);
    socket.close();
    return sent;
  };
}

if (process.send && process.argv[1] === __filename) {
  process.on("disconnect", () => process.exit(0));
  process.once("message", (order: FleetOrder) => {
    run(order).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
}
