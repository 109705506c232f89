import type { EditorNodeInstance } from "node-red";
import { MAX_VALUES } from "../contract/value-badge";
import { COMPATIBLE_OUTPUT } from "../../src/import/smart-device";
import { type EventMode, readEventMode } from "../../src/import/event-mode";
import { isDpList, isSeconds, splitDps } from "./base/checks";
import { DataPointPicker } from "./picker/data-point-picker";
import {
  ALL_DEVICES,
  labelOfDp,
  labelWithDp,
  type NamedDp,
  onDeviceChange,
  unitsOf,
  unknownDp,
} from "./picker/device-codes";
import { flowNode } from "./base/flow-node";
import { type LiveValues, ValuePoll } from "./picker/live-values";
import { CONNECTION, GONE, mapOutputs, type Output, VALUES } from "./output-map";
import { outputsOf, type OutputSettings, twiceIn } from "./tuya-in-outputs";
import { labelOfDevice, type Translate } from "./base/red";
import { deadbandSentence, exampleMessage } from "./tuya-in-example";
import { explaining, liveValue } from "./base/validation";
import { MQTT_MISSING, MQTT_OUTPUT, mqttDefaults, type MqttProperties } from "./mqtt/defaults";
import { MqttForm } from "./mqtt/mqtt-form";
import { parseBand } from "../../src/datapoints/band";

interface TuyaIn extends MqttProperties {
  name: string;
  scope: string;
  device: string;
  filter: string;
  lastValue: boolean;
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

const shared = flowNode<TuyaInNode>("tuya-in");

/** Of the other package's event modes, the one that a new node has: it passes on both kinds of reports. */
const BOTH: EventMode = "event-both";

RED.nodes.registerType<TuyaIn>("tuya-in", {
  category: "tuya",
  color: "#D48C5F",
  icon: "tuya-in.svg",
  inputs: 0,
  outputs: 1,
  defaults: {
    name: { value: "" },
    scope: { value: "device" },
    filter: { value: "" },
    device: {
      value: "",
      type: "tuya-device",
      validate: shared.device(hearsAll),
    },
    output: { value: "object" },
    eventMode: { value: BOTH },
    dps: {
      value: "",
      validate: explaining((node: TuyaInNode, value) => {
        if (isCompatible(node)) return undefined;
        if (!isDpList(value)) return node._("tuya-in.problem.dps");
        const device = deviceOf(node);
        const names = splitDps(value);
        const unknown = unknownDp(device, names);
        if (unknown !== undefined) return node._("tuya-in.problem.unknownDp", { name: unknown });
        const isPorts = liveValue(node, "#node-input-output", node.output) === "ports";
        if (!isPorts || hearsAll(node)) return undefined;
        if (names.length === 0) return node._("tuya-in.problem.dpsMissing");
        const twice = twiceIn(device, names);
        return twice === undefined ? undefined : node._("tuya-in.problem.dpTwice", { name: twice });
      }),
    },
    when: { value: "change" },
    initial: { value: true },
    state: { value: false },
    lastValue: { value: true },
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
    ...mqttDefaults,
  },
  ...shared.texts,
  label(this: TuyaInNode) {
    const isAll = this.scope === "all";
    const device = isAll ? this.filter || this._("tuya-in.scope.label") : shared.deviceLabel(this);
    const dps = isCompatible(this) ? "" : this.dps;
    return this.name || labelWithDp(device, deviceOf(this), dps) || this._("tuya-in.paletteLabel");
  },
  outputLabels(this: TuyaInNode, index: number) {
    const output = outputsOf(this)[index];
    if (output === CONNECTION) return this._("tuya-in.outputLabel.connection");
    if (output === undefined || output === VALUES) return this._("tuya-in.outputLabel.values");
    return labelOfDp(this.device, output.token);
  },

  oneditprepare(this: TuyaInNode) {
    const { form, device } = shared.prepare(this, {
      scope: "device",
      filter: "",
      output: "object",
      dps: "",
      when: "change",
      initial: true,
      state: false,
      lastValue: false,
      eventMode: BOTH,
      throttle: "",
      deadband: "",
      ...MQTT_MISSING,
    });

    const input = $("#node-input-dps");
    const parts = { box: $("#tuya-in-picker"), filter: $("#tuya-in-filter"), list: $("#tuya-in-dps"), input };
    const picker = new DataPointPicker(parts, (key, parameters) => this._(key, parameters));
    let known: readonly NamedDp[] = [];
    let live: LiveValues = {};
    values = new ValuePoll((now) => {
      live = now;
      picker.setValues(now);
      showTexts();
    });
    const scope = $("#node-input-scope");
    const output = $("#node-input-output");
    scope.on("change", () => {
      const isAll = scope.val() === "all";
      $("#tuya-in-one").toggle(!isAll);
      $("#tuya-in-all").toggle(isAll);
      // A disabled option cannot stay chosen.
      if (isAll && output.val() === "ports") output.val("each").trigger("change");
      output.find('option[value="ports"]').prop("disabled", isAll);
    });
    const chosen = (): unknown => (scope.val() === "all" ? ALL_DEVICES : device.val());
    const deadband = $("#node-input-deadband");
    const showTexts = (): void => {
      const names = splitDps(String(input.val() ?? ""));
      const ofOne = scope.val() === "all" ? [] : known;
      const view = { output: String(output.val()), device: labelOfDevice(device.val()), chosen: names, live };
      const translate: Translate = (key, parameters) => this._(key, parameters);
      $("#tuya-in-example").text(exampleMessage({ ...view, known: ofOne }, translate));
      const units = unitsOf(ofOne, names);
      $("#tuya-in-deadband-hint").text(deadbandSentence(String(deadband.val() ?? ""), units, translate));
    };
    onDeviceChange(device.add(scope), chosen, (dps, id) => {
      known = dps;
      picker.setKnown(known);
      values?.watch(known.length > 0 && id !== ALL_DEVICES ? id : "");
      showTexts();
    });
    input.add(deadband).on("input change", showTexts);
    followChoice(input, output, this);

    output.on("change", () => {
      const mode = String(output.val());
      showTexts();
      input.attr("placeholder", this._(`tuya-in.placeholder.${mode === "ports" ? "ports" : "dps"}`));
      picker.setOrdered(mode === "ports");
      $("#tuya-in-own").toggle(mode !== COMPATIBLE_OUTPUT);
      // With MQTT first values are always published, and availability has its own topic.
      $("#tuya-in-initial, #tuya-in-state").toggle(mode !== MQTT_OUTPUT);
      $("#tuya-in-compatible").toggle(mode === COMPATIBLE_OUTPUT);
    });
    mqtt = new MqttForm({ form, output, scope, device, dps: input }, (key, parameters) =>
      this._(key, parameters),
    );
    $("#node-input-eventMode").val(readEventMode(this.eventMode));

    const when = $("#node-input-when");
    when.on("change", () => {
      $("#tuya-in-deadband-row, #tuya-in-deadband-hint").toggle(when.val() === "change");
    });
    for (const name of ["throttle", "deadband"]) {
      const field = $(`#node-input-${name}`);
      field.on("blur", () => field.val(String(field.val() ?? "").trim()));
    }

    form.on("input change", showLastValue);
    showLastValue();

    const saved = outputsOf(this);
    const before = Array.from({ length: this.outputs }, (_item, index) => saved[index] ?? GONE);
    form.on("input change", () => followOutputs(before));
    followOutputs(before);
  },
  oneditsave: endRequests,
  oneditcancel: endRequests,
  oneditdelete: endRequests,
});

// For the open form; only one is open at a time.
let values: ValuePoll | undefined;
let mqtt: MqttForm | undefined;

/** The form is closed. */
function endRequests(): void {
  values?.end();
  mqtt?.end();
}

/** Whether the node uses the other package's format: the fields for outputs are ignored then. */
function isCompatible(node: TuyaInNode): boolean {
  return liveValue(node, "#node-input-output", node.output) === COMPATIBLE_OUTPUT;
}

/** Whether the node is for all devices. */
function hearsAll(node: TuyaInNode): boolean {
  return liveValue(node, "#node-input-scope", node.scope) === "all";
}

/** The node id of the device whose data points the node may name, or `ALL_DEVICES`. */
function deviceOf(node: TuyaInNode): string {
  return hearsAll(node) ? ALL_DEVICES : liveValue(node, "#node-input-device", node.device);
}

/**
 * Selects the output that suits the chosen data points: with a single one its value as payload. Only until the user selects
 * an output, and only in nodes whose output does suit their data points when the form opens.
 */
function followChoice(input: JQuery, output: JQuery, { output: saved, dps }: TuyaInNode): void {
  let isFree = saved === "object" && splitDps(dps ?? "").length !== 1;
  output.on("change", (event) => {
    if (event.originalEvent) isFree = false;
  });
  input.on("input change", () => {
    const wanted = splitDps(String(input.val() ?? "")).length === 1 ? "each" : "object";
    if (isFree && output.val() !== wanted) output.val(wanted).trigger("change");
  });
}

/** Shows or hides the option to show values under the node, where there is room for few. */
function showLastValue(): void {
  const { scope, output, dps } = settingsInForm();
  const count = splitDps(dps).length;
  const isFew = count > 0 && count <= MAX_VALUES;
  $("#tuya-in-last-value").toggle(
    isFew && scope !== "all" && output !== COMPATIBLE_OUTPUT && output !== MQTT_OUTPUT,
  );
}

/** The settings in the open form. */
function settingsInForm(): OutputSettings {
  const text = (name: string): string => String($(`#node-input-${name}`).val() ?? "");
  return {
    scope: text("scope"),
    device: text("device"),
    output: text("output"),
    dps: text("dps"),
    state: $("#node-input-state").prop("checked") === true,
  };
}

/**
 * Writes the new positions of outputs into a field that Node-RED reads to move wires and labels.
 *
 * @param before the outputs when the form opened
 */
function followOutputs(before: readonly Output[]): void {
  const map = mapOutputs(before, outputsOf(settingsInForm()));
  $("#node-input-outputs").val(JSON.stringify(map));
}
