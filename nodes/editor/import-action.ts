import { IMPORT_ACTION } from "./device-select";
import { openImportDialog } from "./import-dialog";

/** `label` is missing in the types; Node-RED translates it when it shows the list of actions. */
type AddAction = (name: string, handler: () => void, options: { readonly label: string }) => void;

/** Puts "Import Tuya devices" into the editor's list of actions. */
export function addImportAction(): void {
  const label = "@localtuya/node-red-tuya/tuya-device:tuya-device.import.action";
  (RED.actions.add as AddAction)(IMPORT_ACTION, () => openImportDialog(), { label });
}
