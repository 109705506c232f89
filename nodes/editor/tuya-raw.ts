import type { EditorNodeInstance } from "node-red";
import { followImports, offerImport } from "./base/device-select";
import { deviceProblem, labelOfDevice } from "./base/red";
import { claimForm, explaining } from "./base/validation";
import "./base/form.css";

interface TuyaRaw {
  name: string;
  device: string;
  direction: string;
}

type TuyaRawNode = EditorNodeInstance<TuyaRaw>;

RED.nodes.registerType<TuyaRaw>("tuya-raw", {
  category: "tuya",
  color: "#D48C5F",
  icon: "tuya-raw.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    device: {
      value: "",
      type: "tuya-device",
      required: false,
      validate: explaining((node: TuyaRawNode, value) => {
        const problem = deviceProblem(value);
        // Without a device it decodes what it is sent.
        return problem && problem !== "deviceMissing" ? node._(`tuya-raw.problem.${problem}`) : undefined;
      }),
    },
    direction: { value: "both" },
  },
  paletteLabel(this: TuyaRawNode) {
    return this._("tuya-raw.paletteLabel");
  },
  label(this: TuyaRawNode) {
    return this.name || labelOfDevice(this.device) || this._("tuya-raw.paletteLabel");
  },
  labelStyle(this: TuyaRawNode) {
    return this.name ? "node_label_italic" : "";
  },
  inputLabels(this: TuyaRawNode) {
    return this._("tuya-raw.inputLabel");
  },
  outputLabels(this: TuyaRawNode) {
    return this._("tuya-raw.outputLabel");
  },

  oneditprepare(this: TuyaRawNode) {
    claimForm($("#tuya-raw-form"), this.id);
    followImports($("#node-input-device"));
    offerImport($("#node-input-device"));
  },
});
