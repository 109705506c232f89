import type { Discovery } from "./discovery";
import type { HeardDevice } from "./heard-devices";

/** What `follow` uses of a device. */
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
 * Passes on to a device what it announces, and has discovery requests sent more often while it is not connected. The
 * returned function ends that.
 */
export function follow(discovery: Discovery, device: Followed): () => void {
  const { deviceId } = device.settings;
  let hasEnded = false;
  let endSeeking: (() => void) | undefined;
  const tell = ({ ip, sender, version, lastSeen: time }: HeardDevice): void => {
    device.heard({ ip, version, time, ...(sender === ip ? {} : { sender }) });
  };
  const tellWhatIsKnown = (): void => {
    const known = hasEnded ? undefined : discovery.device(deviceId);
    if (known) tell(known);
  };
  const seekWhile = ({ kind }: { readonly kind: string }): void => {
    if (!SEEKING_STATES.has(kind)) {
      endSeeking?.();
      endSeeking = undefined;
    } else {
      endSeeking ??= discovery.seek();
      // Its settings may have changed, and its address is forgotten then. Told later, because it is changing its state
      // now.
      if (kind === "searching") queueMicrotask(tellWhatIsKnown);
    }
  };
  tellWhatIsKnown();
  seekWhile(device.state);
  const ends = [discovery.watch(deviceId, tell), device.on("state", seekWhile)];
  return () => {
    hasEnded = true;
    for (const end of ends) end();
    endSeeking?.();
  };
}
