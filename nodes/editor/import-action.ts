import { openImportDialog } from "./import-dialog";

/** The action's name, for key bindings and for the forms of other nodes. */
export const IMPORT_ACTION = "tuya:import-devices";

/** `label` is missing in the types; Node-RED translates it when it shows the list of actions. */
type AddAction = (name: string, handler: () => void, options: { readonly label: string }) => void;

/** Puts "Import Tuya devices" into the editor's list of actions. */
export function addImportAction(): void {
  const label = "@localtuya/node-red-tuya/tuya-device:tuya-device.import.action";
  (RED.actions.add as AddAction)(IMPORT_ACTION, () => openImportDialog(), { label });
}
