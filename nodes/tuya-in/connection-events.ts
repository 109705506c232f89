import type { NodeMessage } from "node-red";
import { type DeviceLink, movedTo } from "../link/device-link";
import { type LinkState, troubleOf } from "../link/link-state";

/** The payload of a message about the connection. */
export type ConnectionWord = "connected" | "disconnected" | "connecting" | "asleep" | "error";

/**
 * The messages of tuya-in's second output: one when the word, or the reason, changes. "connected" has the address of the
 * device; if that is not the configured one, `msg.tuya.reason` is "ip-changed".
 */
export class ConnectionEvents {
  #word: ConnectionWord | undefined;
  #code: string | undefined;
  #ip: string | undefined;
  #version: string | undefined;

  /** The message for a state; undefined if it is the same as before. */
  next(state: LinkState, link: DeviceLink | undefined): NodeMessage | undefined {
    const word = wordOf(state, this.#word);
    const trouble = troubleOf(state);
    if ("ip" in state) this.#ip = state.ip;
    if ("version" in state) this.#version = state.version;
    if (word === this.#word && trouble?.code === this.#code) return undefined;
    this.#word = word;
    this.#code = trouble?.code;
    return {
      ...(link && { topic: link.profile.name }),
      payload: word,
      tuya: {
        ...(link && { deviceId: link.profile.deviceId, name: link.profile.name }),
        ...this.#address(link),
        ...(movedTo(state, link) !== undefined && { reason: "ip-changed" }),
        ...(trouble && { code: trouble.code, message: trouble.message }),
      },
    };
  }

  /** The address where the device was last connected; before that, the configured one. */
  #address(link: DeviceLink | undefined): { ip?: string; version?: string } {
    const settings = link?.device?.settings;
    const ip = this.#ip ?? settings?.ip;
    const version = this.#version ?? (settings?.version === "auto" ? undefined : settings?.version);
    return { ...(ip && { ip }), ...(version && { version }) };
  }
}

/** "disconnected": a connection ended. "error": no connection was made. */
export function wordOf(state: LinkState, previous: ConnectionWord | undefined): ConnectionWord {
  switch (state.kind) {
    case "ready":
      // Without proof of the key, and therefore without commands, it may be another device.
      return state.takesCommands ? "connected" : "connecting";
    case "searching":
    case "connecting":
    case "checking":
      return "connecting";
    case "asleep":
      return "asleep";
    case "idle":
    case "closed":
    case "childOffline":
      return "disconnected";
    case "waiting":
    case "gatewayOffline":
      return previous === "connected" ? "disconnected" : "error";
    case "noDevice":
    case "notConfigured":
      return "error";
  }
}
