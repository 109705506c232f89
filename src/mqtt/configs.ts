import { isJsonObject } from "../protocol/message";
import type { Platforms } from "./retained";
import type { DiscoveryMessage, Json } from "./types";

/** The platform of each component in a discovery message for a device; undefined for a message for a single entity. */
export function platformsOf({ payload }: DiscoveryMessage): Platforms | undefined {
  const components = payload["components"];
  if (!isJsonObject(components)) return undefined;
  const platforms = Object.entries(components).flatMap(([key, component]) => {
    const platform = isJsonObject(component) ? component["platform"] : undefined;
    return typeof platform === "string" ? [[key, platform] as const] : [];
  });
  return Object.fromEntries(platforms);
}

/**
 * A discovery message, extended by components that the message before it had and this one has not. Home Assistant keeps
 * components that are merely left out; they are removed by sending only their platform.
 */
export function withRetired(
  message: DiscoveryMessage,
  before: Platforms | undefined,
): readonly DiscoveryMessage[] {
  const { topic, payload } = message;
  const now = platformsOf(message) ?? {};
  const retired = Object.entries(before ?? {}).filter(([key, platform]) => now[key] !== platform);
  if (retired.length === 0 || !isJsonObject(payload["components"])) return [message];
  const stubs = Object.fromEntries(retired.map(([key, platform]) => [key, { platform }]));
  return [{ topic, payload: { ...payload, components: { ...payload["components"], ...stubs } } }, message];
}

/** The payload for a discovery topic whose entities another topic will take over. */
export const MIGRATE: Json = { migrate_discovery: true };
