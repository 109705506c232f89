/** Which reports a compatible tuya-in passes on, in the words of node-red-contrib-tuya-smart-device. */
export type EventMode = "event-data" | "event-dp-refresh" | "event-both";

/**
 * The two kinds of reports in that package (and tuyapi): a push without data point 1 is a refresh, everything else is
 * data.
 */
export type EventKind = "data" | "dp-refresh";

/** Reads the name of a mode. Any other value means both, as in that package. */
export function readEventMode(value: unknown): EventMode {
  return value === "event-data" || value === "event-dp-refresh" ? value : "event-both";
}

/** Whether a mode passes on reports of this kind. */
export function passes(mode: EventMode, kind: EventKind): boolean {
  return mode === "event-both" || mode === `event-${kind}`;
}
