import type { NodeMessage } from "node-red";
import { compatibleOriginOf } from "./compatible-messages";
import { type ConnectionWord, wordOf } from "./connection-events";
import type { DeviceLink } from "../link/device-link";
import { type LinkState, troubleOf } from "../link/link-state";

const STATES = {
  connected: "CONNECTED",
  connecting: "CONNECTING",
  disconnected: "DISCONNECTED",
  asleep: "DISCONNECTED",
  error: "ERROR",
} as const satisfies Record<ConnectionWord, string>;

/**
 * The messages of the second output of node-red-contrib-tuya-smart-device, one for each change of state: `{payload:
 * {state}}`, extended by the device and the reason.
 */
export class CompatibleEvents {
  readonly #name: string;
  #word: ConnectionWord | undefined;

  /** `name` is that of the node; "" = none. */
  constructor(name: string) {
    this.#name = name;
  }

  /** The message for a state; undefined if it is the same as before. */
  next(state: LinkState, link: DeviceLink | undefined): NodeMessage | undefined {
    const before = this.#word;
    const word = wordOf(state, before);
    this.#word = word;
    if (before !== undefined && STATES[before] === STATES[word]) return undefined;
    const reason = troubleOf(state)?.message;
    return {
      payload: {
        state: STATES[word],
        ...(link && compatibleOriginOf(this.#name, link.profile)),
        ...(reason !== undefined && { reason }),
      },
    };
  }
}
