/** The fewest characters of an id to show if names are equal. */
const SHORTEST_DISTINCTION = 6;

/** The name of a device, and what identifies it: its device id, or its cid if it is a sub-device without one. */
export interface NamedId {
  readonly name: string;
  readonly id: string;
}

/** The ids of the devices with each name, by name. */
export function idsByName(devices: readonly NamedId[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { name, id } of devices) {
    const same = ids.get(name);
    if (same) same.push(id);
    else ids.set(name, [id]);
  }
  return ids;
}

/**
 * The beginning of an id, long enough to tell it from the others; "" if there are no others.
 *
 * @param ids of all devices with the same name; may contain `id` itself
 */
export function distinctionOf(id: string, ids: readonly string[]): string {
  const others = ids.filter((other) => other !== id);
  if (others.length === 0) return "";
  let length = SHORTEST_DISTINCTION;
  const isShared = (): boolean => others.some((other) => other.startsWith(id.slice(0, length)));
  while (length < id.length && isShared()) length += 1;
  return id.slice(0, length);
}

/**
 * A name, with the beginning of the device's id if other devices have the same name: `Lamp (bf0123)`.
 *
 * @param ids of all devices with this name; may contain `id` itself
 */
export function withDistinction(name: string, id: string, ids: readonly string[]): string {
  const distinction = distinctionOf(id, ids);
  return distinction === "" ? name : `${name} (${distinction})`;
}

/** Beginning and end of a device id, which tell devices of one batch apart: `bf0123…ghij`. Short ids are unchanged. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 6)}…${id.slice(-4)}`;
}
