import { type Described, makeSearchable } from "./device-search";
import { LIST_EVENT } from "./devices-listed";
import { distinctLabels } from "./namesakes";
import { devicesInEditor, findDevice, NONE } from "./red";
import { translate } from "./texts";

/** The action that opens the import dialog; a name in Node-RED's list of actions. */
export const IMPORT_ACTION = "tuya:import-devices";

/** The action that opens the dialog for comparing keys. */
export const COMPARE_ACTION = "tuya:compare-keys";

/**
 * Emitted on `RED.events` when the import dialog has created nodes or changed keys, and is closed; with a list of the ids
 * of the new nodes.
 */
export const IMPORTED_EVENT = "tuya:imported";

/** Which devices a list offers. */
export interface OfferedDevices {
  /** Id of the node that is not offered: the one whose form this is. */
  readonly self?: string;
  /** For choosing a gateway: gateways come first, and sub-devices are left out. */
  readonly isForGateway?: boolean;
}

/**
 * Improves the list of devices that Node-RED has made in an open form: equal names get a distinction, a long list can be
 * searched, and devices imported while the form is open are added. If only one was imported and no device is chosen, it
 * is chosen.
 */
export function offerDevices(select: JQuery, offered: OfferedDevices = {}): void {
  listDevices(select, offered);
  // Node-RED fills the list again when a device was edited.
  select.on("change", () => listDevices(select, offered));
  makeSearchable(select, describeDevices);
  const imported = (nodeIds: readonly string[]): void => {
    listDevices(select, offered);
    const [only] = nodeIds;
    if (select.val() === NONE && only !== undefined && nodeIds.length === 1) select.val(only);
    select.trigger("change");
  };
  RED.events.on(IMPORTED_EVENT, imported);
  // jQuery UI triggers this for elements that are removed, but not for those of a dialog below another one.
  select.on("remove", () => RED.events.off(IMPORTED_EVENT, imported));
}

/** Prepares the lists of devices in the forms of flow nodes when these open: see `LIST_EVENT`. Called when the script is loaded. */
export function offerDevicesInForms(): void {
  RED.events.on(LIST_EVENT, (select: JQuery, isChoice = true) => {
    // If the node type was disabled and enabled again, an earlier script has done it.
    if (select.data("shown") !== undefined) return;
    offerDevices(select);
    if (isChoice) offerImport(select);
  });
}

/** Shows a sentence with a link to the import below the list, while there is no device to choose. */
function offerImport(select: JQuery): void {
  const button = $('<button type="button" class="tuya-link">')
    .text(translate("tuya-device.import.link"))
    .on("click", () => RED.actions.invoke(IMPORT_ACTION));
  const hint = $('<div class="tuya-hint tuya-import-link">').append(
    button,
    $("<span>").text(` ${translate("tuya-device.import.linkHint")} `),
    $('<button type="button" class="tuya-link" data-tuya-action="tuya:show-devices">').text(
      translate("tuya-device.import.linkTab"),
    ),
  );
  select.closest(".form-row").after(hint);
  const show = (): void => void hint.toggle(select.find(`option[value!="${NONE}"]`).length === 0);
  select.on("change", show);
  show();
}

/**
 * Fills the list: first the entries that are no devices, then devices by name, then "none". Does nothing if it shows all
 * that already, so that it can be called after each change.
 */
function listDevices(select: JQuery, { self = "", isForGateway = false }: OfferedDevices): void {
  // Node-RED 4.0.0 writes "none" as "".
  select.find('option[value=""]').val(NONE);
  const chosen = String(select.val() ?? NONE);
  const labels = distinctLabels();
  const gateways = new Set(devicesInEditor().map(({ gateway }) => gateway));
  const devices = devicesInEditor()
    .filter(({ id, gateway }) => {
      if (id === chosen) return true;
      return isInScope(id) && id !== self && !(isForGateway && gateway !== "");
    })
    .map(({ id }) => ({ id, text: `${labels.get(id) ?? ""}${disabledMark(id)}` }))
    .sort((a, b) => a.text.localeCompare(b.text, undefined, { sensitivity: "base", numeric: true }));
  const shown = JSON.stringify([devices, [...gateways]]);
  const options = select.find("option");
  // If it has no elements of ours, Node-RED has filled it again.
  if (select.data("shown") === shown && options.filter("[data-tuya]").length === devices.length) return;
  select.data("shown", shown);
  const others = options.filter((_index, option) => !labels.has(String($(option).val()))).detach();
  const optionsOf = (some: typeof devices): JQuery[] =>
    some.map(({ id, text }) => $('<option data-tuya="">').val(id).text(text));
  const group = (key: string, isGateway: boolean): JQuery =>
    $("<optgroup>")
      .attr("label", translate(`tuya-device.choice.${key}`))
      .append(optionsOf(devices.filter(({ id }) => gateways.has(id) === isGateway)));
  const isGrouped = isForGateway && devices.some(({ id }) => gateways.has(id));
  const none = others.filter(`[value="${NONE}"]`).text(RED._("editor.inputs.none"));
  select
    .empty()
    .append(others.not(none))
    .append(isGrouped ? [group("gateways", true), group("others", false)] : optionsOf(devices))
    .append(none)
    .val(chosen);
}

/** Whether Node-RED offers a device here: one that belongs to a flow or a subflow is offered only there. */
function isInScope(id: string): boolean {
  const { z } = (findDevice(id) ?? {}) as { readonly z?: string };
  // The type is that of an earlier version of Node-RED.
  return !z || z === (RED.workspaces.active() as unknown as string);
}

/** What Node-RED adds to the label of a disabled device; "" for an enabled one. */
function disabledMark(id: string): string {
  const { d } = (findDevice(id) ?? {}) as { readonly d?: boolean };
  return d === true ? ` [${RED._("workspace.disabled")}]` : "";
}

function describeDevices(): (id: string) => Described {
  const labels = distinctLabels();
  const gateways = new Set(devicesInEditor().map(({ gateway }) => gateway));
  return (id) => {
    const { deviceId = "", cid = "", ip = "", gateway = "" } = findDevice(id) ?? {};
    const behind = labels.get(gateway);
    const note = gateways.has(id)
      ? translate("tuya-device.find.gateway")
      : behind !== undefined && translate("tuya-device.import.kind.behind", { gateway: behind });
    return { note: note || "", words: `${deviceId} ${cid} ${ip}` };
  };
}
