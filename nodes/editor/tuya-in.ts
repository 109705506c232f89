import type { EditorNodeInstance } from "node-red";
import { COMPATIBLE_OUTPUT } from "../../src/import/smart-device";
import { type EventMode, readEventMode } from "../../src/import/event-mode";
import { isDpList, isSeconds, splitDps } from "./base/checks";
import { DataPointPicker } from "./picker/data-point-picker";
import { dpsOfDevice, labelOfDp, onDeviceChange, unknownDp } from "./picker/device-codes";
import { followImports, offerImport } from "./base/device-select";
import { ValuePoll } from "./picker/live-values";
import { CONNECTION, GONE, mapOutputs, type Output, VALUES } from "./output-map";
import { deviceProblem, labelOfDevice } from "./base/red";
import { claimForm, explaining, liveValue } from "./base/validation";
import "./base/form.css";
import { parseBand } from "../../src/datapoints/band";

interface TuyaIn {
  name: string;
  device: string;
  output: string;
  eventMode: string;
  dps: string;
  when: string;
  initial: boolean;
  state: boolean;
  throttle: string;
  deadband: string;
  outputs: number;
}

type TuyaInNode = EditorNodeInstance<TuyaIn>;

const BOTH: EventMode = "event-both";

RED.nodes.registerType<TuyaIn>("tuya-in", {
  category: "tuya",
  color: "#D48C5F",
  icon: "tuya-in.svg",
  inputs: 0,
  outputs: 1,
  defaults: {
    name: { value: "" },
    device: {
      value: "",
      type: "tuya-device",
      validate: explaining((node: TuyaInNode, value) => {
        const problem = deviceProblem(value);
        return problem && node._(`tuya-in.problem.${problem}`);
      }),
    },
    output: { value: "object" },
    eventMode: { value: BOTH },
    dps: {
      value: "",
      validate: explaining((node: TuyaInNode, value) => {
        if (isCompatible(node)) return undefined;
        if (!isDpList(value)) return node._("tuya-in.problem.dps");
        const device = liveValue(node, "#node-input-device", node.device);
        const names = splitDps(value);
        const unknown = unknownDp(device, names);
        if (unknown !== undefined) return node._("tuya-in.problem.unknownDp", { name: unknown });
        if (liveValue(node, "#node-input-output", node.output) !== "ports") return undefined;
        if (names.length === 0) return node._("tuya-in.problem.dpsMissing");
        const twice = twiceIn(device, names);
        return twice === undefined ? undefined : node._("tuya-in.problem.dpTwice", { name: twice });
      }),
    },
    when: { value: "change" },
    initial: { value: true },
    state: { value: false },
    throttle: {
      value: "",
      validate: explaining((node: TuyaInNode, value) =>
        value === "" || isCompatible(node) || (isSeconds(value, 0) && Number(value) > 0)
          ? undefined
          : node._("tuya-in.problem.throttle"),
      ),
    },
    deadband: {
      value: "",
      validate: explaining((node: TuyaInNode, value) =>
        value === "" || isCompatible(node) || parseBand(value)
          ? undefined
          : node._("tuya-in.problem.deadband"),
      ),
    },
    outputs: { value: 1 },
  },
  paletteLabel(this: TuyaInNode) {
    return this._("tuya-in.paletteLabel");
  },
  label(this: TuyaInNode) {
    return this.name || labelOfDevice(this.device) || this._("tuya-in.paletteLabel");
  },
  labelStyle(this: TuyaInNode) {
    return this.name ? "node_label_italic" : "";
  },
  outputLabels(this: TuyaInNode, index: number) {
    const output = outputsOf(this)[index];
    if (output === CONNECTION) return this._("tuya-in.outputLabel.connection");
    if (output === undefined || output === VALUES) return this._("tuya-in.outputLabel.values");
    return labelOfDp(this.device, output.token);
  },

  oneditprepare(this: TuyaInNode) {
    // Nodes of an earlier version have none of them. An empty field is to be no change.
    this.eventMode ??= BOTH;
    this.throttle ??= "";
    this.deadband ??= "";
    const form = $("#tuya-in-form");
    claimForm(form, this.id);
    followImports($("#node-input-device"));
    offerImport($("#node-input-device"));

    const input = $("#node-input-dps");
    const parts = { box: $("#tuya-in-picker"), filter: $("#tuya-in-filter"), list: $("#tuya-in-dps"), input };
    const picker = new DataPointPicker(parts, (key, parameters) => this._(key, parameters));
    values = new ValuePoll((live) => picker.setValues(live));
    const device = $("#node-input-device");
    onDeviceChange(device, (known) => {
      picker.setKnown(known);
      values?.watch(known.length > 0 ? String(device.val()) : "");
    });

    const output = $("#node-input-output");
    output.on("change", () => {
      const mode = String(output.val());
      $("#tuya-in-example").text(this._(`tuya-in.example.${mode}`));
      input.attr("placeholder", this._(`tuya-in.placeholder.${mode === "ports" ? "ports" : "dps"}`));
      picker.setOrdered(mode === "ports");
      $("#tuya-in-own").toggle(mode !== COMPATIBLE_OUTPUT);
      $("#tuya-in-compatible").toggle(mode === COMPATIBLE_OUTPUT);
    });
    $("#node-input-eventMode").val(readEventMode(this.eventMode));

    const when = $("#node-input-when");
    when.on("change", () => {
      $("#tuya-in-deadband-row").toggle(when.val() === "change");
    });
    for (const name of ["throttle", "deadband"]) {
      const field = $(`#node-input-${name}`);
      field.on("blur", () => field.val(String(field.val() ?? "").trim()));
    }

    const saved = outputsOf(this);
    const before = Array.from({ length: this.outputs }, (_item, index) => saved[index] ?? GONE);
    form.on("input change", () => followOutputs(before));
    followOutputs(before);
  },
  oneditsave: endValues,
  oneditcancel: endValues,
  oneditdelete: endValues,
});

/** Of the open form. There is one at a time. */
let values: ValuePoll | undefined;

function endValues(): void {
  values?.end();
}

/** Whether the node speaks as the other package does: what is in the fields for its own outputs is no matter then. */
function isCompatible(node: TuyaInNode): boolean {
  return liveValue(node, "#node-input-output", node.output) === COMPATIBLE_OUTPUT;
}

/** The first name of a data point another name stands for already. */
function twiceIn(device: unknown, names: readonly string[]): string | undefined {
  const known = dpsOfDevice(device);
  const dps = names.map((name) => known.find(({ token }) => token === name)?.dp ?? name);
  return names.find((_name, index) => dps.indexOf(dps[index] ?? "") < index);
}

/** What decides which outputs there are. */
type OutputSettings = Pick<TuyaIn, "device" | "output" | "dps" | "state">;

/** The names of the data points that have outputs of their own. As in the runtime, all those with a name where none is chosen. */
function portsOf({ device, dps }: OutputSettings): readonly string[] {
  const chosen = splitDps(dps ?? "").filter((name) => name !== "");
  if (chosen.length > 0) return chosen;
  return dpsOfDevice(device)
    .filter(({ dp, token }) => token !== dp)
    .map(({ token }) => token);
}

function outputsOf(settings: OutputSettings): readonly Output[] {
  const known = dpsOfDevice(settings.device);
  const ports = settings.output === "ports" ? portsOf(settings) : [];
  const values = ports.map((token) => ({
    token,
    dp: known.find((each) => each.token === token)?.dp ?? token,
  }));
  return [...(values.length > 0 ? values : [VALUES]), ...(settings.state ? [CONNECTION] : [])];
}

/** What the open form says. */
function settingsInForm(): OutputSettings {
  const text = (name: string): string => String($(`#node-input-${name}`).val() ?? "");
  return {
    device: text("device"),
    output: text("output"),
    dps: text("dps"),
    state: $("#node-input-state").prop("checked") === true,
  };
}

/** Tells Node-RED, in a field it reads, which outputs are where now: it moves wires and labels along. */
function followOutputs(before: readonly Output[]): void {
  const map = mapOutputs(before, outputsOf(settingsInForm()));
  $("#node-input-outputs").val(JSON.stringify(map));
}
