import type { NodeMessage } from "node-red";
import { type ConnectionWord, wordOf } from "./connection-events";
import type { DeviceLink } from "./device-link";
import { type LinkState, troubleOf } from "./link-state";

const STATES = {
  connected: "CONNECTED",
  connecting: "CONNECTING",
  disconnected: "DISCONNECTED",
  asleep: "DISCONNECTED",
  error: "ERROR",
} as const satisfies Record<ConnectionWord, string>;

/**
 * The messages of the second output of node-red-contrib-tuya-smart-device, one when the state changes: `{payload:
 * {state}}`, to which who and why are added.
 */
export class CompatibleEvents {
  #word: ConnectionWord | undefined;

  /** The message for a state; undefined when it says nothing new. */
  next(state: LinkState, link: DeviceLink | undefined): NodeMessage | undefined {
    const before = this.#word;
    const word = wordOf(state, before);
    this.#word = word;
    if (before !== undefined && STATES[before] === STATES[word]) return undefined;
    const reason = troubleOf(state)?.message;
    return {
      payload: {
        state: STATES[word],
        ...(link && { deviceId: link.profile.deviceId, deviceName: link.profile.name }),
        ...(reason !== undefined && { reason }),
      },
    };
  }
}
