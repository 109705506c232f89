import type { DeviceState } from "../../../src/device/types";
import type { LearnLine } from "../../contract/learn";

/**
 * The line for a state; undefined if there is nothing to tell, because another connection follows at once.
 * @param isDeployed whether it is the connection of the flows
 */
export function lineOf(state: DeviceState, name: string, isDeployed: boolean): LearnLine | undefined {
  switch (state.kind) {
    case "searching":
      return { state: "searching" };
    case "connecting":
    case "checking":
      return { state: "connecting", ip: state.ip };
    case "ready":
      return { state: "listening", ip: state.ip };
    case "waiting": {
      const { code, message } = state.error;
      const remedy = isDeployed
        ? " These are the deployed settings: deploy what you have changed, for it to be used."
        : "";
      return { state: "trouble", code, says: `${message}${remedy}` };
    }
    case "asleep":
      return {
        state: "trouble",
        says: `${name} is asleep: its values come when it wakes. Press one of its buttons to wake it.`,
      };
    case "idle":
      return {
        state: "trouble",
        says: `A flow has disconnected ${name}: its values come when the flow connects it again (operation "connect").`,
      };
    case "closed":
      return undefined;
  }
}
