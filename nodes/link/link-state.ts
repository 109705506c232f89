import { closedError, disconnectedError, offlineError } from "../../src/session/failure";
import type { DeviceState } from "../../src/device/types";
import { TuyaError } from "../../src/errors";

/** The state of a link: the state of its device, or why it has no device. */
export type LinkState =
  | DeviceState
  /** No device is chosen, or the chosen one is deleted or disabled. */
  | { readonly kind: "noDevice"; readonly error: TuyaError }
  | { readonly kind: "notConfigured"; readonly error: TuyaError }
  /** The gateway answers and says that the sub-device is offline. */
  | { readonly kind: "childOffline"; readonly error: TuyaError }
  /** `requestError`: the error of a request, where that is another one. */
  | { readonly kind: "gatewayOffline"; readonly error: TuyaError; readonly requestError?: TuyaError };

/** The state of a node that has no device. */
export const NO_DEVICE = {
  kind: "noDevice",
  error: new TuyaError(
    "NOT_CONFIGURED",
    "No device is chosen, or it was deleted or disabled. Open the node and choose one.",
  ),
} as const satisfies LinkState;

/**
 * The state of a sub-device, from the state of its gateway. `offlineName`: its name, if the gateway says that it is
 * offline. `unknownCid`: its cid, if the gateway does not know it.
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
      return {
        kind: "gatewayOffline",
        error: disconnectedError(gatewayName, gateway.error),
        requestError: linkError(gateway, gatewayName),
      };
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

/** The error of a request that cannot be sent in this state. */
export function linkError(state: LinkState, name: string): TuyaError {
  switch (state.kind) {
    case "noDevice":
    case "notConfigured":
    case "childOffline":
      return state.error;
    case "gatewayOffline":
      return state.requestError ?? state.error;
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

/** The error in a state; undefined if nothing is wrong. */
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
