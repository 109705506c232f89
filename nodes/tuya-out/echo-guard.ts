import { BoundedMap } from "../../src/bounded-map";
import { isDeepStrictEqual } from "node:util";
import type { DataPointMap } from "../../src/datapoints/datapoint-map";
import { friendlyPoints, type FriendlyWord, friendlyWordOf } from "../../src/datapoints/friendly/points";
import { showFriendly } from "../../src/datapoints/friendly/show";
import type { Dps } from "../../src/protocol/dps";
import { isPlainObject, type Message } from "../runtime/properties";

/** The device a message is for, and what is known of it. */
export interface EchoContext {
  readonly deviceId: string;
  readonly cid: string | undefined;
  readonly dataPoints: DataPointMap;
  readonly values: Dps;
}

/** The last message about something a device has reported. */
interface Trace {
  /** The report it carried, as a text. */
  readonly report: string;
  /** When one of them was last sent to the device. */
  readonly sentAt: number;
}

/** For so long after a command, devices report what they were told before it. */
const LATE_MS = 2_000;
/** For what was reported of the data points of many devices together, in bytes; the oldest give way. */
const MAX_BYTES = 512 * 1024;

/**
 * Finds the echoes in a loop tuya-in → dashboard widget → tuya-out. A widget may pass on what it is shown: then the device
 * is told what it has just said itself. That does nothing, but while somebody drags a slider it is an older value, which
 * would set the device back, whose report would be shown, and so on for ever.
 *
 * A widget's own messages carry the last report as well, so an echo is only the first message with a report, and only with
 * the very value of it.
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

  /** Whether the values a message would set may be left out. To be asked once for each message, in their order. */
  isEcho(msg: Message, dps: Dps, context: EchoContext): boolean {
    const origin = msg["tuya"];
    const isReport = isPlainObject(origin) && typeof origin["reason"] === "string";
    if (!isReport || origin["deviceId"] !== context.deviceId || origin["cid"] !== context.cid) return false;
    if (!isAbout(origin, dps, context)) return false;
    const { payload } = msg;
    const key = [context.deviceId, context.cid, origin["code"] ?? origin["dp"]].join("/");
    const report = JSON.stringify([origin["dps"], origin["reason"], origin["t"], origin["previous"]]);
    const before = this.#traces.get(key);
    const sentAt = before?.sentAt ?? -Infinity;
    const isFirst = before?.report !== report;
    const reported = isPlainObject(origin["dps"]) ? (origin["dps"] as Dps) : {};
    const saysBack = (values: Dps) => isDeepStrictEqual(shownOf(origin, { ...context, values }), payload);
    const isEcho =
      isFirst &&
      saysBack({ ...context.values, ...reported }) &&
      (saysBack(context.values) || this.#now() - sentAt < LATE_MS);
    this.#remember(key, { report, sentAt: isEcho ? sentAt : this.#now() });
    return isEcho;
  }

  #remember(key: string, trace: Trace): void {
    this.#traces.delete(key);
    this.#traces.set(key, trace);
  }
}

/** The friendly name a report is about, if it is. */
function wordOf({ code }: Message): FriendlyWord | undefined {
  return typeof code === "string" ? friendlyWordOf(code) : undefined;
}

/** Whether what would be set is what the report is about: its value may be meant for something else. */
function isAbout(origin: Message, dps: Dps, { dataPoints, values }: EchoContext): boolean {
  const own = friendlyPoints(dataPoints, values).find(
    ({ word, dp }) =>
      // A colour brings along what makes it visible, whatever its data point is called.
      wordOf(origin) === word || (word === "colour" && dp === origin["dp"]),
  );
  const about = own?.dps ?? [origin["dp"]];
  return Object.keys(dps).every((dp) => about.includes(dp));
}

/** The payload tuya-in would show with these values, where it sends one for each. */
function shownOf(origin: Message, { dataPoints, values }: EchoContext): unknown {
  const { dp } = origin;
  const point = friendlyPoints(dataPoints, values).find(({ word }) => word === wordOf(origin));
  if (point) return showFriendly(point, dataPoints, values)?.value;
  const number = dataPoints.numberOf(dp);
  const raw = number !== undefined && Object.hasOwn(values, number) ? values[number] : undefined;
  return number === undefined || raw === undefined ? undefined : dataPoints.decode(number, raw);
}
