import type { TuyaError } from "../../src/errors";

/** A command that came by MQTT and failed. */
export interface FailedCommand {
  /** The device, by its key. */
  readonly key: string;
  readonly error: TuyaError;
  readonly topic: string;
  readonly payload: unknown;
}

/** What a tuya-out has to tell the tuya-in nodes of its base: it hears the broker, they speak to it. */
export interface HubListener {
  /** Where it says that it is there. */
  readonly bridgeTopic: string;
  /** Somebody is there now who has to be told everything: a broker, or Home Assistant. */
  readonly born: () => void;
  readonly failed: (command: FailedCommand) => void;
}

/** Those who share devices below a base. */
const listeners = new Map<string, Set<HubListener>>();

/** Listens to what is told of a base. Returns the function that ends it. Listeners must not throw. */
export function joinHub(base: string, listener: HubListener): () => void {
  const own = listeners.get(base) ?? new Set();
  listeners.set(base, own.add(listener));
  return () => {
    own.delete(listener);
    if (own.size === 0 && listeners.get(base) === own) listeners.delete(base);
  };
}

/** All who listen to a base. */
export function hubOf(base: string): readonly HubListener[] {
  return [...(listeners.get(base) ?? [])];
}
