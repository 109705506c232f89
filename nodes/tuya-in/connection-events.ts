import type { NodeMessage } from "node-red";
import { type DeviceLink, movedTo } from "../link/device-link";
import { type LinkState, troubleOf } from "../link/link-state";
export type ConnectionWord = "connected" | "disconnected" | "connecting" | "asleep" | "error";

/**
 * The messages of tuya-in's second output: one when the word changes, or the cause behind it. "connected" carries the
 * address the device was met at; where that is not the configured one, `msg.tuya.reason` is "ip-changed".
 */
export class ConnectionEvents {
  #word: ConnectionWord | undefined;
  #code: string | undefined;
  #ip: string | undefined;
  #version: string | undefined;

  /** The message for a state; undefined when it says nothing new. */
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

  /** Where the device was met last; until then, where it is said to be. */
  #address(link: DeviceLink | undefined): { ip?: string; version?: string } {
    const settings = link?.device?.settings;
    const ip = this.#ip ?? settings?.ip;
    const version = this.#version ?? (settings?.version === "auto" ? undefined : settings?.version);
    return { ...(ip && { ip }), ...(version && { version }) };
  }
}

/** A connection that ends was there: "disconnected". One that does not come about is an "error". */
export function wordOf(state: LinkState, previous: ConnectionWord | undefined): ConnectionWord {
  switch (state.kind) {
    case "ready":
      // Whoever has not proved the key, and is sent no commands therefore, may be anybody.
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
