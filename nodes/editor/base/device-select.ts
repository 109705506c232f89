import { translate } from "./texts";
import { devicesInEditor, labelOfDevice, NONE } from "./red";

/** Opens the import dialog; a name in Node-RED's list of actions. */
export const IMPORT_ACTION = "tuya:import-devices";

/** Opens it to compare keys. */
export const COMPARE_ACTION = "tuya:compare-keys";

/** Emitted by the import dialog when it has created nodes, with their ids. */
export const IMPORTED_EVENT = "tuya:imported";

/**
 * Keeps a list of devices in a form complete, until the form is gone: Node-RED does not look again after devices have
 * been imported. The only one imported is chosen where none was.
 *
 * @param self id of a device that is never offered: that of the form
 */
export function followImports(select: JQuery, self = ""): void {
  const imported = (nodeIds: readonly string[]): void => {
    const chosen = String(select.val() ?? NONE);
    listDevices(select, self);
    const [only] = nodeIds;
    select.val(chosen === NONE && only !== undefined && nodeIds.length === 1 ? only : chosen);
    select.trigger("change");
  };
  RED.events.on(IMPORTED_EVENT, imported);
  // jQuery UI says so of elements that are removed for good, not of those of a dialog below another one.
  select.on("remove", () => RED.events.off(IMPORTED_EVENT, imported));
}

/** A sentence below the list that leads to the import, while there is no device to choose. */
export function offerImport(select: JQuery): void {
  const button = $('<button type="button" class="tuya-link">')
    .text(translate("tuya-device.import.link"))
    .on("click", () => RED.actions.invoke(IMPORT_ACTION));
  const hint = $('<div class="tuya-hint tuya-import-link">').append(
    button,
    $("<span>").text(` ${translate("tuya-device.import.linkHint")}`),
  );
  select.closest(".form-row").after(hint);
  const show = (): void => void hint.toggle(select.find(`option[value!="${NONE}"]`).length === 0);
  select.on("change", show);
  show();
}

/** All devices by name, and none at the end, as Node-RED lists them. */
function listDevices(select: JQuery, self: string): void {
  const listed = new Set(
    select
      .find("option")
      .get()
      .map((option) => $(option).val()),
  );
  for (const { id } of devicesInEditor()) {
    if (id !== self && !listed.has(id)) $("<option>").val(id).text(labelOfDevice(id)).appendTo(select);
  }
  const none = select.find(`option[value="${NONE}"]`).detach().text(RED._("editor.inputs.none"));
  const devices = select.find("option").detach().get();
  devices.sort((a, b) => $(a).text().localeCompare($(b).text(), undefined, { sensitivity: "base" }));
  select.append(devices, none);
}
