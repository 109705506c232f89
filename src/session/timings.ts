/** Every duration of the device layer, in milliseconds. Tests shorten them; nothing else should. */
export interface Timings {
  /** Until a TCP connection stands. */
  readonly connectTimeoutMs: number;
  /** Until each answer of the negotiation. Some firmware needs 3 s after boot; some is silent for 30 s on a wrong key. */
  readonly negotiationTimeoutMs: number;
  /** Until a request is answered. The 99th percentile on real devices is 540 ms. */
  readonly replyTimeoutMs: number;
  /** How long a suspicious device is listened to before the first frame, to tell "busy" from "refused my frame". */
  readonly settleMs: number;
  /** Between two attempts that follow each other: a device frees the place of a lost connection within a second. */
  readonly pauseMs: number;
  /** Heartbeat after this much silence of ours. Devices hang up after 30 s. */
  readonly heartbeatIntervalMs: number;
  /** A device that sent nothing for this long although asked is gone. */
  readonly deadAfterMs: number;
  /** Until the sign of life of a device that seems to have moved. */
  readonly probeTimeoutMs: number;
  /** An unfinished frame older than this never finishes. */
  readonly stalledFrameMs: number;
  /** How long an acknowledgement may lag behind the report that already proved the command. */
  readonly ackGraceMs: number;
  /** How long to wait for a report before asking, where a command is to be proved by one. */
  readonly reportTimeoutMs: number;
  /** How long an address that is only heard of is listened to for something that proves the key. */
  readonly listenMs: number;
  /** Between two looks at the device's own address while it is connected at another one. */
  readonly lookIntervalMs: number;
  /** Before the first query is repeated, where a device that just booted refused it. */
  readonly queryRetryMs: number;
  /** Between two sub-devices that are read one after the other: gateways are slower than other devices. */
  readonly childGapMs: number;
  /** How often a gateway is asked again which of the sub-devices that are followed are online. */
  readonly childrenIntervalMs: number;
  /** A sub-device that a gateway has left out of its lists for this long is gone. */
  readonly absentAfterMs: number;
  /** Without an address: how long until a device that does not announce itself counts as not found. */
  readonly searchTimeoutMs: number;
  /** Successive waits after failures; the last one repeats. */
  readonly backoffMs: readonly number[];
  /** The wait where only a human can mend the cause (key, version). */
  readonly hopelessBackoffMs: number;
  /** A connection that lasted this long starts the back-off anew. */
  readonly steadyAfterMs: number;
  /** How long a closing socket may take to say goodbye. */
  readonly closeGraceMs: number;
}

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
