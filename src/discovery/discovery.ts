import { randomBytes } from "node:crypto";
import type { RemoteInfo } from "node:dgram";
import { Listeners } from "../listeners";
import { type Logger, SILENT } from "../logger";
import {
  type AnnouncementFailure,
  decodeAnnouncement,
  encodeDiscoveryRequest,
  UDP_PORTS,
} from "../protocol/announcement";
import { createIvSource } from "../protocol/iv";
import { type HeardDevice, HeardDevices } from "./heard-devices";
import { probeTargets } from "./probe-targets";
import { type PortState, UdpPort } from "./udp-port";

export interface DiscoverySettings {
  /** Address to bind; default all. */
  readonly bind?: string | undefined;
  /** UDP ports to listen on; default 6666, 6667 and 7000. */
  readonly ports?: readonly number[] | undefined;
  /** Where discovery requests go, as `host` or `host:port`; default every interface's broadcast address; [] = never. */
  readonly probe?: readonly string[] | undefined;
}

export interface DiscoveryTimings {
  /** Between discovery requests while somebody waits for a device. */
  readonly eagerProbeMs: number;
  /** Between discovery requests otherwise. */
  readonly calmProbeMs: number;
  /** Devices announce themselves every 5 s; those that speak only when asked answer every calm request. */
  readonly lostAfterMs: number;
  readonly portRetryMs: number;
}

export const DISCOVERY_TIMINGS: DiscoveryTimings = {
  eagerProbeMs: 6_000,
  calmProbeMs: 60_000,
  lostAfterMs: 180_000,
  portRetryMs: 15_000,
};

/** Devices kept in memory: ten times what the largest homes have. */
const CAPACITY = 2_000;

export interface DiscoveryEvents {
  /** Every announcement, also one that says nothing new. */
  heard: (device: HeardDevice) => void;
  found: (device: HeardDevice) => void;
  changed: (device: HeardDevice) => void;
  lost: (device: HeardDevice) => void;
}

/** What can be said of the network, for people who look for a device. */
export interface DiscoveryHealth {
  readonly ports: readonly { readonly port: number; readonly state: PortState }[];
  /** Announcements understood since the start. */
  readonly announcements: number;
  /** Datagrams that were none, by reason. Requests of other programs are counted, too. */
  readonly ignored: Readonly<Partial<Record<AnnouncementFailure, number>>>;
  /** Discovery requests sent. */
  readonly probes: number;
  /** Milliseconds since 1970; undefined while closed. */
  readonly since: number | undefined;
}

/**
 * Listens for devices that announce themselves, and asks those that speak only when asked. One for the whole process:
 * see `acquireDiscovery`. Nothing a packet contains can throw, and memory is bounded however many ids are invented.
 */
export class Discovery {
  readonly #settings: DiscoverySettings;
  readonly #timings: DiscoveryTimings;
  readonly #listeners: Listeners<DiscoveryEvents>;
  readonly #ports: readonly UdpPort[];
  readonly #devices: HeardDevices;
  readonly #nextIv = createIvSource(randomBytes(12));
  readonly #ignored: Partial<Record<AnnouncementFailure, number>> = {};
  #announcements = 0;
  #probes = 0;
  #since: number | undefined;
  #seekers = 0;
  #lastProbe = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    settings: DiscoverySettings,
    { logger = SILENT, timings = {} }: { logger?: Logger; timings?: Partial<DiscoveryTimings> } = {},
  ) {
    this.#settings = settings;
    this.#timings = { ...DISCOVERY_TIMINGS, ...timings };
    this.#listeners = new Listeners(logger);
    this.#devices = new HeardDevices({ capacity: CAPACITY, lostAfterMs: this.#timings.lostAfterMs });
    const { ports = Object.values(UDP_PORTS), bind = "0.0.0.0" } = settings;
    this.#ports = ports.map(
      (port) =>
        new UdpPort({
          port,
          bind,
          retryMs: this.#timings.portRetryMs,
          logger,
          received: (datagram, sender) => this.#received(datagram, sender),
        }),
    );
  }

  open(): void {
    if (this.#since !== undefined) return;
    this.#since = Date.now();
    for (const port of this.#ports) port.open();
    // The first request waits a moment, for an answer to a port that is not bound yet would be lost.
    this.#schedule(FIRST_PROBE_MS);
  }

  /** Resolves when all sockets are gone. What was heard is kept. */
  async close(): Promise<void> {
    this.#since = undefined;
    clearTimeout(this.#timer);
    await Promise.all(this.#ports.map((port) => port.close()));
  }

  on<E extends keyof DiscoveryEvents>(event: E, listener: DiscoveryEvents[E]): () => void {
    return this.#listeners.on(event, listener);
  }

  /** What was heard of a device, if it was. */
  device(id: string): HeardDevice | undefined {
    return this.#devices.get(id);
  }

  /** All devices heard and not lost. */
  devices(): readonly HeardDevice[] {
    return this.#devices.all();
  }

  health(): DiscoveryHealth {
    return {
      ports: this.#ports.map(({ port, state }) => ({ port, state })),
      announcements: this.#announcements,
      ignored: { ...this.#ignored },
      probes: this.#probes,
      since: this.#since,
    };
  }

  /** Asks more often as long as somebody waits; the returned function, called once, ends that. */
  seek(): () => void {
    this.#seekers++;
    if (this.#since !== undefined && this.#seekers === 1) {
      const sinceLast = Date.now() - this.#lastProbe;
      this.#schedule(Math.max(FIRST_PROBE_MS, this.#timings.eagerProbeMs - sinceLast));
    }
    return () => void this.#seekers--;
  }

  #received(datagram: Buffer, { address }: RemoteInfo): void {
    const decoded = decodeAnnouncement(datagram);
    if (!decoded.ok) {
      this.#ignored[decoded.reason] = (this.#ignored[decoded.reason] ?? 0) + 1;
      return;
    }
    this.#announcements++;
    const { change, device } = this.#devices.note(decoded.announcement, address, Date.now());
    if (change !== "same") this.#listeners.emit(change, device);
    this.#listeners.emit("heard", device);
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), ms);
  }

  #tick(): void {
    this.#probe();
    for (const device of this.#devices.takeLost(Date.now())) this.#listeners.emit("lost", device);
    const { eagerProbeMs, calmProbeMs } = this.#timings;
    this.#schedule(this.#seekers > 0 ? eagerProbeMs : calmProbeMs);
  }

  /** Interfaces come and go, so the targets are looked up each time. */
  #probe(): void {
    this.#lastProbe = Date.now();
    const port = this.#ports.find(({ state }) => state.kind === "open");
    if (!port) return;
    for (const { host, port: toPort, replyTo } of probeTargets(this.#settings.probe)) {
      if (port.send(encodeDiscoveryRequest(replyTo, this.#nextIv()), host, toPort)) this.#probes++;
    }
  }
}

const FIRST_PROBE_MS = 100;

/** A share in the discovery of this process. */
export interface DiscoveryLease {
  readonly discovery: Discovery;
  /** Gives the share back; with the last one the ports are closed. Harmless when repeated. */
  release(): Promise<void>;
}

let shared: { readonly discovery: Discovery; readonly holders: Set<object> } | undefined;

/** Shares the one discovery of the process. Settings count only where it does not run yet. */
export function acquireDiscovery(
  settings: DiscoverySettings,
  options: { logger?: Logger; timings?: Partial<DiscoveryTimings> } = {},
): DiscoveryLease {
  shared ??= { discovery: new Discovery(settings, options), holders: new Set() };
  const { discovery, holders } = shared;
  const holder = {};
  holders.add(holder);
  discovery.open();
  return {
    discovery,
    release: async () => {
      if (!holders.delete(holder) || holders.size > 0) return;
      if (shared?.discovery === discovery) shared = undefined;
      await discovery.close();
    },
  };
}
