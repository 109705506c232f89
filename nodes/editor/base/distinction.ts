/** Shown of an id at least, where names are equal. */
const SHORTEST_DISTINCTION = 6;

/** A device by what it is called, and by what tells it from others: its id, or its node id behind a gateway. */
export interface NamedId {
  readonly name: string;
  readonly id: string;
}

/** The ids of the devices that have a name, by that name. */
export function idsByName(devices: readonly NamedId[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { name, id } of devices) {
    const same = ids.get(name);
    if (same) same.push(id);
    else ids.set(name, [id]);
  }
  return ids;
}

/** As much of the beginning of an id as tells it from the others; "" where there are no others. */
export function distinctionOf(id: string, ids: readonly string[]): string {
  const others = ids.filter((other) => other !== id);
  if (others.length === 0) return "";
  let length = SHORTEST_DISTINCTION;
  const isShared = (): boolean => others.some((other) => other.startsWith(id.slice(0, length)));
  while (length < id.length && isShared()) length += 1;
  return id.slice(0, length);
}

/** A name, and the beginning of its device's id where another one of these has it, too. */
export function withDistinction(name: string, id: string, ids: readonly string[]): string {
  const distinction = distinctionOf(id, ids);
  return distinction === "" ? name : `${name} (${distinction})`;
}
