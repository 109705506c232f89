import type { EditorNodeInstance } from "node-red";
import { isDpList, splitDps } from "./checks";
import { onDeviceChange, unknownDp, type NamedDp } from "./device-codes";
import { deviceProblem, labelOfDevice } from "./red";
import { claimForm, explaining, liveValue } from "./validation";
import "./form.css";
import "./tuya-in.css";

interface TuyaIn {
  name: string;
  device: string;
  output: string;
  dps: string;
  when: string;
  initial: boolean;
  state: boolean;
  outputs: number;
}

type TuyaInNode = EditorNodeInstance<TuyaIn>;

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
    dps: {
      value: "",
      validate: explaining((node: TuyaInNode, value) => {
        if (!isDpList(value)) return node._("tuya-in.problem.dps");
        const name = unknownDp(liveValue(node, "#node-input-device", node.device), splitDps(value));
        return name === undefined ? undefined : node._("tuya-in.problem.unknownDp", { name });
      }),
    },
    when: { value: "change" },
    initial: { value: true },
    state: { value: false },
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
    return this._(index === 0 ? "tuya-in.outputLabel.values" : "tuya-in.outputLabel.connection");
  },

  oneditprepare(this: TuyaInNode) {
    claimForm($("#tuya-in-form"), this.id);

    const dps = $("#node-input-dps");
    const chips = $("#tuya-in-codes");
    onDeviceChange($("#node-input-device"), (known) => renderChips(chips, dps, known));
    dps.on("input change", () => markChosen(chips, dps));

    const output = $("#node-input-output");
    const example = $("#tuya-in-example");
    output.on("change", () => {
      example.text(this._(output.val() === "each" ? "tuya-in.example.each" : "tuya-in.example.object"));
    });
  },
  oneditsave(this: TuyaInNode) {
    this.outputs = $("#node-input-state").prop("checked") === true ? 2 : 1;
  },
});

/** One button a known data point. A click adds it to the list or takes it out. */
function renderChips(chips: JQuery, input: JQuery, known: readonly NamedDp[]): void {
  chips.empty();
  for (const { dp, token } of known) {
    const chip = $('<button type="button" class="tuya-chip">').attr("data-dp", dp).attr("data-token", token);
    chip.text(token);
    if (token !== dp) chip.append(" ", $("<small>").text(dp));
    chip.on("click", () => {
      const chosen = splitDps(String(input.val() ?? ""));
      const others = chosen.filter((part) => part !== token && part !== dp);
      const next = others.length < chosen.length ? others : [...chosen, token];
      input.val(next.join(", ")).trigger("change");
    });
    chips.append(chip);
  }
  markChosen(chips, input);
}

function markChosen(chips: JQuery, input: JQuery): void {
  const chosen = splitDps(String(input.val() ?? ""));
  chips.children().each((_index, element) => {
    const chip = $(element);
    const isChosen = [chip.attr("data-dp"), chip.attr("data-token")].some(
      (name) => name !== undefined && chosen.includes(name),
    );
    chip.attr("aria-pressed", String(isChosen));
  });
}
