import type { TuyaError } from "../../src/errors";
import type { VirtualValue } from "../../src/mqtt/types";

/** A command that came over MQTT and failed. */
export interface FailedCommand {
  /** The device, by its key. */
  readonly key: string;
  readonly error: TuyaError;
  readonly topic: string;
  readonly payload: unknown;
}

/**
 * Callbacks of a tuya-in that shares devices. The tuya-out with the same base calls them, because it receives messages
 * from the broker and the tuya-in sends them.
 */
export interface HubListener {
  /** The topic in which the tuya-in publishes its own state. */
  readonly bridgeTopic: string;
  /** The broker, or Home Assistant, has (re)started: everything must be published again. */
  readonly born: () => void;
  readonly failed: (command: FailedCommand) => void;
  /** The virtual values that it shares of a device, by its key: those that the chosen data points make. */
  readonly virtual: (key: string) => readonly VirtualValue[];
}

/** The listeners by base. */
const listeners = new Map<string, Set<HubListener>>();

/** Adds the listener of a base; the returned function removes it. Listeners must not throw. */
export function joinHub(base: string, listener: HubListener): () => void {
  const own = listeners.get(base) ?? new Set();
  listeners.set(base, own.add(listener));
  return () => {
    own.delete(listener);
    if (own.size === 0 && listeners.get(base) === own) listeners.delete(base);
  };
}

/** The listeners of a base. */
export function hubOf(base: string): readonly HubListener[] {
  return [...(listeners.get(base) ?? [])];
}
