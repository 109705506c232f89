import { monitorEventLoopDelay } from "node:perf_hooks";

/** How a process is. Bytes and milliseconds. */
export interface VitalSigns {
  /** JavaScript objects and what hangs on them; after a collection where one can be asked for. */
  readonly heap: number;
  /** How late the event loop was: half of the time, 99 % of it, and at worst. */
  readonly lateMs: { readonly median: number; readonly p99: number; readonly max: number };
  readonly timers: number;
  readonly sockets: number;
}

/** Watches the process it runs in. */
export class VitalMonitor {
  readonly #delay = monitorEventLoopDelay({ resolution: 1 });

  constructor() {
    this.#delay.enable();
  }

  /** Since the last look. */
  look(): VitalSigns {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    const resources = process.getActiveResourcesInfo();
    const ms = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 1e5) / 10 - 1);
    const lateMs = {
      median: ms(this.#delay.percentile(50)),
      p99: ms(this.#delay.percentile(99)),
      max: ms(this.#delay.max),
    };
    this.#delay.reset();
    return {
      heap: heapUsed + external,
      lateMs,
      timers: resources.filter((kind) => kind === "Timeout").length,
      sockets: resources.filter((kind) => kind.startsWith("TCP")).length,
    };
  }

  stop(): void {
    this.#delay.disable();
  }
}

/** For people: `12.3 MB of heap, event loop late by …`. */
export function describeSigns({ heap, lateMs, timers, sockets }: VitalSigns): string {
  const { median, p99, max } = lateMs;
  return `${(heap / 2 ** 20).toFixed(1)} MB of heap, event loop late by ${median.toFixed(1)} ms (median), ${p99.toFixed(1)} ms (99 %), ${max.toFixed(1)} ms (at worst), ${timers} timers, ${sockets} sockets`;
}
