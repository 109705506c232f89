import type { Discovery, DiscoveryHealth } from "../../discovery/discovery";
import type { HeardDevice } from "../../discovery/heard-devices";
import { Once } from "../once";
import type { Deadline } from "../deadline";
import type { DiagnosisTimings } from "../timings";

/** What announcements tell a diagnosis. Hints, never proofs: everybody can forge them. */
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

  /** Has the network asked for devices that announce themselves only then, until `close`. */
  open(): void {
    this.#endSeeking ??= this.#discovery?.seek();
  }

  /** Undefined where nobody listens. */
  get health(): DiscoveryHealth | undefined {
    return this.#discovery?.health();
  }

  /** Devices heard, this one aside. */
  others(id: string): number {
    return (this.#discovery?.devices() ?? []).filter((device) => device.id !== id).length;
  }

  /** What was heard of a device, however long ago. */
  of(id: string): HeardDevice | undefined {
    return this.#discovery?.device(id);
  }

  /** Where a device is, if it said so lately. */
  lately(id: string): HeardDevice | undefined {
    const device = this.of(id);
    return device && this.#isFresh(device) ? device : undefined;
  }

  /**
   * Who lives at an address, as announced lately: preferably this device, else the only one that does. Where several do,
   * one computer stands for many devices, and which of them answers is not known. Packets that come from the address count
   * where nobody names it, and only as long as a single device sends from there (a relay has many).
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

  /** Listens until a device was heard, or all that announce themselves must have been. */
  async listenFor(id: string): Promise<HeardDevice | undefined> {
    const discovery = this.#discovery;
    if (!discovery || this.of(id)) return this.of(id);
    return this.#until((heard) => discovery.watch(id, heard), this.#timings.listenMs);
  }

  /** Waits, where listening began only just now, until whoever lives at an address must have been heard. */
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
