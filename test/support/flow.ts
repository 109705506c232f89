import helper from "node-red-node-test-helper";
import type { Node, NodeAPI, NodeDef, NodeInitializer, NodeMessage } from "node-red";
import { type EventEmitter, once } from "node:events";
import { type AcquireDevice } from "../../nodes/link/direct-link";
import { discoverySharer, type ShareOptions } from "../../nodes/runtime/discovery-share";
import { type LearnOptions } from "../../nodes/admin/learn/learn-route";
import { registerAdminRoutes } from "../../nodes/admin/register";
import { registerTuyaDevice } from "../../nodes/tuya-device/tuya-device";
import { registerTuyaDiscover } from "../../nodes/tuya-discover/tuya-discover";
import type { MqttTimings } from "../../nodes/tuya-in/mqtt/options";
import { registerTuyaIn } from "../../nodes/tuya-in/tuya-in";
import tuyaOut from "../../nodes/tuya-out/tuya-out";
import tuyaRaw from "../../nodes/tuya-raw/tuya-raw";
import { acquireDevice } from "../../src/device/registry";
import type { Timings } from "../../src/session/timings";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { Inbox } from "./inbox";
import { NODE_RED } from "./node-red";
import { LOCAL_KEY } from "./virtual";

export type FlowNode = { readonly id: string; readonly type: string } & Readonly<Record<string, unknown>>;
export type Credentials = Readonly<Record<string, Readonly<Record<string, string>>>>;
export type DeployType = "full" | "flows" | "nodes";

export interface NodeStatus {
  readonly fill?: string;
  readonly shape?: string;
  readonly text?: string;
}

export interface LogEntry {
  readonly level: number;
  readonly id?: string;
  readonly type?: string;
  readonly msg: unknown;
}

/** What a Catch node passes on. */
export interface CaughtMessage extends NodeMessage {
  readonly error: {
    readonly message: string;
    readonly code?: string;
    readonly source: { readonly id: string };
  };
}

/** Node-RED's own numbers. */
export const LOG = { error: 20, warn: 30, info: 40 } as const;

/** What takes seconds with real devices takes milliseconds with virtual ones. */
const FAST_TIMINGS: Partial<Timings> = {
  pauseMs: 20,
  backoffMs: [20],
  hopelessBackoffMs: 100,
  settleMs: 20,
  // The other end has time: an answer that comes late on a busy machine is no silence.
  negotiationTimeoutMs: 1_500,
  replyTimeoutMs: 1_500,
  reportTimeoutMs: 100,
};

/** Each test has settings of its own, so nothing is shared with the one before. */
const FAST_DISCOVERY: ShareOptions = {
  lingerMs: 0,
  timings: { lostAfterMs: 1_000, calmProbeMs: 50, eagerProbeMs: 50, changeEveryMs: 0, portRetryMs: 50 },
};

/** A device that reconnects has the time for it on a busy machine, too. */
const FAST_MQTT: MqttTimings = { holdMs: 1_500, gatherMs: 50, repeatMs: 600_000, listMs: 50, pauseMs: 20 };

type LearnTimes = Pick<LearnOptions, "maxMs" | "tickMs">;

/** Signs of life, and with them questions to meters. */
const FAST_LEARNING: LearnTimes = { tickMs: 50 };

export const acquireFast: AcquireDevice = (settings, holder, logger) =>
  acquireDevice(settings, holder, logger, { timings: FAST_TIMINGS });

/**
 * Node-RED with our nodes, for the tests of one `describe`: loads flows, deploys them, and keeps everything that leaves
 * a node. Flows are unloaded after every test.
 */
export class NodeRed {
  readonly #messages = new Map<string, Inbox<NodeMessage>>();
  readonly #statuses = new Map<string, Inbox<NodeStatus>>();
  readonly #acquire: AcquireDevice;
  readonly #learning: LearnTimes;
  readonly #moreTypes: readonly NodeInitializer[];
  #events: EventEmitter | undefined;
  #logs: LogEntry[] = [];
  #isLoaded = false;
  readonly #onStatus = ({ id, status }: { id: string; status?: NodeStatus }): void => {
    if (status) this.statuses(id).push(structuredClone(status));
  };

  /** `moreTypes` are nodes besides ours; a Catch, a Status and a Complete node are always there. */
  constructor(
    acquire: AcquireDevice = acquireFast,
    learning: LearnTimes = {},
    moreTypes: readonly NodeInitializer[] = [],
  ) {
    this.#acquire = acquire;
    this.#learning = { ...FAST_LEARNING, ...learning };
    this.#moreTypes = moreTypes;
    helper.init(require.resolve(NODE_RED));
    before(() => helper.startServer());
    after(() => helper.stopServer());
    afterEach(() => this.unload());
  }

  /** Loads flows and starts them, with settings as in `settings.js`. Without any there is no discovery. */
  async load(
    flow: readonly FlowNode[],
    credentials: Credentials = keysFor(flow),
    settings: object = {},
  ): Promise<void> {
    this.#isLoaded = true;
    helper.settings({ tuyaDeviceDiscovery: false, ...settings } as object);
    this.#messages.clear();
    this.#statuses.clear();
    const types = [
      (RED: NodeAPI) => {
        const share = discoverySharer(RED, FAST_DISCOVERY);
        registerTuyaDevice(RED, this.#acquire, share);
        registerAdminRoutes(RED, {
          acquire: this.#acquire,
          share,
          network: { listenMs: 50 },
          overview: { gatherMs: 10, lookMs: 60 },
          children: { timings: { readyMs: 3_000, doubtMs: 200, listenMs: 400, gapMs: 5 } },
          learn: this.#learning,
        });
      },
      (RED: NodeAPI) => registerTuyaIn(RED, FAST_MQTT),
      tuyaOut,
      (RED: NodeAPI) => registerTuyaDiscover(RED, discoverySharer(RED, FAST_DISCOVERY)),
      tuyaRaw,
      (RED: NodeAPI) => this.#registerProbe(RED),
      ...this.#moreTypes,
    ];
    await helper.load(types, structuredClone(flow) as never, structuredClone(credentials) as never);
    this.#logs = helper.log().args.map(([entry]) => entry as LogEntry);
  }

  /**
   * Deploys other flows in place of the running ones; done when they run. Credentials that do not change stay; those
   * that do stand in the node, as the editor sends them.
   */
  async deploy(flow: readonly FlowNode[], type: DeployType): Promise<void> {
    const started = this.#flowsStarted();
    // The helper waits for the start as well, but only from the moment it has begun, and for 300 ms.
    const deployed = helper.setFlows(structuredClone(flow) as never, type, {}).catch((error: unknown) => {
      if (!String(error).includes("timeout waiting event")) throw error;
    });
    await Promise.race([started, deployed.then(() => started)]);
  }

  /** Requests to the admin API. */
  request(): ReturnType<typeof helper.request> {
    return helper.request();
  }

  /** Stops all flows and starts them again. */
  async restart(): Promise<void> {
    const runtime = (helper as unknown as { _redNodes: { startFlows(): Promise<void> } })._redNodes;
    await helper.clearFlows();
    const started = this.#flowsStarted();
    await runtime.startFlows();
    await started;
  }

  async #flowsStarted(): Promise<void> {
    await once(this.events, "flows:started");
  }

  async unload(): Promise<void> {
    if (!this.#isLoaded) return;
    this.#isLoaded = false;
    this.#logs = this.logs();
    await helper.unload();
    this.#events?.off("node-status", this.#onStatus);
    this.#events = undefined;
  }

  /** Node-RED's own events. */
  get events(): EventEmitter {
    if (!this.#events) throw new Error("No flows are loaded.");
    return this.#events;
  }

  /** A running node. */
  node<T = Node>(id: string): T {
    return helper.getNode(id) as unknown as T;
  }

  /** Delivers a message to a node. */
  send(id: string, msg: NodeMessage): void {
    this.node(id).receive(msg);
  }

  /** What a probe has received. */
  messages<T extends NodeMessage = NodeMessage>(id: string): Inbox<T> {
    return inboxOf(this.#messages, id) as unknown as Inbox<T>;
  }

  /** What a node has shown. */
  statuses(id: string): Inbox<NodeStatus> {
    return inboxOf(this.#statuses, id);
  }

  /** What all nodes have shown, by id. */
  allStatuses(): ReadonlyMap<string, Inbox<NodeStatus>> {
    return this.#statuses;
  }

  /** What was logged since the flows were loaded. */
  logs(): LogEntry[] {
    return this.#events ? helper.log().args.map(([entry]) => entry as LogEntry) : this.#logs;
  }

  /** Log texts of one node, from a level on. */
  logged(id: string, level: number): string[] {
    return this.logs()
      .filter((entry) => entry.id === id && entry.level <= level)
      .map(({ msg }) => String(msg));
  }

  /** How many of our listeners Node-RED's events have. */
  get flowListeners(): number {
    return this.#runtimeEvents?.listenerCount("flows:started") ?? 0;
  }

  /** Everything that left any node, as one text. */
  everything(): string {
    return [...this.#messages, ...this.#statuses]
      .map(([id, inbox]) => `${id} ${inspectAll(inbox.all)}`)
      .concat(inspectAll(this.logs()))
      .join("\n");
  }

  #runtimeEvents: EventEmitter | undefined;

  #registerProbe(RED: NodeAPI): void {
    this.#events = RED.events;
    this.#runtimeEvents = RED.events;
    RED.events.on("node-status", this.#onStatus);
    const messages = this.#messages;
    RED.nodes.registerType("probe", function (this: Node, def: NodeDef) {
      RED.nodes.createNode(this, def);
      this.on("input", (msg, _send, done) => {
        inboxOf(messages, this.id).push(msg);
        done();
      });
    });
  }
}

function inboxOf<T>(inboxes: Map<string, Inbox<T>>, id: string): Inbox<T> {
  const inbox = inboxes.get(id) ?? new Inbox<T>();
  inboxes.set(id, inbox);
  return inbox;
}

/** Text of everything reachable, own properties of errors included. */
function inspectAll(items: readonly unknown[]): string {
  const seen = new Set<unknown>();
  const plain = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return "…";
    seen.add(value);
    if (Array.isArray(value)) return value.map(plain);
    const names = value instanceof Error ? Object.getOwnPropertyNames(value) : Object.keys(value);
    return names.map((name) => [name, plain((value as Record<string, unknown>)[name])]);
  };
  return JSON.stringify(plain(items), (_name, value: unknown) =>
    typeof value === "bigint" || typeof value === "function" ? String(value) : value,
  ).replaceAll("\\", "");
}

/** The invented key for every device of a flow. */
export function keysFor(flow: readonly FlowNode[]): Credentials {
  const devices = flow.filter(({ type }) => type === "tuya-device");
  return Object.fromEntries(devices.map(({ id }) => [id, { localKey: LOCAL_KEY }]));
}

// Flow builders. Nodes with x and y are flow nodes to Node-RED, those without are config nodes.

const PLACE = { x: 100, y: 100 };

export function tab(id: string, more: object = {}): FlowNode {
  return { id, type: "tab", label: id, ...more };
}

export function device(id: string, virtual: VirtualDevice | undefined, more: object = {}): FlowNode {
  const place = virtual && {
    deviceId: virtual.id,
    ip: virtual.host,
    port: String(virtual.port),
    version: virtual.version,
  };
  return {
    id,
    type: "tuya-device",
    name: "",
    deviceId: "fake0000000000000001",
    ip: "192.0.2.7",
    ...place,
    ...more,
  };
}

export function input(id: string, z: string, more: object = {}): FlowNode {
  return { id, type: "tuya-in", z, ...PLACE, device: "device", wires: [[]], ...more };
}

export function output(id: string, z: string, more: object = {}): FlowNode {
  return { id, type: "tuya-out", z, ...PLACE, device: "device", wires: [[]], ...more };
}

export function discover(id: string, z: string, more: object = {}): FlowNode {
  return { id, type: "tuya-discover", z, ...PLACE, wires: [[]], ...more };
}

export function raw(id: string, z: string, more: object = {}): FlowNode {
  return { id, type: "tuya-raw", z, ...PLACE, device: "device", direction: "both", wires: [[]], ...more };
}

export function probe(id: string, z: string): FlowNode {
  return { id, type: "probe", z, ...PLACE, wires: [] };
}

/** A Catch, Status or Complete node of all nodes on its tab, unless `more` names a scope. */
export function watcher(
  type: "catch" | "status" | "complete",
  id: string,
  z: string,
  target: string,
  more: object = {},
): FlowNode {
  return { id, type, z, ...PLACE, scope: null, wires: [[target]], ...more };
}
