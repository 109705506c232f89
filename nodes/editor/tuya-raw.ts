import type { EditorNodeInstance } from "node-red";
import { flowNode } from "./base/flow-node";
import { NONE } from "./base/red";

interface TuyaRaw {
  name: string;
  device: string;
  direction: string;
}

type TuyaRawNode = EditorNodeInstance<TuyaRaw>;

const shared = flowNode<TuyaRawNode>("tuya-raw");

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
      // Without a device the node can still decode.
      validate: shared.device((_node, value) => value === "" || value === NONE),
    },
    direction: { value: "both" },
  },
  ...shared.texts,
  label(this: TuyaRawNode) {
    return this.name || shared.deviceLabel(this) || this._("tuya-raw.paletteLabel");
  },
  inputLabels(this: TuyaRawNode) {
    return this._("tuya-raw.inputLabel");
  },
  outputLabels(this: TuyaRawNode) {
    return this._("tuya-raw.outputLabel");
  },

  oneditprepare(this: TuyaRawNode) {
    shared.prepare(this, { direction: "both" });
  },
});
