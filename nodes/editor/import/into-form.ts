import { toRows } from "../datapoints/data-point";
import type { DataPointTable } from "../datapoints/data-point-table";
import type { ImportContext } from "./dialog";
import { findDevice } from "../base/red";

/** The fields of the form that are filled in; the key and the data points come after them. */
const FIELDS = ["name", "deviceId", "ip", "port", "version", "gateway", "cid"] as const;

/**
 * How the import dialog is opened from the form of a `tuya-device`. The form of a new device takes a single
 * chosen device. If several are chosen, nodes are created and the form is closed, unless something was typed into it.
 */
export function importContext(form: JQuery, nodeId: string, table: DataPointTable): ImportContext {
  if (findDevice(nodeId)) return {};
  const field = (name: string): JQuery => form.find(`#node-config-input-${name}`);
  const isEmpty = (): boolean =>
    ["name", "deviceId", "localKey", "ip", "cid"].every((name) => field(name).val() === "") &&
    table.rows().length === 0;
  return {
    fill: ({ node, credentials }) => {
      form
        .find("#tuya-device-kind")
        .val(node.gateway === "" ? "wifi" : "child")
        .trigger("change");
      for (const name of FIELDS) {
        if (name !== "gateway" || node.gateway !== "") field(name).val(node[name]).trigger("change");
      }
      field("localKey")
        .val(credentials.localKey ?? "")
        .trigger("change");
      table.add(toRows(node.datapoints));
    },
    created: () => {
      if (isEmpty()) form.closest(".red-ui-tray").find("#node-config-dialog-cancel").trigger("click");
    },
  };
}
