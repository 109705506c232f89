import { NONE } from "../../base/red";
import type { FoundDevice } from "./found-device";

/** A device that was chosen in the side bar, for the form of a new device that is about to open. */
let picked: FoundDevice | undefined;

/** Opens the form of a new device and fills in the found device; an empty form if it is undefined. */
export function editFoundDevice(device: FoundDevice | undefined): void {
  picked = device;
  RED.editor.editConfig("", "tuya-device", NONE, null as never);
}

/** The device that `editFoundDevice` wants filled in; undefined if there is none. Returned only once. */
export function takePicked(): FoundDevice | undefined {
  const device = picked;
  picked = undefined;
  return device;
}
