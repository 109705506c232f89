import { type Described, makeSearchable } from "./device-search";
import { LIST_EVENT } from "./devices-listed";
import { distinctLabels } from "./namesakes";
import { devicesInEditor, findDevice, NONE } from "./red";
import { translate } from "./texts";

/** Opens the import dialog; a name in Node-RED's list of actions. */
export const IMPORT_ACTION = "tuya:import-devices";

/** Opens it to compare keys. */
export const COMPARE_ACTION = "tuya:compare-keys";

/** Emitted by the import dialog when it has created nodes, with their ids. */
export const IMPORTED_EVENT = "tuya:imported";

/** Which devices a list offers. */
export interface OfferedDevices {
  /** Id of a device that is never offered: that of the form. */
  readonly self?: string;
  /** For a gateway: those that are one come first, and sub-devices are left out. */
  readonly isForGateway?: boolean;
}

/**
 * Prepares a list of devices that Node-RED has made in a form: equal names are told apart, many are searched, and those
 * that are imported while the form is open are added, which Node-RED does not do. The only one imported is chosen where
 * none was.
 */
export function offerDevices(select: JQuery, offered: OfferedDevices = {}): void {
  listDevices(select, offered);
  // Node-RED fills it anew when a device was edited.
  select.on("change", () => listDevices(select, offered));
  makeSearchable(select, describeDevices);
  const imported = (nodeIds: readonly string[]): void => {
    listDevices(select, offered);
    const [only] = nodeIds;
    if (select.val() === NONE && only !== undefined && nodeIds.length === 1) select.val(only);
    select.trigger("change");
  };
  RED.events.on(IMPORTED_EVENT, imported);
  // jQuery UI says so of elements that are removed for good, not of those of a dialog below another one.
  select.on("remove", () => RED.events.off(IMPORTED_EVENT, imported));
}

/** Prepares the lists of devices in the forms of flow nodes, as these are opened. */
export function offerDevicesInForms(): void {
  RED.events.on(LIST_EVENT, (select: JQuery, isChoice = true) => {
    // Where the node type was switched off and on again, the script before this one has done it.
    if (select.data("shown") !== undefined) return;
    offerDevices(select);
    if (isChoice) offerImport(select);
  });
}

/** A sentence below the list that leads to the import, while there is no device to choose. */
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

/** What the list holds at the moment: devices by name, what is no device before them, and none at the end. */
function listDevices(select: JQuery, { self = "", isForGateway = false }: OfferedDevices): void {
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
  // Node-RED has filled it anew where there are no elements of ours in it.
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

/** As Node-RED offers it: one that belongs to a flow or a subflow there only. */
function isInScope(id: string): boolean {
  const { z } = (findDevice(id) ?? {}) as { readonly z?: string };
  // Its type is that of a former version.
  return !z || z === (RED.workspaces.active() as unknown as string);
}

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
