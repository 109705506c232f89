import type { ProtocolVersion } from "../../src/protocol/version";
import type { BehaviourName } from "../../src/virtual/behaviours";
import type { VirtualDeviceOptions } from "../../src/virtual/options";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { startDevice } from "./virtual";

/** Firmware generations: what is true of a device is to be true of each. */
export interface Generation {
  readonly name: BehaviourName;
  readonly version: ProtocolVersion;
  /** Whether a session key is negotiated. */
  readonly negotiates: boolean;
  /** Whether its first answer proves the key; on the others only a set or a push does. */
  readonly provesKey: boolean;
  /** Whether it is asked for what proves the key, where address and version are set or the search came upon the version. */
  readonly isAsked?: boolean;
}

export const GENERATIONS: readonly Generation[] = [
  { name: "3.1", version: "3.1", negotiates: false, provesKey: false },
  { name: "3.2", version: "3.2", negotiates: false, provesKey: false, isAsked: true },
  { name: "3.3", version: "3.3", negotiates: false, provesKey: true },
  { name: "3.4", version: "3.4", negotiates: true, provesKey: true },
  { name: "3.5p", version: "3.5", negotiates: true, provesKey: true },
  { name: "3.5o", version: "3.5", negotiates: true, provesKey: true },
];

/** One of each kind, for what takes its time: without and with negotiation, and the most peculiar one. */
export const OLD_AND_NEW: readonly Generation[] = GENERATIONS.filter(({ name }) =>
  ["3.3", "3.4", "3.5o"].includes(name),
);

/** A listening device of a generation; see `startDevice`. */
export function startGeneration(
  { name, version }: Generation,
  options: Partial<VirtualDeviceOptions> = {},
): Promise<VirtualDevice> {
  return startDevice(version, { behaviour: name, ...options });
}

/** Runs a suite once per generation. */
export function describeGenerations(
  title: string,
  generations: readonly Generation[],
  suite: (generation: Generation) => void,
): void {
  for (const generation of generations) describe(`${title}, ${generation.name}`, () => suite(generation));
}
