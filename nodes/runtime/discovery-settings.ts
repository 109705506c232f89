import type { DiscoverySettings } from "../../src/discovery/discovery";
import { readProbeTarget } from "../../src/discovery/probe-targets";
import { isIPv4 } from "../../src/ipv4";
import { isPort } from "../../src/limits";
import { isPlainObject } from "./properties";

/** The settings in `tuyaDeviceDiscovery` of `settings.js`. */
export interface DiscoveryChoice {
  /** Undefined = discovery is switched off. */
  readonly settings: DiscoverySettings | undefined;
  /** A sentence about what could not be used. */
  readonly problem: string | undefined;
}

/** Reads the settings. Parts that cannot be used are left out and named in `problem`. */
export function readDiscoverySettings(value: unknown): DiscoveryChoice {
  if (value === false) return { settings: undefined, problem: undefined };
  if (value === undefined || value === null || value === true) return { settings: {}, problem: undefined };
  if (!isPlainObject(value)) {
    return { settings: {}, problem: sentence(["it is neither false nor an object"]) };
  }
  const problems = Object.keys(value)
    .filter((name) => !NAMES.includes(name))
    .map((name) => `"${name.slice(0, 40)}" is not known`);
  const bind = read(value["bind"], readBind, "bind is no IPv4 address", problems);
  const ports = read(value["ports"], readPorts, "ports is no list of numbers from 1 to 65535", problems);
  const probe = read(value["probe"], readProbe, 'probe is no list of "host" or "host:port"', problems);
  return { settings: { bind, ports, probe }, problem: problems.length > 0 ? sentence(problems) : undefined };
}

const NAMES: readonly string[] = ["bind", "ports", "probe"];

function read<T>(
  value: unknown,
  reader: (value: unknown) => T | undefined,
  problem: string,
  problems: string[],
): T | undefined {
  if (value === undefined || value === null) return undefined;
  const result = reader(value);
  if (result === undefined) problems.push(problem);
  return result;
}

function readBind(value: unknown): string | undefined {
  return typeof value === "string" && isIPv4(value.trim()) ? value.trim() : undefined;
}

/** One port or several. An empty list is refused: discovery is switched off by `false`. */
function readPorts(value: unknown): number[] | undefined {
  const ports = (Array.isArray(value) ? value : [value]).map(Number);
  return ports.length > 0 && ports.every(isPort) ? [...new Set(ports)] : undefined;
}

/** One target or several; an empty list = send no requests. */
function readProbe(value: unknown): string[] | undefined {
  const targets: unknown[] = Array.isArray(value) ? value : [value];
  return targets.every((target) => typeof target === "string" && readProbeTarget(target.trim()))
    ? targets.map((target) => String(target).trim())
    : undefined;
}

function sentence(problems: readonly string[]): string {
  return `tuyaDeviceDiscovery in settings.js is not right: ${problems.join("; ")}. The default is used for that.`;
}
