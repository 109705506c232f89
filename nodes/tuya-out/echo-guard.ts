import { BoundedMap } from "../../src/bounded-map";
import { isDeepStrictEqual } from "node:util";
import type { DataPointMap } from "../../src/datapoints/datapoint-map";
import { friendlyPoints, type FriendlyWord, friendlyWordOf } from "../../src/datapoints/friendly/points";
import { lampOf } from "../../src/datapoints/friendly/lamp";
import { showFriendly } from "../../src/datapoints/friendly/show";
import type { Dps } from "../../src/protocol/dps";
import { isPlainObject, type Properties } from "../runtime/properties";

/** The device a message is for, and what is known about it. */
export interface EchoContext {
  readonly deviceId: string;
  readonly cid: string | undefined;
  readonly dataPoints: DataPointMap;
  readonly values: Dps;
  /** See `DeviceLink.reportedAt`. */
  readonly reportedAt: number | undefined;
}

/** The last message that carried a report of a data point. */
interface Trace {
  /** The report, as a text. */
  readonly report: string;
  /** When such a message was last sent to the device. */
  readonly sentAt: number;
  /** When the first message with this report was an echo. Undefined once somebody has moved the widget since. */
  readonly echoedAt: number | undefined;
}

/** For so long after a command, devices may still report the values of earlier commands, in milliseconds. */
const LATE_MS = 2_000;
/** For so long after the first echo of a report, its widget may send on the same value once more, in milliseconds. */
const AGAIN_MS = 2_000;
/** A report is recent if the device's last one is at most so much newer, in seconds. */
const RECENT_S = 2;
/** Memory for the reports of all devices, in bytes; the oldest are forgotten. */
const MAX_BYTES = 512 * 1024;

/**
 * Recognizes echoes in a loop tuya-in → dashboard widget → tuya-out. Some widgets send on the value they are shown. Then
 * the device is sent its own value, which has no effect. But while somebody drags a slider, this is an older value: it
 * would set the device back, the report of that would be shown, and so on for ever.
 *
 * A widget's own messages contain the last report, too. So only the first message with a report is an echo, and only if
 * it has exactly the reported value. Some widgets send it on twice, in Node-RED and a moment later in the browser. So those
 * that follow soon are echoes, too, until one has another value.
 */
export class EchoGuard {
  readonly #now: () => number;
  readonly #traces = new BoundedMap<Trace>({
    budget: MAX_BYTES,
    bytesOf: ({ report }) => 64 + 2 * report.length,
    whenFull: "forget-oldest",
  });

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether a message is an echo, so that its values need not be sent. Call it once for each message, in their order. */
  isEcho(msg: Properties, dps: Dps, context: EchoContext): boolean {
    const origin = msg["tuya"];
    const isReport = isPlainObject(origin) && typeof origin["reason"] === "string";
    if (!isReport || origin["deviceId"] !== context.deviceId || origin["cid"] !== context.cid) return false;
    if (!isAbout(origin, dps, context)) return false;
    const { payload } = msg;
    const key = [context.deviceId, context.cid, origin["code"] ?? origin["dp"]].join("/");
    const report = JSON.stringify([origin["dps"], origin["reason"], origin["t"], origin["previous"]]);
    const now = this.#now();
    const before = this.#traces.get(key);
    const sentAt = before?.sentAt ?? -Infinity;
    const isFirst = before?.report !== report;
    const echoedAt = isFirst ? now : before.echoedAt;
    const mayBeEcho = echoedAt !== undefined && now - echoedAt < AGAIN_MS;
    const reported = isPlainObject(origin["dps"]) ? (origin["dps"] as Dps) : {};
    const saysBack = (values: Dps) => isDeepStrictEqual(shownOf(origin, { ...context, values }), payload);
    const isLate = now - sentAt < LATE_MS || isRecent(origin, context);
    const isEcho =
      mayBeEcho && statesThen(reported, context).some(saysBack) && (isLate || saysBack(context.values));
    this.#remember(key, isEcho ? { report, sentAt, echoedAt } : { report, sentAt: now, echoedAt: undefined });
    return isEcho;
  }

  #remember(key: string, trace: Trace): void {
    this.#traces.delete(key);
    this.#traces.set(key, trace);
  }
}

/** Whether the report is one of the last few. A message that somebody keeps and sends later has an older one. */
function isRecent({ t }: Properties, { reportedAt }: EchoContext): boolean {
  return typeof t === "number" && reportedAt !== undefined && Math.abs(reportedAt - t) <= RECENT_S;
}

/** The states the device may have been in when it reported this. A lamp that is off by now was on then, or it shows 0 %. */
function statesThen(reported: Dps, { dataPoints, values }: EchoContext): readonly Dps[] {
  const { switch: dp } = lampOf(dataPoints, values);
  const then = { ...values, ...reported };
  return dp === undefined ? [then] : [then, { ...values, [dp]: true, ...reported }];
}

/** The friendly name that a report is about; undefined if it is about a data point. */
function wordOf({ code }: Properties): FriendlyWord | undefined {
  return typeof code === "string" ? friendlyWordOf(code) : undefined;
}

/** Whether the message sets the data point of the report, and not another one. */
function isAbout(origin: Properties, dps: Dps, { dataPoints, values }: EchoContext): boolean {
  const own = friendlyPoints(dataPoints, values).find(
    ({ word, dp }) =>
      // A colour also sets mode and switch, whatever its code is.
      wordOf(origin) === word || (word === "colour" && dp === origin["dp"]),
  );
  const about = own?.dps ?? [origin["dp"]];
  return Object.keys(dps).every((dp) => about.includes(dp));
}

/** The payload that a tuya-in with one message per value would send for these values. */
function shownOf(origin: Properties, { dataPoints, values }: EchoContext): unknown {
  const { dp } = origin;
  const point = friendlyPoints(dataPoints, values).find(({ word }) => word === wordOf(origin));
  if (point) return showFriendly(point, dataPoints, values)?.value;
  const number = dataPoints.numberOf(dp);
  const raw = number !== undefined && Object.hasOwn(values, number) ? values[number] : undefined;
  return number === undefined || raw === undefined ? undefined : dataPoints.decode(number, raw);
}
