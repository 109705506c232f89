import type { TuyaError } from "../errors";
import type { ProtocolVersion } from "../protocol/version";
import type { DeviceState } from "./types";

/*
 * The life of a device. Timers and sockets belong to the state that started them and end with it.
 *
 *                 no address                 heard
 *   ┌──────┐ connect  ┌───────────┐ ──────────────────────┐
 *   │ idle │ ───────▶ │ searching │                       ▼
 *   └──────┘          └───────────┘ address known  ┌────────────┐ opened ┌──────────┐ answered ┌───────┐
 *      ▲                    └────────────────────▶ │ connecting │ ─────▶ │ checking │ ───────▶ │ ready │
 *      │ disconnect                                └────────────┘        └──────────┘          └───────┘
 *      │ (from anywhere)                                  │ failed            │ failed         lost │ ▲
 *                                                         ▼                   ▼                     ▼ │ answered
 *                                                  ┌──────────────────────────────────────────────────────┐
 *   close (from anywhere) ─▶ closed                │ waiting (sleepy devices: asleep)                     │
 *                                                  └──────────────────────────────────────────────────────┘
 *
 * Attempts made while waiting or asleep are not shown: the state changes when something is known to be different.
 */

/** What happens to a device. */
export type DeviceInput =
  /** Somebody wants a connection; `ip` is undefined where the address is not known. */
  | { readonly type: "start"; readonly ip: string | undefined }
  | { readonly type: "attempt"; readonly ip: string }
  | { readonly type: "opened"; readonly ip: string; readonly version: ProtocolVersion }
  | {
      readonly type: "answered";
      readonly ip: string;
      readonly version: ProtocolVersion;
      readonly keyProven: boolean;
      readonly takesCommands: boolean;
    }
  /** It refuses to be read, with this error; undefined = it can be read. */
  | { readonly type: "refused"; readonly error: TuyaError | undefined }
  | { readonly type: "failed"; readonly error: TuyaError; readonly retryAt: number }
  | { readonly type: "fell-asleep"; readonly lastSeen: number | undefined }
  | { readonly type: "disconnect" }
  | { readonly type: "close" };

/** The state an input leads to; the same object if the input changes nothing in that state. */
export function nextState(state: DeviceState, input: DeviceInput): DeviceState {
  if (state.kind === "closed") return state;
  switch (input.type) {
    case "close":
      return { kind: "closed" };
    case "disconnect":
      return state.kind === "idle" ? state : { kind: "idle" };
    case "start":
      if (input.ip !== undefined) return { kind: "connecting", ip: input.ip };
      return state.kind === "searching" ? state : { kind: "searching" };
    case "attempt":
      return isQuiet(state) || isConnectingTo(state, input.ip) ? state : { kind: "connecting", ip: input.ip };
    case "opened":
      return state.kind === "connecting" ? { kind: "checking", ip: input.ip, version: input.version } : state;
    case "answered":
      return answered(state, input);
    case "refused":
      return refused(state, input.error);
    case "failed":
      return state.kind === "idle" ? state : { kind: "waiting", error: input.error, retryAt: input.retryAt };
    case "fell-asleep":
      return state.kind === "idle" || isAsleepSince(state, input.lastSeen)
        ? state
        : { kind: "asleep", lastSeen: input.lastSeen };
  }
}

/** Whether the device is connected and has proved the key on this connection. */
export function isProven(state: DeviceState): boolean {
  return state.kind === "ready" && state.keyProven;
}

/** A key that was proved on a connection stays proved until the connection ends. */
function answered(state: DeviceState, input: DeviceInput & { type: "answered" }): DeviceState {
  const { ip, version, keyProven, takesCommands } = input;
  if (state.kind === "idle") return state;
  if (state.kind === "ready" && (state.keyProven || !keyProven)) return state;
  const refusal = state.kind === "ready" ? state.refusal : undefined;
  return { kind: "ready", ip, version, keyProven, takesCommands, ...(refusal && { refusal }) };
}

function refused(state: DeviceState, refusal: TuyaError | undefined): DeviceState {
  if (state.kind !== "ready" || state.refusal === refusal) return state;
  const { kind, ip, version, keyProven, takesCommands } = state;
  return { kind, ip, version, keyProven, takesCommands, ...(refusal && { refusal }) };
}

function isAsleepSince(state: DeviceState, lastSeen: number | undefined): boolean {
  return state.kind === "asleep" && state.lastSeen === lastSeen;
}

/** Whether attempts in this state are not shown, or must not be made. */
function isQuiet(state: DeviceState): boolean {
  return state.kind === "waiting" || state.kind === "asleep" || state.kind === "idle";
}

function isConnectingTo(state: DeviceState, ip: string): boolean {
  return state.kind === "connecting" && state.ip === ip;
}
