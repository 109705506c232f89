import { type AdminRequest } from "../base/requests";
import type { Heard } from "./rows";
import { translate } from "../base/texts";
import { requestDevices } from "../connection/find/find-requests";

/** Between two requests, in milliseconds. */
const POLL_MS = 1_000;

/** The devices heard while the dialog is open, from when this is made until `close`. A failed request is tried again. */
export class Hearing {
  /** By device id. Live; devices that fall silent stay. */
  readonly devices = new Map<string, Heard>();
  readonly #changed: () => void;
  #request: AdminRequest | undefined;
  #timer: number | undefined;

  /** @param changed called when `devices` has changed */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.#poll();
  }

  /** Ends the requests. */
  close(): void {
    window.clearTimeout(this.#timer);
    this.#request?.cancel();
  }

  #poll(): void {
    const again = (): void => {
      this.#timer = window.setTimeout(() => this.#poll(), POLL_MS);
    };
    this.#request = requestDevices(
      {
        done: (devices) => {
          const before = JSON.stringify([...this.devices]);
          for (const { id, ip, version } of devices) this.devices.set(id, { ip, version });
          if (JSON.stringify([...this.devices]) !== before) this.#changed();
          again();
        },
        failed: again,
      },
      translate,
    );
  }
}
