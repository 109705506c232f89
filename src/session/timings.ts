/** Every duration of a session and of the device above it, in milliseconds. Tests shorten them; nothing else should. */
export interface Timings {
  /** How long opening a TCP connection may take. */
  readonly connectTimeoutMs: number;
  /**
   * How long each answer of the negotiation may take. Some firmware needs 3 s after boot; some is silent for 30 s on a
   * wrong key.
   */
  readonly negotiationTimeoutMs: number;
  /** How long the answer to a request may take. The 99th percentile on real devices is 540 ms. */
  readonly replyTimeoutMs: number;
  /** After an unclear failure: how long to wait before the first frame is sent, to tell "busy" from "refused the frame". */
  readonly settleMs: number;
  /** Pause between two attempts: a device frees the place of a lost connection within a second. */
  readonly pauseMs: number;
  /** A heartbeat is sent when nothing else was sent for this long, give or take a twentieth. Devices hang up after 30 s. */
  readonly heartbeatIntervalMs: number;
  /** A device that sent nothing for this long, though heartbeats went to it, is gone. */
  readonly deadAfterMs: number;
  /** How long a device that seems to have moved may take to answer a heartbeat. */
  readonly probeTimeoutMs: number;
  /** How long the rest of an unfinished frame may take. */
  readonly stalledFrameMs: number;
  /** How long an acknowledgement may lag behind the report that has already confirmed the command. */
  readonly ackGraceMs: number;
  /** How long to wait for the report that confirms a command, before the device is queried. */
  readonly reportTimeoutMs: number;
  /** How long a connection to an announced address is kept without anything that proves the key. */
  readonly listenMs: number;
  /** Between two attempts at the configured address while the device is connected at another one. */
  readonly lookIntervalMs: number;
  /** Until the first query is repeated, after a device that has just booted refused it. */
  readonly queryRetryMs: number;
  /** Pause between reading two sub-devices: gateways are slower than other devices. */
  readonly childGapMs: number;
  /** How often a gateway is asked which of the followed sub-devices are online. */
  readonly childrenIntervalMs: number;
  /** A sub-device that a gateway has left out of its lists for this long is gone. */
  readonly absentAfterMs: number;
  /** Without an address: after how long a device that has not announced itself counts as not found. */
  readonly searchTimeoutMs: number;
  /** Successive waits after failures; the last one repeats. */
  readonly backoffMs: readonly number[];
  /** The wait after a failure that only a person can remove the cause of (key, version). */
  readonly hopelessBackoffMs: number;
  /** After a connection that lasted this long the waits begin with the shortest again. */
  readonly steadyAfterMs: number;
  /** How long a socket may take to close. */
  readonly closeGraceMs: number;
}

/** What devices need, as far as it is known. */
export const DEFAULT_TIMINGS: Timings = {
  connectTimeoutMs: 5_000,
  negotiationTimeoutMs: 5_000,
  replyTimeoutMs: 5_000,
  settleMs: 300,
  pauseMs: 1_000,
  heartbeatIntervalMs: 10_000,
  deadAfterMs: 20_000,
  probeTimeoutMs: 3_000,
  stalledFrameMs: 5_000,
  ackGraceMs: 300,
  reportTimeoutMs: 2_000,
  listenMs: 60_000,
  lookIntervalMs: 30_000,
  queryRetryMs: 4_000,
  childGapMs: 100,
  childrenIntervalMs: 30_000,
  absentAfterMs: 300_000,
  searchTimeoutMs: 30_000,
  backoffMs: [1_000, 2_000, 5_000, 10_000, 30_000, 60_000],
  hopelessBackoffMs: 60_000,
  steadyAfterMs: 60_000,
  closeGraceMs: 1_000,
};
