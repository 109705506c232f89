/**
 * A signal that is aborted by Ctrl-C, or when the process is asked to end (SIGTERM). Until `release` is called, neither ends
 * the process by itself.
 */
export function untilInterrupted(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.on("SIGINT", abort);
  process.on("SIGTERM", abort);
  return {
    signal: controller.signal,
    release: () => {
      process.off("SIGINT", abort);
      process.off("SIGTERM", abort);
    },
  };
}

/** Resolves as soon as the signal is aborted; at once if it is aborted already. */
export function interruption(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
}

/** Resolves after this time, or as soon as the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  });
}

/** Exit status of a command that was interrupted, as shells have it. */
export const INTERRUPTED = 130;
