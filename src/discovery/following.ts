import type { Discovery, Watcher } from "./discovery";
import type { HeardDevice } from "./heard-devices";

interface StateListener {
  state(state: { readonly kind: string }): void;
}

/** What `Following` uses of a device. */
export interface Followed {
  readonly settings: { readonly deviceId: string };
  readonly state: { readonly kind: string };
  addListener(listener: StateListener): void;
  removeListener(listener: StateListener): void;
  /** Tells the device what it announced: see `Device.heard`. */
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
export class Following implements Watcher, StateListener {
  readonly #discovery: Discovery;
  readonly #device: Followed;
  #endSeeking: (() => void) | undefined;
  #hasEnded = false;

  constructor(discovery: Discovery, device: Followed) {
    this.#discovery = discovery;
    this.#device = device;
    this.#tellWhatIsKnown();
    this.state(device.state);
    discovery.watch(this.#id, this);
    device.addListener(this);
  }

  /** Ends passing on and seeking. May be called again. */
  end(): void {
    this.#hasEnded = true;
    this.#discovery.unwatch(this.#id, this);
    this.#device.removeListener(this);
    this.#endSeeking?.();
  }

  // Watcher

  heard({ ip, sender, version, lastSeen: time }: HeardDevice): void {
    this.#device.heard({ ip, version, time, ...(sender === ip ? {} : { sender }) });
  }

  // StateListener

  state({ kind }: { readonly kind: string }): void {
    if (!SEEKING_STATES.has(kind)) {
      this.#endSeeking?.();
      this.#endSeeking = undefined;
      return;
    }
    this.#endSeeking ??= this.#discovery.seek();
    // Its settings may have changed, and its address is forgotten then. Told later, because it is changing its state now.
    if (kind === "searching") queueMicrotask(() => this.#tellWhatIsKnown());
  }

  get #id(): string {
    return this.#device.settings.deviceId;
  }

  #tellWhatIsKnown(): void {
    const known = this.#hasEnded ? undefined : this.#discovery.device(this.#id);
    if (known) this.heard(known);
  }
}
