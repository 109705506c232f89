import type { TuyaError } from "../errors";
import type { ProtocolVersion } from "../protocol/version";
import type { DeviceState } from "./types";

/*
 * The life of a device. Timers and sockets belong to the state that started them and end with it.
 *
 *            connect, no address          heard
 *   ┌──────┐ ─────────────────▶ ┌───────────┐ ──────────────┐
 *   │ idle │                    │ searching │               ▼
 *   └──────┘ ───────────────────└───────────┘──────▶ ┌────────────┐  opened   ┌──────────┐ answered  ┌───────┐
 *      ▲        connect, address known              │ connecting │ ────────▶ │ checking │ ────────▶ │ ready │
 *      │ disconnect (from anywhere)                  └────────────┘           └──────────┘           └───────┘
 *                                                       ▲      │ failed            │ failed              │ failed
 *                                          retry, heard │      ▼                   ▼                     ▼
 *                                                     ┌─────────────────────────────────────────────────────┐
 *   close (from anywhere) ──▶ closed                  │ waiting (sleepy devices: asleep)                    │
 *                                                     └─────────────────────────────────────────────────────┘
 */

/** What happens to a device. */
export type DeviceInput =
  | { readonly type: "search" }
  | { readonly type: "attempt"; readonly ip: string }
  | { readonly type: "opened"; readonly ip: string; readonly version: ProtocolVersion }
  | { readonly type: "answered"; readonly keyProven: boolean }
  | { readonly type: "failed"; readonly error: TuyaError; readonly retryAt: number }
  | { readonly type: "fell-asleep"; readonly lastSeen: number | undefined }
  | { readonly type: "disconnect" }
  | { readonly type: "close" };

/** The state an input leads to; the same object where the input means nothing in that state. */
export function nextState(state: DeviceState, input: DeviceInput): DeviceState {
  if (state.kind === "closed") return state;
  switch (input.type) {
    case "close":
      return { kind: "closed" };
    case "disconnect":
      return state.kind === "idle" ? state : { kind: "idle" };
    case "search":
      return state.kind === "searching" ? state : { kind: "searching" };
    case "attempt":
      return { kind: "connecting", ip: input.ip };
    case "opened":
      // A sleepy device is tried without leaving "asleep", so that its absence does not flicker.
      return state.kind === "connecting" || state.kind === "asleep"
        ? { kind: "checking", ip: input.ip, version: input.version }
        : state;
    case "answered":
      return answered(state, input.keyProven);
    case "failed":
      return isTrying(state) ? { kind: "waiting", error: input.error, retryAt: input.retryAt } : state;
    case "fell-asleep":
      return isTrying(state) || state.kind === "idle" ? { kind: "asleep", lastSeen: input.lastSeen } : state;
  }
}

/** A key once proven on a connection stays proven. */
function answered(state: DeviceState, keyProven: boolean): DeviceState {
  if (state.kind === "checking") return { kind: "ready", ip: state.ip, version: state.version, keyProven };
  if (state.kind === "ready" && keyProven && !state.keyProven) return { ...state, keyProven };
  return state;
}

/** Whether a connection is wanted and neither waiting nor asleep. */
function isTrying(state: DeviceState): boolean {
  switch (state.kind) {
    case "searching":
    case "connecting":
    case "checking":
    case "ready":
      return true;
    case "idle":
    case "waiting":
    case "asleep":
    case "closed":
      return false;
  }
}
