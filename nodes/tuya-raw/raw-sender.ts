import { badInputError, closedError } from "../../src/session/failure";
import { obstacleToRaw } from "../../src/session/raw-request";
import type { TuyaError } from "../../src/errors";
import type { DeviceLink } from "../link/device-link";
import { linkError } from "../link/link-state";
import type { FrameEvent } from "../../src/session/frame-event";

/** Frames of one tuya-raw that wait for their answers. */
export class RawSender {
  readonly #waiting = new Map<(error: TuyaError) => void, string>();

  /** See `TuyaDevice.sendRaw`. Over the gateway's connection for a sub-device, whether that is awake or not. */
  send(link: DeviceLink, command: number, payload: Buffer): Promise<FrameEvent | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(reject, link.profile.name);
      request(link, command, payload)
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }

  /** The node is closing: everything that is not answered yet fails with CLOSED. */
  close(): void {
    for (const [reject, name] of this.#waiting) reject(closedError(name));
    this.#waiting.clear();
  }
}

async function request(link: DeviceLink, command: number, payload: Buffer): Promise<FrameEvent | undefined> {
  const { state, profile } = link;
  // Whether the device is connected does not matter to a frame that is never sent.
  const obstacle = obstacleToRaw(command, payload);
  if (obstacle) throw badInputError(profile.name, obstacle);
  if (state.kind !== "ready" && state.kind !== "childOffline") throw linkError(state, profile.name);
  return link.requireDevice().sendRaw(command, payload);
}
