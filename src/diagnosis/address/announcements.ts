import type { Discovery, DiscoveryHealth } from "../../discovery/discovery";
import type { HeardDevice } from "../../discovery/heard-devices";
import { Once } from "../once";
import type { Deadline } from "../deadline";
import type { DiagnosisTimings } from "../timings";

/** What a diagnosis learns from announcements. They are only hints: everybody can forge them. */
export class Announcements {
  readonly #discovery: Discovery | undefined;
  readonly #timings: DiagnosisTimings;
  readonly #deadline: Deadline;
  #endSeeking: (() => void) | undefined;

  constructor(discovery: Discovery | undefined, timings: DiagnosisTimings, deadline: Deadline) {
    this.#discovery = discovery;
    this.#timings = timings;
    this.#deadline = deadline;
  }

  /** Has discovery requests sent until `close`, for devices that announce themselves only when asked. */
  open(): void {
    this.#endSeeking ??= this.#discovery?.seek();
  }

  /** Undefined if discovery is switched off. */
  get health(): DiscoveryHealth | undefined {
    return this.#discovery?.health();
  }

  /** Number of devices heard, without this one. */
  others(id: string): number {
    return (this.#discovery?.devices() ?? []).filter((device) => device.id !== id).length;
  }

  /** A device as it was last heard, however long ago. */
  of(id: string): HeardDevice | undefined {
    return this.#discovery?.device(id);
  }

  /** A device as it was last heard, if that was recent (`freshMs`). */
  lately(id: string): HeardDevice | undefined {
    const device = this.of(id);
    return device && this.#isFresh(device) ? device : undefined;
  }

  /**
   * The device that announced this address lately: `id` if it did, otherwise the only one that did. Undefined if several
   * did: one computer stands for many devices then, and it is not known which of them answers. If no device names the
   * address, the device whose packets come from there counts, unless several send from there (a relay).
   */
  at(ip: string, id: string): HeardDevice | undefined {
    const fresh = (this.#discovery?.devices() ?? []).filter((device) => this.#isFresh(device));
    const naming = fresh.filter((device) => device.ip === ip);
    const sending = fresh.filter((device) => device.sender === ip);
    const candidates = naming.length > 0 || sending.length > 1 ? naming : sending;
    return (
      candidates.find((device) => device.id === id) ?? (candidates.length === 1 ? candidates[0] : undefined)
    );
  }

  /**
   * Listens until the device was heard, or for `listenMs`: by then all that announce themselves must have been heard.
   * Returns at once what was heard before, however long ago. Undefined if it was not heard.
   */
  async listenFor(id: string): Promise<HeardDevice | undefined> {
    const discovery = this.#discovery;
    if (!discovery || this.of(id)) return this.of(id);
    return this.#until((heard) => {
      const watcher = { heard };
      discovery.watch(id, watcher);
      return () => discovery.unwatch(id, watcher);
    }, this.#timings.listenMs);
  }

  /**
   * Waits until a device at this address must have been heard, if listening began only just now: until `listenMs` after
   * that.
   */
  async catchUp(ip: string, id: string): Promise<void> {
    const discovery = this.#discovery;
    const since = this.health?.since;
    if (!discovery || since === undefined || this.at(ip, id) || this.lately(id)) return;
    const ms = since + this.#timings.listenMs - Date.now();
    if (ms <= 0) return;
    await this.#until(
      (heard) =>
        discovery.on("heard", (device) => {
          if (device.ip === ip || device.id === id) heard(device);
        }),
      ms,
    );
  }

  /** Ends the discovery requests. */
  close(): void {
    this.#endSeeking?.();
  }

  async #until(
    listen: (heard: (device: HeardDevice) => void) => () => void,
    ms: number,
  ): Promise<HeardDevice | undefined> {
    const heard = new Once<HeardDevice>();
    const end = listen((device) => heard.done(device));
    try {
      return await this.#deadline.wait(heard.promise, ms, this.#timings.heartbeatMs);
    } finally {
      end();
    }
  }

  #isFresh({ lastSeen }: HeardDevice): boolean {
    return Date.now() - lastSeen <= this.#timings.freshMs;
  }
}
