/** Every duration of a diagnosis, in milliseconds. Tests shorten them; nothing else should. */
export interface DiagnosisTimings {
  /** The whole diagnosis, at most; every wait below is cut short by what is left of it. */
  readonly totalMs: number;
  /** Until a device that announces itself must have been heard: they do it every 5 s. */
  readonly listenMs: number;
  /** Until a host name is resolved. */
  readonly resolveMs: number;
  /** Until a TCP connection stands. The first SYN may be lost, the second follows after 1 s. */
  readonly connectMs: number;
  /** How long a new connection is watched before the first frame goes out: busy devices close it at once. */
  readonly settleMs: number;
  /** Until a device that says nothing counts as silent. The 99th percentile of answers is 540 ms. */
  readonly silenceMs: number;
  /** Until a device that speaks 3.5 has hung up on a frame out of turn. */
  readonly negotiationProbeMs: number;
  /** Before a device that had no place is tried again: the place of a lost connection is free within a second. */
  readonly pauseMs: number;
  /** Until data points are shown. */
  readonly valuesMs: number;
  /** Before a refused query is repeated. */
  readonly queryRetryMs: number;
  /** Until a heartbeat is answered. */
  readonly heartbeatMs: number;
  /** How long a device of this process, which is just connecting, is waited for: its connection saves another one. */
  readonly joinMs: number;
  /** An announcement older than this does not say who has an address now. */
  readonly freshMs: number;
  /** How long a closing socket may take to say goodbye. */
  readonly closeGraceMs: number;
}

export const DIAGNOSIS_TIMINGS: DiagnosisTimings = {
  totalMs: 14_000,
  listenMs: 5_500,
  resolveMs: 2_000,
  connectMs: 2_500,
  settleMs: 300,
  silenceMs: 1_500,
  negotiationProbeMs: 1_000,
  pauseMs: 1_000,
  valuesMs: 2_000,
  queryRetryMs: 500,
  heartbeatMs: 1_000,
  joinMs: 1_500,
  freshMs: 20_000,
  closeGraceMs: 300,
};

/** How long a diagnosis can take in the worst case, in milliseconds. */
export function longestMs({ totalMs, closeGraceMs }: DiagnosisTimings): number {
  return totalMs + closeGraceMs;
}

/** What has to be left when the search for the version ends, for the steps after it. */
export function reserveMs({ valuesMs, heartbeatMs }: DiagnosisTimings): number {
  return valuesMs + heartbeatMs;
}
