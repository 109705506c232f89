import { addAction } from "../base/actions";
import { COMPARE_ACTION, IMPORT_ACTION } from "../base/device-select";
import { openImportDialog } from "./dialog";

const CATALOGUE = "@localtuya/node-red-tuya/tuya-device:tuya-device.import";

/** Puts "Import Tuya devices" and "Compare keys of Tuya devices" into the editor's list of actions. */
export function addImportActions(): void {
  addAction(IMPORT_ACTION, `${CATALOGUE}.action`, () => openImportDialog());
  addAction(COMPARE_ACTION, `${CATALOGUE}.platform.action`, () => openImportDialog({ isComparison: true }));
}
