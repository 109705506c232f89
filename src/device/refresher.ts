import { LONGEST_TIMER_MS, SHORTEST_REFRESH } from "../limits";
import type { DeviceSettings } from "./types";
import type { Dps } from "../protocol/dps";
import { USUAL_MEASUREMENTS, OLDER_MEASUREMENTS } from "../protocol/request";

/** What a refresher uses of a session. */
interface Asker {
  refresh(dps: readonly number[]): void;
  query(cid: undefined, reason: "reply"): Promise<void>;
}

/**
 * Asks a meter for new measurements at intervals, because meters update their values only when asked. Some devices ignore
 * UPDATEDPS: if it brought no report, the next request is a query.
 */
export class Refresher {
  readonly #values: () => Dps;
  readonly #session: () => Asker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #gotReport = true;

  constructor(values: () => Dps, session: () => Asker | undefined) {
    this.#values = values;
    this.#session = session;
  }

  start(settings: DeviceSettings): void {
    this.stop();
    if (!settings.refreshSeconds) return;
    const ms = Math.max(SHORTEST_REFRESH, settings.refreshSeconds) * 1000;
    this.#timer = setInterval(() => this.#ask(settings), Math.min(ms, LONGEST_TIMER_MS));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  noteReport(): void {
    this.#gotReport = true;
  }

  #ask(settings: DeviceSettings): void {
    const session = this.#session();
    if (!session) return;
    if (this.#gotReport) session.refresh(measuredDps(settings, this.#values()));
    else session.query(undefined, "reply").catch(() => undefined);
    this.#gotReport = !this.#gotReport;
  }
}

/** The configured data points; otherwise the usual measured ones, by the numbering the known values show. */
export function measuredDps(
  { refreshDps = [], measuredDps: named = [] }: DeviceSettings,
  known: Dps,
): readonly number[] {
  if (refreshDps.length > 0) return refreshDps;
  if (named.length > 0) return named;
  const isKnown = (dp: number): boolean => Object.hasOwn(known, String(dp));
  return !USUAL_MEASUREMENTS.some(isKnown) && OLDER_MEASUREMENTS.some(isKnown)
    ? OLDER_MEASUREMENTS
    : USUAL_MEASUREMENTS;
}
