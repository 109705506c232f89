import type { Discovery } from "./discovery";
import type { HeardDevice } from "./heard-devices";

/** What a follower needs of a device. */
export interface Followed {
  readonly settings: { readonly deviceId: string };
  readonly state: { readonly kind: string };
  on(event: "state", listener: (state: { readonly kind: string }) => void): () => void;
  heard(announcement: { ip: string; sender?: string; version?: string | undefined }): void;
}

/** States in which a device waits to be heard. */
const LONGING: ReadonlySet<string> = new Set(["searching", "waiting", "asleep"]);

/**
 * Tells a device of its own announcements, and has the network asked more often as long as the device is not reached.
 * The returned function ends that.
 */
export function follow(discovery: Discovery, device: Followed): () => void {
  let endSeeking: (() => void) | undefined;
  const seekWhile = ({ kind }: { readonly kind: string }): void => {
    if (LONGING.has(kind)) endSeeking ??= discovery.seek();
    else {
      endSeeking?.();
      endSeeking = undefined;
    }
  };
  const tell = ({ id, ip, sender, version }: HeardDevice): void => {
    if (id !== device.settings.deviceId) return;
    device.heard({ ip, version, ...(sender === ip ? {} : { sender }) });
  };
  const known = discovery.device(device.settings.deviceId);
  if (known) tell(known);
  seekWhile(device.state);
  const ends = [discovery.on("heard", tell), device.on("state", seekWhile)];
  return () => {
    for (const end of ends) end();
    endSeeking?.();
    endSeeking = undefined;
  };
}
