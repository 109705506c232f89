import { isJsonObject } from "../protocol/message";
import type { Platforms } from "./retained";
import type { DiscoveryMessage, Json } from "./types";

/** The platform of each component a discovery message for a device tells of; undefined for one of a single entity. */
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
 * A discovery message as it has to be sent where it followed one with other components: Home Assistant keeps those that are
 * merely left out or have become something else, so they are sent once more with nothing but their platform.
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

/** What is sent to a discovery topic before another one takes its entities over. */
export const MIGRATE: Json = { migrate_discovery: true };
