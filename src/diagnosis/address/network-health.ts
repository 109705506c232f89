import { existsSync, readFileSync } from "node:fs";
import type { Discovery, DiscoveryHealth } from "../../discovery/discovery";
import { localAddresses } from "../../discovery/probe-targets";
import type { Deafness } from "../sentences/cause";
import { count, heldPorts } from "../sentences/phrases";

/** What is heard in the network, for people who look for a device. */
export interface NetworkHealth {
  /** False if `settings.js` switches discovery off. */
  readonly enabled: boolean;
  /** One sentence: what is heard, or why nothing is. */
  readonly says: string;
  /** What to do about it; null where there is nothing to do. */
  readonly hint: string | null;
  /** Whether Node-RED seems to run in a container. */
  readonly container: boolean;
  /** IPv4 addresses of this machine, without loopback. */
  readonly addresses: readonly string[];
  /** The UDP ports for announcements. `state` is "open", "closed" or "taken"; `reason` is why a port is taken. */
  readonly ports: readonly { readonly port: number; readonly state: string; readonly reason?: string }[];
  /** The number of devices heard. */
  readonly devices: number;
  /** The number of announcements understood. */
  readonly announcements: number;
  /** The number of discovery requests sent. */
  readonly probes: number;
  /** The number of datagrams that were no announcement, by the reason why not. */
  readonly ignored: Readonly<Record<string, number>>;
  /** When the last announcement came, in milliseconds since 1970; null = none came. */
  readonly lastHeard: number | null;
  /** Since when announcements are listened for, in milliseconds since 1970; null = they are not. */
  readonly since: number | null;
}

/** Devices announce themselves every 5 s: after twice that time all of them have been heard. */
const LISTENING_MS = 10_000;

const OFF: Pick<DiscoveryHealth, "ports" | "devices" | "announcements" | "probes" | "ignored"> = {
  ports: [],
  devices: 0,
  announcements: 0,
  probes: 0,
  ignored: {},
};

/**
 * What is heard now, as plain JSON.
 * @param discovery undefined = it is switched off
 */
export function networkHealth(
  discovery: Discovery | undefined,
  { now = Date.now(), container = isContainer() }: { now?: number; container?: boolean } = {},
): NetworkHealth {
  const health = discovery?.health();
  const { ports, devices, announcements, probes, ignored } = health ?? OFF;
  return {
    enabled: discovery !== undefined,
    ...describe(health, container, now),
    container,
    addresses: localAddresses()
      .map(({ address }) => address)
      .filter((address) => !address.startsWith("127.")),
    ports: ports.map(({ port, state }) => ({
      port,
      state: state.kind,
      ...(state.kind === "taken" && { reason: state.reason }),
    })),
    devices,
    announcements,
    probes,
    ignored,
    lastHeard: health?.lastHeard ?? null,
    since: health?.since ?? null,
  };
}

function describe(
  health: DiscoveryHealth | undefined,
  container: boolean,
  now: number,
): Pick<NetworkHealth, "says" | "hint"> {
  if (!health) {
    return {
      says: "Discovery is switched off in settings.js.",
      hint: "Enter addresses by hand, or remove tuyaDeviceDiscovery: false from settings.js.",
    };
  }
  const taken = takenPorts(health);
  if (taken.length === health.ports.length) {
    return {
      says: `Nothing can be heard: ${heldPorts(taken)}.`,
      hint: "Stop that program, or enter addresses by hand.",
    };
  }
  const missing =
    taken.length === 0 ? null : `${heldPorts(taken)}: devices that announce themselves there are missing.`;
  if (health.lastHeard !== undefined) return { says: heardSentence(health, now), hint: missing };
  const seconds = Math.floor((now - (health.since ?? now)) / 1_000);
  if (seconds * 1_000 < LISTENING_MS) {
    return { says: "Nothing was heard yet. Devices announce themselves every five seconds.", hint: missing };
  }
  return {
    says: `No device announced itself in ${seconds} s.`,
    hint: missing ?? (container ? CONTAINER_HINT : NETWORK_HINT),
  };
}

function heardSentence({ devices, lastHeard = 0 }: DiscoveryHealth, now: number): string {
  const seconds = Math.max(0, Math.round((now - lastHeard) / 1_000));
  return `${count(devices, "device")} heard, the last announcement ${seconds} s ago.`;
}

const CONTAINER_HINT =
  "Node-RED seems to run in a container, where broadcasts do not arrive. Give it the host's network, or enter addresses by hand.";
const NETWORK_HINT =
  "Check that Node-RED is in the same network (and VLAN) as the devices, and that no firewall blocks UDP 6666, 6667 and 7000. A device whose places are all taken announces nothing.";

/**
 * Why nothing is heard, as far as it can be told.
 * @param health undefined = discovery is switched off
 */
export function deafnessOf(health: DiscoveryHealth | undefined): Deafness {
  if (!health || health.since === undefined) return { why: "switched-off" };
  const ports = health.ports.map(({ port }) => port);
  const taken = takenPorts(health);
  if (taken.length === ports.length) return { why: "ports-taken", ports };
  return { why: isContainer() ? "container" : "network", ports, taken };
}

function takenPorts({ ports }: DiscoveryHealth): readonly number[] {
  return ports.filter(({ state }) => state.kind === "taken").map(({ port }) => port);
}

/** The part of the file system that tells whether this process runs in a container. */
interface FileSystem {
  exists(path: string): boolean;
  /** The text of a file; "" where it cannot be read. */
  read(path: string): string;
}

const REAL_FILES: FileSystem = {
  exists: existsSync,
  read: (path) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  },
};

/** Files Docker and Podman put into every container. */
const CONTAINER_FILES = ["/.dockerenv", "/run/.containerenv"];

/**
 * Whether this process runs in a container. Broadcasts are not heard there, unless the container shares the host's
 * network. A guess: with cgroup v2 a container without the file of its runtime is not recognized.
 */
export function isContainer(files: FileSystem = REAL_FILES): boolean {
  return (
    CONTAINER_FILES.some((path) => files.exists(path)) ||
    /docker|containerd|kubepods|libpod|lxc/.test(files.read("/proc/self/cgroup"))
  );
}
