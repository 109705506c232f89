/** The longest delay of a timer in Node.js, in milliseconds; with a longer one it fires at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Shortest useful time between refreshes, in seconds: devices measure about once a second and lag when pressed. */
export const SHORTEST_REFRESH = 2;

/** The TCP port on which all devices listen. Announcements do not contain it. */
export const DEFAULT_PORT = 6668;

/** Whether a value is the number of a TCP or UDP port. */
export function isPort(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}
