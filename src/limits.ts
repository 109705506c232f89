/** The longest delay a timer of Node.js can count, in milliseconds; a longer one fires at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Shortest useful time between refreshes, in seconds: devices measure about once a second and lag when pressed. */
export const SHORTEST_REFRESH = 2;

/** Whether a number can be a TCP or UDP port of somebody. */
export function isPort(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}
