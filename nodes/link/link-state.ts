import { closedError, offlineError } from "../../src/session/failure";
import type { DeviceState } from "../../src/device/types";
import { TuyaError } from "../../src/errors";

/** Where a node stands with its device: the device's own state, or why there is no device to have one. */
export type LinkState =
  | DeviceState
  /** None chosen, or the chosen one is deleted or disabled. */
  | { readonly kind: "noDevice"; readonly error: TuyaError }
  | { readonly kind: "notConfigured"; readonly error: TuyaError }
  /** The gateway answers and says that the sub-device does not. */
  | { readonly kind: "childOffline"; readonly error: TuyaError }
  | { readonly kind: "gatewayOffline"; readonly error: TuyaError };

export const NO_DEVICE = {
  kind: "noDevice",
  error: new TuyaError(
    "NOT_CONFIGURED",
    "No device is chosen, or it was deleted or disabled. Open the node and choose one.",
  ),
} as const satisfies LinkState;

/**
 * Where a sub-device stands, given its gateway; `offlineName` is its name where the gateway says that it is offline,
 * `unknownCid` its id where the gateway has none of that id.
 */
export function childState(
  gateway: LinkState,
  gatewayName: string,
  offlineName: string | undefined,
  unknownCid?: string,
): LinkState {
  switch (gateway.kind) {
    case "ready":
      return offlineName === undefined
        ? gateway
        : { kind: "childOffline", error: absenceError(offlineName, unknownCid) };
    case "noDevice":
    case "notConfigured":
    case "gatewayOffline":
    case "childOffline":
      return { kind: "gatewayOffline", error: gateway.error };
    case "waiting":
    case "closed":
      return { kind: "gatewayOffline", error: linkError(gateway, gatewayName) };
    case "idle":
    case "searching":
    case "connecting":
    case "checking":
    case "asleep":
      return gateway;
  }
}

function absenceError(name: string, unknownCid: string | undefined): TuyaError {
  return new TuyaError(
    "CHILD_OFFLINE",
    unknownCid === undefined
      ? `The gateway of ${name} does not reach it. Check that it has power or a fresh battery and is near enough.`
      : `The gateway of ${name} knows no node id ${unknownCid}. Check it: the settings of ${name} can ask the gateway for those it has.`,
  );
}

/** What a request ends with that cannot be sent in this state. */
export function linkError(state: LinkState, name: string): TuyaError {
  switch (state.kind) {
    case "noDevice":
    case "notConfigured":
    case "childOffline":
    case "gatewayOffline":
      return state.error;
    case "waiting":
      return offlineError(name, state.error);
    case "closed":
      return closedError(name);
    case "idle":
    case "searching":
    case "connecting":
    case "checking":
    case "ready":
    case "asleep":
      return offlineError(name);
  }
}

/** What is wrong, in states in which something is; undefined where it all goes its way. */
export function troubleOf(state: LinkState): TuyaError | undefined {
  switch (state.kind) {
    case "noDevice":
    case "notConfigured":
    case "childOffline":
    case "gatewayOffline":
    case "waiting":
      return state.error;
    case "idle":
    case "searching":
    case "connecting":
    case "checking":
    case "ready":
    case "asleep":
    case "closed":
      return undefined;
  }
}
