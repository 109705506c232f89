import type { EditorNodeInstance } from "node-red";
import { isDpList, isSeconds, splitDps } from "./checks";
import { onDeviceChange, unknownDp } from "./device-codes";
import { followImports, offerImport } from "./device-select";
import { deviceProblem, labelOfDevice } from "./red";
import { claimForm, explaining, liveValue } from "./validation";
import "./form.css";

interface TuyaOut {
  name: string;
  device: string;
  dp: string;
  offline: string;
  queueSeconds: string;
  confirm: string;
}

type TuyaOutNode = EditorNodeInstance<TuyaOut>;

RED.nodes.registerType<TuyaOut>("tuya-out", {
  category: "tuya",
  color: "#D48C5F",
  icon: "tuya-out.svg",
  align: "right",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    device: {
      value: "",
      type: "tuya-device",
      validate: explaining((node: TuyaOutNode, value) => {
        const problem = deviceProblem(value);
        return problem && node._(`tuya-out.problem.${problem}`);
      }),
    },
    dp: {
      value: "",
      validate: explaining((node: TuyaOutNode, value) => {
        const names = splitDps(value);
        if (!isDpList(value) || names.length > 1) return node._("tuya-out.problem.dp");
        const name = unknownDp(liveValue(node, "#node-input-device", node.device), names);
        return name === undefined ? undefined : node._("tuya-out.problem.unknownDp", { name });
      }),
    },
    offline: { value: "fail" },
    queueSeconds: {
      value: "60",
      validate: explaining((node: TuyaOutNode, value) => {
        const queues = liveValue(node, "#node-input-offline", node.offline) === "queue";
        if (!queues || (isSeconds(value, 0) && Number(value) > 0)) return undefined;
        return node._("tuya-out.problem.queueSeconds");
      }),
    },
    confirm: { value: "ack" },
  },
  paletteLabel(this: TuyaOutNode) {
    return this._("tuya-out.paletteLabel");
  },
  label(this: TuyaOutNode) {
    return this.name || labelOfDevice(this.device) || this._("tuya-out.paletteLabel");
  },
  labelStyle(this: TuyaOutNode) {
    return this.name ? "node_label_italic" : "";
  },
  inputLabels(this: TuyaOutNode) {
    return this._("tuya-out.inputLabel");
  },
  outputLabels(this: TuyaOutNode) {
    return this._("tuya-out.outputLabel");
  },

  oneditprepare(this: TuyaOutNode) {
    claimForm($("#tuya-out-form"), this.id);
    followImports($("#node-input-device"));
    offerImport($("#node-input-device"));

    const codes = $("#tuya-out-codes");
    onDeviceChange($("#node-input-device"), (known) => {
      codes.empty();
      for (const { dp, token } of known) {
        const option = $("<option>").attr("value", token);
        if (token !== dp) option.attr("label", `${token} · ${dp}`);
        codes.append(option);
      }
    });

    const dp = $("#node-input-dp");
    dp.on("blur", () => dp.val(String(dp.val() ?? "").trim()));

    const offline = $("#node-input-offline");
    offline.on("change", () => {
      $("#tuya-out-queue-row").toggle(offline.val() === "queue");
    });

    const confirm = $("#node-input-confirm");
    confirm.on("change", () => {
      const key = confirm.val() === "report" ? "tuya-out.hint.report" : "tuya-out.hint.ack";
      $("#tuya-out-confirm-hint").text(this._(key));
    });
  },
});
