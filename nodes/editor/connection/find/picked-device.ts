import type { FoundDevice } from "./found-device";

/** Chosen elsewhere, for the panel of a new device that is about to open. */
let picked: FoundDevice | undefined;

/** Opens the panel of a new device and fills in what was found; nothing where nothing was. */
export function editFoundDevice(device: FoundDevice | undefined): void {
  picked = device;
  RED.editor.editConfig("", "tuya-device", "_ADD_", null as never);
}

/** What the panel of a new device is to be filled with. Once. */
export function takePicked(): FoundDevice | undefined {
  const device = picked;
  picked = undefined;
  return device;
}
