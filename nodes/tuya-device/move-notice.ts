import type { DeviceLink } from "../link/device-link";
import type { LinkState } from "../link/link-state";
import { movedTo } from "../link/device-link";

/** Warns once for each new address that a device has moved there. Its settings are not changed. */
export class MoveNotice {
  readonly #tell: (sentence: string) => void;
  #told: string | undefined;

  constructor(tell: (sentence: string) => void) {
    this.#tell = tell;
  }

  /** The device entered a state. */
  observe(state: LinkState, link: DeviceLink): void {
    if (state.kind !== "ready" || link.profile.cid !== undefined) return;
    const ip = movedTo(state, link);
    if (ip !== undefined && ip !== this.#told) {
      const { profile, settings } = link;
      this.#tell(
        `${profile.name} was found at ${ip}; its address is set to ${settings?.ip}. It is followed by itself; to make that unnecessary, enter the new address or reserve the old one in the router.`,
      );
    }
    this.#told = ip;
  }
}
