import { COMPARE_ACTION, IMPORT_ACTION } from "../base/device-select";
import { openImportDialog } from "./dialog";

/** `label` is missing in the types; Node-RED translates it when it shows the list of actions. */
type AddAction = (name: string, handler: () => void, options: { readonly label: string }) => void;

const CATALOGUE = "@localtuya/node-red-tuya/tuya-device:tuya-device.import";

/** Puts "Import Tuya devices" and "Compare keys of Tuya devices" into the editor's list of actions. */
export function addImportActions(): void {
  const add: AddAction = (name, handler, options) => (RED.actions.add as AddAction)(name, handler, options);
  add(IMPORT_ACTION, () => openImportDialog(), { label: `${CATALOGUE}.action` });
  add(COMPARE_ACTION, () => openImportDialog({ isComparison: true }), {
    label: `${CATALOGUE}.platform.action`,
  });
}
