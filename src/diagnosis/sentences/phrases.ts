/** Parts that several sentences have. */

/** "1 device", "2 devices". */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

/** "a", "a and b", "a, b and c". */
export function joined(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

/** "UDP port 6667", "UDP ports 6666 and 6667". */
export function udpPorts(ports: readonly number[]): string {
  return `UDP port${ports.length === 1 ? "" : "s"} ${joined(ports.map(String))}`;
}

/** What is wrong with ports that could not be opened. Which of the two it is stands in the log. */
export function heldPorts(ports: readonly number[]): string {
  return `${udpPorts(ports)} ${ports.length === 1 ? "is" : "are"} held by another program, or cannot be opened`;
}
