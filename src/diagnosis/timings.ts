/** Every duration of a diagnosis, in milliseconds. Tests shorten them; nothing else should. */
export interface DiagnosisTimings {
  /** The longest time of the whole diagnosis, without closing the last socket; each wait below ends when it is over. */
  readonly totalMs: number;
  /** How long to listen for a device: they announce themselves every 5 s. */
  readonly listenMs: number;
  /** How long resolving a host name may take. */
  readonly resolveMs: number;
  /** How long opening a TCP connection may take. The first SYN may be lost, the second follows after 1 s. */
  readonly connectMs: number;
  /** How long to wait before the first frame is sent: busy devices close the connection in that time. */
  readonly settleMs: number;
  /** After how long a device that sends nothing counts as silent. Of 100 answers 99 come within 540 ms. */
  readonly silenceMs: number;
  /** How long a 3.5 device may take to hang up after an unexpected frame. */
  readonly negotiationProbeMs: number;
  /** Pause before a device without a free place is tried again: the place of a lost connection is free within a second. */
  readonly pauseMs: number;
  /** How long the answer with the data points may take. */
  readonly valuesMs: number;
  /** Pause before a refused query is repeated. */
  readonly queryRetryMs: number;
  /** How long the answer to a heartbeat may take. */
  readonly heartbeatMs: number;
  /** How long to wait while the device of this process is just connecting: then its connection can be used. */
  readonly joinMs: number;
  /** How old an announcement may be to tell which device has an address now. */
  readonly freshMs: number;
  /** How long a socket may take to close. */
  readonly closeGraceMs: number;
}

/** The usual durations: with them a diagnosis takes less than 15 s. */
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

/** The time the steps after the search for the version need, in milliseconds. */
export function reserveMs({ valuesMs, heartbeatMs }: DiagnosisTimings): number {
  return valuesMs + heartbeatMs;
}
