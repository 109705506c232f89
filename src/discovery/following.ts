import type { Discovery } from "./discovery";
import type { HeardDevice } from "./heard-devices";

/** What `Following` uses of a device. */
export interface Followed {
  readonly settings: { readonly deviceId: string };
  readonly state: { readonly kind: string };
  on(event: "state", listener: (state: { readonly kind: string }) => void): () => void;
  heard(announcement: {
    ip: string;
    sender?: string;
    version?: string | undefined;
    time?: number | undefined;
  }): void;
}

/** States in which a device waits to be heard. */
const SEEKING_STATES: ReadonlySet<string> = new Set(["searching", "waiting", "asleep"]);

/**
 * Passes on to a device what it announces, and has discovery requests sent more often while it is not connected, until
 * `end` is called.
 */
export class Following {
  readonly #discovery: Discovery;
  readonly #device: Followed;
  readonly #endWatch: () => void;
  readonly #endStates: () => void;
  #endSeeking: (() => void) | undefined;
  #hasEnded = false;

  constructor(discovery: Discovery, device: Followed) {
    this.#discovery = discovery;
    this.#device = device;
    this.#tellWhatIsKnown();
    this.#seekWhile(device.state);
    this.#endWatch = discovery.watch(device.settings.deviceId, (heard) => this.#tell(heard));
    this.#endStates = device.on("state", (state) => this.#seekWhile(state));
  }

  end(): void {
    this.#hasEnded = true;
    this.#endWatch();
    this.#endStates();
    this.#endSeeking?.();
  }

  #tell({ ip, sender, version, lastSeen: time }: HeardDevice): void {
    this.#device.heard({ ip, version, time, ...(sender === ip ? {} : { sender }) });
  }

  #tellWhatIsKnown(): void {
    const known = this.#hasEnded ? undefined : this.#discovery.device(this.#device.settings.deviceId);
    if (known) this.#tell(known);
  }

  #seekWhile({ kind }: { readonly kind: string }): void {
    if (!SEEKING_STATES.has(kind)) {
      this.#endSeeking?.();
      this.#endSeeking = undefined;
      return;
    }
    this.#endSeeking ??= this.#discovery.seek();
    // Its settings may have changed, and its address is forgotten then. Told later, because it is changing its state now.
    if (kind === "searching") queueMicrotask(() => this.#tellWhatIsKnown());
  }
}
