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
import { FloodGuard } from "./flood-guard";
import { type HeardDevice, HeardDevices } from "./heard-devices";
import { probeTargets, readProbeTarget } from "./probe-targets";
import { type PortState, UdpPort } from "./udp-port";

/** Where discovery listens, and where it sends requests. */
export interface DiscoverySettings {
  /**
   * IPv4 address to listen on; default all. With one address, Linux passes on no broadcasts, only answers to our own
   * requests.
   */
  readonly bind?: string | undefined;
  /** UDP ports to listen on; default 6666, 6667 and 7000. 0 = any free one. */
  readonly ports?: readonly number[] | undefined;
  /** Where discovery requests go, as `host` or `host:port`; default every interface's broadcast address; [] = never. */
  readonly probe?: readonly string[] | undefined;
}

/** Every duration of discovery, in milliseconds. Tests shorten them; nothing else should. */
export interface DiscoveryTimings {
  /** Between two discovery requests while a device is sought (`seek`). */
  readonly eagerProbeMs: number;
  /** How long it asks that often after `seek`. It must end: a device that is switched off may stay away for months. */
  readonly eagerForMs: number;
  /** Between two discovery requests otherwise. */
  readonly calmProbeMs: number;
  /** A device not heard for this long is lost. Devices announce themselves every 5 s, or answer each discovery request. */
  readonly lostAfterMs: number;
  /** The shortest time between two `changed` events of one device. */
  readonly changeEveryMs: number;
  /** Between two attempts to bind a port that could not be bound. */
  readonly portRetryMs: number;
}

const DISCOVERY_TIMINGS: DiscoveryTimings = {
  eagerProbeMs: 6_000,
  eagerForMs: 300_000,
  calmProbeMs: 60_000,
  lostAfterMs: 180_000,
  changeEveryMs: 10_000,
  portRetryMs: 15_000,
};

/** The first request waits until all ports are bound: an answer to another port would be lost. */
const FIRST_PROBE_MS = 100;

/** How many devices are kept, see `HeardDevicesOptions`: ten times what the largest homes have. */
const CAPACITY = { capacity: 2_000, perSender: 1_000 };
/** How many datagrams are looked at, see `FloodGuardOptions`. A relay for 500 devices sends 100 a second. */
const FLOOD = { perSender: 500, total: 5_000, random: Math.random };
/** Bytes. Announcements have a third of that, and none is ever in two pieces. */
const MAX_DATAGRAM = 1_500;

/** Events of discovery, each with the device as it was heard. An error in a listener is logged and affects nothing else. */
export interface DiscoveryEvents {
  /** An announcement came, whether it says something new or not. */
  heard: (device: HeardDevice) => void;
  /** A device was heard for the first time, or again after it was lost. */
  found: (device: HeardDevice) => void;
  /** Its address, sender, version or product changed. At most once in ten seconds per device. */
  changed: (device: HeardDevice) => void;
  /** It has not been heard for `lostAfterMs`, or there was no more room for it. As it was last heard. */
  lost: (device: HeardDevice) => void;
}

/** Is told the announcements of one device. */
export type Watcher = Pick<DiscoveryEvents, "heard">;

/** Why a datagram was ignored. */
export type IgnoredReason =
  | AnnouncementFailure
  | "too_long"
  /** Its sender, or all senders together, send more than can be looked at. */
  | "flood"
  /** Too many ids are kept already. */
  | "crowded";

/** What discovery has received so far, for people who look for a device. A copy: it does not change. */
export interface DiscoveryHealth {
  readonly ports: readonly { readonly port: number; readonly state: PortState }[];
  /** Number of announcements understood since the start. */
  readonly announcements: number;
  /** When the last one came, in milliseconds since 1970; undefined = none yet. */
  readonly lastHeard: number | undefined;
  /** Number of ignored datagrams, by reason. Discovery requests, of other programs and our own, are among them. */
  readonly ignored: Readonly<Partial<Record<IgnoredReason, number>>>;
  /** Number of discovery requests sent. */
  readonly probes: number;
  /** Number of devices heard and not lost. */
  readonly devices: number;
  /** When it was opened, in milliseconds since 1970; undefined while closed. */
  readonly since: number | undefined;
}

/**
 * Listens for devices that announce themselves, and sends requests to those that announce themselves only when asked. Does
 * nothing before `open`. One is enough for a process. No packet can make it throw, and time and memory are bounded whatever
 * is sent.
 */
export class Discovery {
  readonly #settings: DiscoverySettings & { readonly bind: string };
  readonly #timings: DiscoveryTimings;
  readonly #logger: Logger;
  readonly #listeners: Listeners<DiscoveryEvents>;
  readonly #watched = new Map<string, Listeners<Watcher>>();
  readonly #ports: readonly UdpPort[];
  readonly #devices: HeardDevices;
  readonly #guard = new FloodGuard(FLOOD);
  readonly #nextIv = createIvSource(randomBytes(12));
  readonly #ignored: Partial<Record<IgnoredReason, number>> = {};
  #announcements = 0;
  #lastHeard: number | undefined;
  #probes = 0;
  #since: number | undefined;
  #opened: Promise<void> = Promise.resolve();
  readonly #seekers = new Set<object>();
  #eagerUntil = 0;
  #lastProbe = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** Without a logger nothing is logged: a port that cannot be bound is in `health` all the same. */
  constructor(
    settings: DiscoverySettings,
    { logger = SILENT, timings = {} }: { logger?: Logger; timings?: Partial<DiscoveryTimings> } = {},
  ) {
    const { ports = Object.values(UDP_PORTS), bind = "0.0.0.0" } = settings;
    this.#settings = { ...settings, bind };
    this.#timings = { ...DISCOVERY_TIMINGS, ...timings };
    this.#logger = logger;
    this.#listeners = new Listeners(logger);
    const { lostAfterMs, changeEveryMs, portRetryMs } = this.#timings;
    const isWatched = (id: string): boolean => this.#watched.has(id);
    this.#devices = new HeardDevices({ ...CAPACITY, lostAfterMs, changeEveryMs, isWatched });
    const received = (datagram: Buffer, sender: RemoteInfo): void => this.#received(datagram, sender);
    this.#ports = ports.map((port) => new UdpPort({ port, bind, retryMs: portRetryMs, logger, received }));
    for (const target of settings.probe ?? []) if (!readProbeTarget(target)) logger.warn(noTarget(target));
  }

  /**
   * Begins to listen. Resolves when each port is bound or has failed (see `health`); never rejects. May be called again.
   */
  open(): Promise<void> {
    if (this.#since === undefined) {
      this.#since = Date.now();
      this.#opened = Promise.all(this.#ports.map((port) => port.open())).then(() => undefined);
      this.#schedule(FIRST_PROBE_MS);
    }
    return this.#opened;
  }

  /** Ends listening; resolves when all sockets are closed. The devices heard are kept, and `open` begins anew. */
  async close(): Promise<void> {
    this.#since = undefined;
    clearTimeout(this.#timer);
    await Promise.all(this.#ports.map((port) => port.close()));
  }

  /**
   * Adds a listener; the returned function removes it. Devices heard before are not told again: see `devices`. An error
   * in a listener is logged and affects nothing else.
   */
  on<E extends keyof DiscoveryEvents>(event: E, listener: DiscoveryEvents[E]): () => void {
    return this.#listeners.on(event, listener);
  }

  /**
   * Tells `watcher` each announcement of one device, until `unwatch`. A watched device is always kept, however many
   * others are heard.
   */
  watch(id: string, watcher: Watcher): void {
    const watchers = this.#watched.get(id) ?? new Listeners(this.#logger);
    this.#watched.set(id, watchers);
    watchers.add(watcher);
  }

  /** Ends what `watch` began. May be called again. */
  unwatch(id: string, watcher: Watcher): void {
    const watchers = this.#watched.get(id);
    watchers?.remove(watcher);
    if (!watchers?.has("heard")) this.#watched.delete(id);
  }

  /** A device by id, as last heard; undefined if it was not heard, or is lost. The object never changes. */
  device(id: string): HeardDevice | undefined {
    return this.#devices.get(id);
  }

  /** All devices heard and not lost, oldest sign of life first. A copy: the list does not change. */
  devices(): readonly HeardDevice[] {
    return this.#devices.all();
  }

  /** What was received so far. */
  health(): DiscoveryHealth {
    return {
      ports: this.#ports.map(({ port, state }) => ({ port, state })),
      announcements: this.#announcements,
      lastHeard: this.#lastHeard,
      ignored: { ...this.#ignored },
      probes: this.#probes,
      devices: this.#devices.size,
      since: this.#since,
    };
  }

  /**
   * Sends discovery requests more often, for five minutes at most; the returned function ends that, unless somebody else
   * seeks. Each call begins the five minutes anew.
   */
  seek(): () => void {
    const seeker = {};
    this.#seekers.add(seeker);
    const now = performance.now();
    const wasEager = now < this.#eagerUntil && this.#seekers.size > 1;
    this.#eagerUntil = now + this.#timings.eagerForMs;
    if (this.#since !== undefined && !wasEager) {
      this.#schedule(Math.max(FIRST_PROBE_MS, this.#lastProbe + this.#timings.eagerProbeMs - now));
    }
    return () => void this.#seekers.delete(seeker);
  }

  #received(datagram: Buffer, { address: sender }: RemoteInfo): void {
    const now = performance.now();
    if (datagram.length > MAX_DATAGRAM) return this.#ignore("too_long");
    if (!this.#guard.admits(sender, now)) return this.#ignore("flood");
    const decoded = decodeAnnouncement(datagram);
    if (!decoded.ok) return this.#ignore(decoded.reason);
    const { change, device, displaced } = this.#devices.note(decoded.announcement, sender, now);
    if (change === "crowded") return this.#ignore("crowded");
    this.#announcements++;
    this.#lastHeard = device.lastSeen;
    if (displaced) this.#listeners.emit("lost", displaced);
    if (change !== "same") this.#listeners.emit(change, device);
    this.#listeners.emit("heard", device);
    this.#watched.get(device.id)?.emit("heard", device);
  }

  #ignore(reason: IgnoredReason): void {
    this.#ignored[reason] = (this.#ignored[reason] ?? 0) + 1;
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), ms);
  }

  #tick(): void {
    const now = performance.now();
    this.#probe(now);
    for (const device of this.#devices.removeLost(now)) this.#listeners.emit("lost", device);
    const { eagerProbeMs, calmProbeMs } = this.#timings;
    this.#schedule(this.#seekers.size > 0 && now < this.#eagerUntil ? eagerProbeMs : calmProbeMs);
  }

  /** Network interfaces come and go, so the targets are computed each time. */
  #probe(now: number): void {
    this.#lastProbe = now;
    const open = this.#ports.filter(({ state }) => state.kind === "open");
    // Requests sent from the port they go to open a firewall for the answers.
    const port = open.find((candidate) => candidate.port === UDP_PORTS.request) ?? open[0];
    if (!port) return;
    for (const { host, port: toPort, replyTo } of probeTargets(this.#settings)) {
      if (port.send(encodeDiscoveryRequest(replyTo, this.#nextIv()), host, toPort)) this.#probes++;
    }
  }
}

function noTarget(text: string): string {
  return `Discovery asks nobody at "${text}": a target is host or host:port, with a port from 1 to 65535.`;
}
