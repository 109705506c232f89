import { setTimeout as sleep } from "node:timers/promises";
import { freeUdpPort } from "../support/editor-discovery";
import { startNodeRed, type NodeRedServer } from "../support/node-red";
import { Fleet, type FleetAccount, type FleetMember } from "./fleet";
import type { VitalSigns } from "./vital-signs";

/** Invented, with what JSON, HTML and shells like to spoil. */
const KEY = "7{O<&\"$M}N0z/'|q";

export interface NodeRedFuzzOptions {
  readonly seed: number;
  /** Devices that know the key; as many have another one, and as many speak without. */
  readonly each: number;
  readonly seconds: number;
  /** Of its JavaScript heap. */
  readonly megabytes: number;
  /** A look every so often, for whoever watches. */
  readonly watch?: (sample: Sample) => void;
}

/** Node-RED at a moment. */
export interface Sample {
  readonly seconds: number;
  readonly signs: VitalSigns;
}

export interface NodeRedFuzzReport {
  readonly fleet: FleetAccount;
  readonly samples: readonly Sample[];
  /** How long `GET /` took, sorted, in milliseconds; where it failed, as long as it took to fail. */
  readonly answersMs: readonly number[];
  readonly failures: number;
  /** Lines it wrote into its log. */
  readonly lines: number;
  readonly log: string;
}

const LOOK_EVERY_MS = 2_000;
const ASK_EVERY_MS = 250;
const ANSWER_MS = 10_000;

/** A house whose every device is hostile: values in three ways, frames, commands, errors. */
function flowsFor(members: readonly FleetMember[]): object[] {
  const flow: object[] = [{ id: "t", type: "tab", label: "Victim" }];
  const sink = (id: string): object => ({ id, type: "function", z: "t", func: "", wires: [[]] });
  flow.push(sink("sink"), { id: "caught", type: "catch", z: "t", scope: null, wires: [["sink"]] });
  flow.push({ id: "status", type: "status", z: "t", scope: null, wires: [["sink"]] });
  flow.push({ id: "scan", type: "tuya-discover", z: "t", seconds: "0", output: "each", wires: [["sink"]] });
  members.forEach(({ deviceId, version, port }, index) => {
    const device = `d${index}`;
    const known = index % 2 === 0;
    const datapoints = [
      { dp: "1", code: "switch_1", type: "Boolean" },
      { dp: "2", code: "level", type: "Integer", scale: 1 },
      { dp: "3", code: "colour_data", type: "Json" },
      { dp: "17", code: "add_ele", type: "Integer", scale: 3, accumulate: true },
      { dp: "20", code: "phase_a", type: "Raw" },
    ];
    flow.push({
      id: device,
      type: "tuya-device",
      name: `Device ${index}`,
      deviceId,
      ip: known ? "127.0.0.1" : "",
      port: String(port),
      version: known ? version : "auto",
      refresh: "1",
      datapoints,
    });
    const on = (id: string, type: string, more: object): object => ({ id, type, z: "t", device, ...more });
    flow.push(
      on(`a${index}`, "tuya-in", { output: "each", when: "all", wires: [["sink"]] }),
      on(`b${index}`, "tuya-in", {
        output: "each",
        when: "change",
        deadband: "5 %",
        throttle: "1",
        wires: [["sink"]],
      }),
      on(`c${index}`, "tuya-in", {
        output: "object",
        when: "push",
        state: true,
        wires: [["sink"], ["sink"]],
      }),
      on(`o${index}`, "tuya-out", {
        offline: "queue",
        queueSeconds: "10",
        confirm: "report",
        wires: [["sink"]],
      }),
      on(`r${index}`, "tuya-raw", { direction: "both", wires: [["sink"]] }),
      {
        id: `i${index}`,
        type: "inject",
        z: "t",
        props: [{ p: "payload" }],
        payload: "true",
        payloadType: "bool",
        repeat: "3",
        once: true,
        onceDelay: "1",
        wires: [[`o${index}`]],
      },
    );
  });
  // Without a place on its tab a node counts as a configuration, and a Catch that does catches nothing.
  return flow.map((node) => ("z" in node ? { x: 100, y: 100, ...node } : node));
}

const keysFor = (members: readonly FleetMember[]): object =>
  Object.fromEntries(members.map((_member, index) => [`d${index}`, { localKey: KEY }]));

/** Asks for the editor's page again and again, as somebody who sits before it. */
async function ask(url: string, signal: AbortSignal): Promise<{ answersMs: number[]; failures: number }> {
  const answersMs: number[] = [];
  let failures = 0;
  while (!signal.aborted) {
    const began = performance.now();
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
      await answer.text();
      if (!answer.ok) failures++;
    } catch {
      failures++;
    }
    answersMs.push(performance.now() - began);
    await sleep(ASK_EVERY_MS);
  }
  return { answersMs: answersMs.sort((a, b) => a - b), failures };
}

async function look(server: NodeRedServer, options: NodeRedFuzzOptions): Promise<Sample[]> {
  const samples: Sample[] = [];
  const began = performance.now();
  while (performance.now() - began < options.seconds * 1_000) {
    await sleep(Math.min(LOOK_EVERY_MS, options.seconds * 250));
    const signs = await server.vitalSigns();
    const sample = { seconds: (performance.now() - began) / 1_000, signs };
    samples.push(sample);
    options.watch?.(sample);
  }
  return samples;
}

/** Lets a fleet loose on a Node-RED in a process of its own. Rejects when that does not live to the end. */
export async function fuzzNodeRed(options: NodeRedFuzzOptions): Promise<NodeRedFuzzReport> {
  const { seed, each, megabytes } = options;
  const udpPort = await freeUdpPort();
  const fleet = await Fleet.start({ seed, localKey: KEY, each, udpPort });
  let server: NodeRedServer | undefined;
  try {
    server = await startNodeRed({
      flows: flowsFor(fleet.members),
      credentials: keysFor(fleet.members),
      execArgv: [`--max-old-space-size=${megabytes}`, "--expose-gc"],
      settings: { tuyaDeviceDiscovery: { bind: "127.0.0.1", ports: [udpPort], probe: [] } },
    });
    const over = new AbortController();
    const asking = ask(server.url, over.signal);
    const samples = await look(server, options);
    over.abort();
    const { answersMs, failures } = await asking;
    const log = server.output();
    return { fleet: await fleet.stop(), samples, answersMs, failures, lines: log.split("\n").length, log };
  } finally {
    await server?.stop();
    fleet.kill();
  }
}
