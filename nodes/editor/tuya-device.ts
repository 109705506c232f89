import { isDpNumber } from "../../src/datapoints/datapoint";
import { SHORTEST_REFRESH } from "../../src/limits";
import { PROTOCOL_VERSIONS } from "../../src/protocol/version";
import { isDpList, isHost, isPortText, isSeconds, splitDps } from "./base/checks";
import { ConnectionTools } from "./connection/connection-tools";
import { problemsOf, toRows } from "./datapoints/data-point";
import { DataPointTable } from "./datapoints/data-point-table";
import { DataPointTools } from "./datapoints/data-point-tools";
import { offerDevices, offerDevicesInForms } from "./base/device-select";
import { addHelpButtons, followHelpLinks } from "./base/help";
import { addImportActions, openImportDialog } from "./import/dialog";
import { importContext } from "./import/into-form";
import { isChild, markKeys, validateKey } from "./base/key-validity";
import { prepareKeyField } from "./connection/key-field";
import { showTwins } from "./connection/twin-hint";
import {
  devicesInEditor,
  findDevice,
  NONE,
  type DeviceNode,
  type DeviceProperties,
  type Translate,
  isAnyNodeForAll,
  isSubDevice,
} from "./base/red";
import { takePicked } from "./connection/find/picked-device";
import { showLiveLine } from "./sidebar/live-line";
import { addSidebarTab } from "./sidebar/sidebar";
import { showWholeSentences } from "./base/whole-sentences";
import { claimForm, explaining, openForm } from "./base/validation";
import "./base/form.css";

/** The tabs of the form. */
const TABS = ["connection", "datapoints", "behaviour"] as const;

/** Fields that are trimmed when they are saved. */
const TRIMMED = ["deviceId", "cid", "ip", "port", "refresh", "refreshDps"] as const;

/** The field of a property in the open form. */
const field = (name: string): JQuery => $(`#node-config-input-${name}`);

/** Whether a name is a number or a code of this device, also one that was just typed. */
function knows(node: DeviceNode, name: string): boolean {
  const table = openForm(node)?.data("table") as DataPointTable | undefined;
  const rows = table?.rows() ?? toRows(node.datapoints);
  return isDpNumber(name) || rows.some(({ code }) => code.trim() === name);
}

/** A property of node definitions that the types lack. */
const HAS_USERS: string = "hasUsers";
/** With this property in a definition Node-RED validates the credentials of its nodes. */
const CREDENTIALS: string = "_creds";

RED.nodes.registerType<DeviceProperties, { localKey: string }>("tuya-device", {
  category: "config",
  // Node-RED marks devices that no node names as unused, and offers to delete them.
  get [HAS_USERS](): boolean {
    return !isAnyNodeForAll();
  },
  defaults: {
    name: { value: "" },
    deviceId: {
      value: "",
      validate: explaining((node: DeviceNode, value) => {
        if (value === "" && !isChild(node)) return node._("tuya-device.problem.idMissing");
        return /\s/.test(value) ? node._("tuya-device.problem.idBlank") : undefined;
      }),
    },
    ip: {
      value: "",
      validate: explaining((node: DeviceNode, value) =>
        value === "" || isChild(node) || isHost(value) ? undefined : node._("tuya-device.problem.ip"),
      ),
    },
    port: {
      value: "",
      validate: explaining((node: DeviceNode, value) =>
        value === "" || isChild(node) || isPortText(value) ? undefined : node._("tuya-device.problem.port"),
      ),
    },
    version: { value: "auto" },
    gateway: {
      value: "",
      type: "tuya-device",
      // Not `required: false`, with which Node-RED would accept "": behind a gateway it must not be empty.
      validate: explaining((node: DeviceNode, value) => {
        if (!isChild(node)) return undefined;
        if (value === "" || value === NONE) return node._("tuya-device.problem.gatewayMissing");
        if (value === node.id) return node._("tuya-device.problem.gatewayItself");
        const gateway = findDevice(value);
        if (!gateway) return node._("tuya-device.problem.gatewayGone");
        return isSubDevice(gateway) ? node._("tuya-device.problem.gatewayChild") : undefined;
      }),
    },
    cid: {
      value: "",
      validate: explaining((node: DeviceNode, value) =>
        value === "" && isChild(node) ? node._("tuya-device.problem.cidMissing") : undefined,
      ),
    },
    refresh: {
      value: "",
      validate: explaining((node: DeviceNode, value) =>
        value === "" || isSeconds(value, SHORTEST_REFRESH)
          ? undefined
          : node._("tuya-device.problem.refresh", { least: SHORTEST_REFRESH }),
      ),
    },
    refreshDps: {
      value: "",
      validate: explaining((node: DeviceNode, value) =>
        isDpList(value) && splitDps(value).every((name) => knows(node, name))
          ? undefined
          : node._("tuya-device.problem.refreshDps"),
      ),
    },
    device22: { value: false },
    sleepy: { value: false },
    datapoints: {
      value: [],
      validate: explaining((node: DeviceNode) => {
        const rows = toRows(node.datapoints);
        const problems = problemsOf(rows).map(([first]) => first?.problem);
        const index = problems.findIndex((problem) => problem !== undefined);
        const problem = problems[index];
        if (problem === undefined) return undefined;
        return node._("tuya-device.problem.datapoint", {
          dp: rows[index]?.dp || rows[index]?.code || "",
          problem: node._(`tuya-device.problem.${problem}`),
        });
      }),
    },
  },
  credentials: {
    localKey: { type: "password", validate: validateKey } as { type: "password" },
  },
  [CREDENTIALS]: {},
  paletteLabel(this: DeviceNode) {
    return this._("tuya-device.paletteLabel");
  },
  label(this: DeviceNode) {
    return this.name || this.deviceId || this.cid || this._("tuya-device.paletteLabel");
  },
  labelStyle(this: DeviceNode) {
    return this.name ? "node_label_italic" : "";
  },

  oneditprepare(this: DeviceNode) {
    const form = $("#tuya-device-form");
    claimForm(form, this.id);
    const translate: Translate = (key, parameters) => this._(key, parameters);

    const version = field("version");
    const versions = new Set<string>([...PROTOCOL_VERSIONS, this.version || "auto"]);
    versions.delete("auto");
    for (const number of versions) $("<option>").attr("value", number).text(number).appendTo(version);
    version.val(this.version || "auto");

    offerDevices(field("gateway"), { self: this.id, isForGateway: true });
    addHelpButtons(form, "tuya-device");

    const kind = $("#tuya-device-kind").val(isSubDevice(this) ? "child" : "wifi");
    kind.on("change", () => {
      const child = kind.val() === "child";
      form.find(".tuya-wifi").toggle(!child);
      form.find(".tuya-child").toggle(child);
      field("deviceId").attr("placeholder", child ? this._("tuya-device.placeholder.childDeviceId") : "");
      field("cid").trigger("change");
    });
    kind.trigger("change");
    showTwins(form, this, translate);

    for (const name of TRIMMED) {
      field(name).on("blur", (event) => {
        const input = $(event.currentTarget);
        input.val(String(input.val() ?? "").trim());
      });
    }

    prepareKeyField({
      input: field("localKey"),
      count: form.find(".tuya-key-count"),
      eye: form.find(".tuya-key-eye"),
      note: form.find(".tuya-key-note"),
      translate,
    });

    const table = new DataPointTable($("#tuya-device-datapoints"), toRows(this.datapoints), translate);
    const dataPoints = new DataPointTools({
      head: form.find(".tuya-dp-head"),
      table,
      translate,
      settings: () => tools.settings(),
      refreshDps: () => String(field("refreshDps").val() ?? ""),
      refresh: field("refresh"),
      learningStarts: () => tools.stopTest(),
      resized: fitTable,
    });
    const tools: ConnectionTools = new ConnectionTools(form, this, table, dataPoints);
    form.data({ table, tools, dataPoints });
    if (findDevice(this.id)) {
      dataPoints.watch(this.id);
      form.data("endLiveLine", showLiveLine(form.find(".tuya-live"), this.id));
    } else {
      const picked = takePicked();
      if (picked) tools.pick(picked);
    }
    kind.on("change", () => {
      tools.close();
      dataPoints.stopLearning();
    });
    form.find(".tuya-import-open").on("click", () => {
      tools.close();
      dataPoints.stopLearning();
      openImportDialog(importContext(form, this.id, table));
    });

    const tabs = RED.tabs.create({
      element: $("#tuya-device-tabs"),
      onchange: ((tab: { id: string }) => {
        for (const id of TABS) $(`#tuya-device-tab-${id}`).toggle(id === tab.id);
        fitTable();
      }) as unknown as (id: string) => void,
    });
    TABS.forEach((id, index) => tabs.addTab({ id, label: this._(`tuya-device.tab.${id}`) }, index));
  },
  oneditsave(this: DeviceNode) {
    const form = $("#tuya-device-form");
    closeTools(this);
    this.datapoints = (form.data("table") as DataPointTable).value();
    // The kind is not saved: gateway and cid tell it.
    if ($("#tuya-device-kind").val() === "wifi") {
      field("gateway").val(NONE);
      field("cid").val("");
    }
  },
  oneditcancel() {
    closeTools(this);
  },
  oneditdelete() {
    closeTools(this);
  },
  oneditresize() {
    fitTable();
  },
});

offerDevicesInForms();
addImportActions();
addSidebarTab();
showWholeSentences();
followHelpLinks();
markKeys();

/** Ends all tools of the form. To be called when the form is closed, which Node-RED says in three ways. */
function closeTools(node: DeviceNode): void {
  (openForm(node)?.data("tools") as ConnectionTools | undefined)?.end();
  (openForm(node)?.data("dataPoints") as DataPointTools | undefined)?.close();
  (openForm(node)?.data("endLiveLine") as (() => void) | undefined)?.();
}

// Nodes without a name show that of their device, with the beginning of its id if another one has the same name. So they
// are redrawn when a device is renamed, added or removed.
let isDrawing = false;
for (const event of ["nodes:change", "nodes:add", "nodes:remove"]) {
  RED.events.on(event, ({ type }: { type: string }) => {
    if (type !== "tuya-device" || isDrawing) return;
    isDrawing = true;
    window.setTimeout(drawUsers, 0);
  });
}

function drawUsers(): void {
  isDrawing = false;
  for (const { users = [] } of devicesInEditor() as readonly { users?: object[] }[]) {
    for (const user of users) Object.assign(user, { dirty: true, resize: true });
  }
  RED.view.redraw();
}

/** Space between the table of data points and the foot of its tray, in pixels. */
const TABLE_MARGIN = 24;

/** Makes the table of data points fill the rest of the tray. */
function fitTable(): void {
  const list = $("#tuya-device-datapoints");
  const table = $("#tuya-device-form").data("table") as DataPointTable | undefined;
  if (!table || !list.is(":visible")) return;
  const top = list.closest(".red-ui-editableList").offset()?.top ?? 0;
  const bottom = list.closest(".red-ui-tray").find(".red-ui-tray-footer").offset()?.top ?? 0;
  table.setHeight(Math.max(200, bottom - top - TABLE_MARGIN));
}
