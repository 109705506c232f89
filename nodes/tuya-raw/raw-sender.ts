import { badInputError, closedError } from "../../src/session/failure";
import { obstacleToRaw } from "../../src/session/requests/raw-request";
import type { TuyaError } from "../../src/errors";
import type { DeviceLink } from "../link/device-link";
import { linkError } from "../link/link-state";
import type { FrameEvent } from "../../src/session/connection/frame-event";

/** Sends the frames of one tuya-raw. */
export class RawSender {
  readonly #waiting = new Map<(error: TuyaError) => void, string>();

  /** See `TuyaDevice.sendRaw`. For a sub-device the gateway's connection is used, even if the sub-device is offline. */
  send(link: DeviceLink, command: number, payload: Buffer): Promise<FrameEvent | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(reject, link.profile.name);
      request(link, command, payload)
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }

  /** The node is closing: all frames without an answer fail with CLOSED. */
  close(): void {
    for (const [reject, name] of this.#waiting) reject(closedError(name));
    this.#waiting.clear();
  }
}

async function request(link: DeviceLink, command: number, payload: Buffer): Promise<FrameEvent | undefined> {
  const { state, profile } = link;
  // A frame that must not be sent is refused first, whether the device is connected or not.
  const obstacle = obstacleToRaw(command, payload);
  if (obstacle) throw badInputError(profile.name, obstacle);
  if (state.kind !== "ready" && state.kind !== "childOffline") throw linkError(state, profile.name);
  return link.requireDevice().sendRaw(command, payload);
}
