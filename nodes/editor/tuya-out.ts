import type { EditorNodeInstance } from "node-red";
import { isDpNumber } from "../../src/datapoints/datapoint";
import { acceptedSentence } from "./picker/accepted";
import { copyButton } from "./base/copy-button";
import { isDpList, isSeconds, splitDps } from "./base/checks";
import { DataPointPicker } from "./picker/data-point-picker";
import { ALL_DEVICES, dpsOfDevice, labelWithDp, onDeviceChange, unknownDp } from "./picker/device-codes";
import { flowNode } from "./base/flow-node";
import { ValuePoll } from "./picker/live-values";
import type { Translate } from "./base/red";
import { explaining, liveValue } from "./base/validation";
import { isTopicPath } from "./mqtt/topic-path";

interface TuyaOut {
  name: string;
  scope: string;
  device: string;
  dp: string;
  offline: string;
  queueSeconds: string;
  confirm: string;
  base: string;
}

type TuyaOutNode = EditorNodeInstance<TuyaOut>;

const shared = flowNode<TuyaOutNode>("tuya-out");

RED.nodes.registerType<TuyaOut>("tuya-out", {
  category: "tuya",
  color: "#D48C5F",
  icon: "tuya-out.svg",
  align: "right",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    scope: { value: "device" },
    device: {
      value: "",
      type: "tuya-device",
      validate: shared.device(isByMessage),
    },
    dp: {
      value: "",
      validate: explaining((node: TuyaOutNode, value) => {
        const names = splitDps(value);
        if (!isDpList(value) || names.length > 1) return node._("tuya-out.problem.dp");
        const name = unknownDp(deviceOf(node), names);
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
    base: {
      value: "",
      validate: explaining((node: TuyaOutNode, value) =>
        value === "" || !isByMessage(node) || isTopicPath(value)
          ? undefined
          : node._("tuya-out.problem.base"),
      ),
    },
  },
  ...shared.texts,
  label(this: TuyaOutNode) {
    const ofMessage = this.scope === "message";
    const device = ofMessage ? this._("tuya-out.scope.label") : shared.deviceLabel(this);
    return this.name || labelWithDp(device, deviceOf(this), this.dp) || this._("tuya-out.paletteLabel");
  },
  inputLabels(this: TuyaOutNode) {
    return this._("tuya-out.inputLabel");
  },
  outputLabels(this: TuyaOutNode) {
    return this._("tuya-out.outputLabel");
  },

  oneditprepare(this: TuyaOutNode) {
    const { form, device } = shared.prepare(this, {
      scope: "device",
      base: "",
      dp: "",
      offline: "fail",
      queueSeconds: "60",
      confirm: "ack",
    });

    const scope = $("#node-input-scope");
    scope.on("change", () => {
      const isOne = scope.val() !== "message";
      $("#tuya-out-one").toggle(isOne);
      $("#tuya-out-all, #tuya-out-mqtt").toggle(!isOne);
    });
    const chosen = (): unknown => (scope.val() === "message" ? ALL_DEVICES : device.val());
    const dp = $("#node-input-dp");
    dp.on("blur", () => dp.val(String(dp.val() ?? "").trim()));
    const parts = {
      box: $("#tuya-out-picker"),
      filter: $("#tuya-out-filter"),
      list: $("#tuya-out-dps"),
      input: dp,
    };
    const translate: Translate = (key, parameters) => this._(key, parameters);
    showSubscription(form, translate);
    const picker = new DataPointPicker(parts, translate, {
      pick: "one",
      none: this._("tuya-out.picker.none"),
    });
    const showHint = (): void => {
      $("#tuya-out-dp-hint").text(hintOf(String(dp.val() ?? "").trim(), chosen(), translate));
    };
    values = new ValuePoll((live) => picker.setValues(live));
    dp.on("input change", showHint);
    onDeviceChange(device.add(scope), chosen, (known, id) => {
      picker.setKnown(known);
      showHint();
      values?.watch(known.length > 0 && id !== ALL_DEVICES ? id : "");
    });

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
  oneditsave: endPoll,
  oneditcancel: endPoll,
  oneditdelete: endPoll,
});

/** For the open form; only one is open at a time. */
let values: ValuePoll | undefined;

/** The form is closed. */
function endPoll(): void {
  values?.end();
}

/** Whether each message names its device. */
function isByMessage(node: TuyaOutNode): boolean {
  return liveValue(node, "#node-input-scope", node.scope) === "message";
}

/** Shows the subscription for an mqtt in, to be copied, if there is a base. */
function showSubscription(form: JQuery, translate: Translate): void {
  const field = form.find("#node-input-base");
  const hint = form.find("#tuya-out-base-hint");
  let shown: string | undefined;
  field.on("input change", () => {
    const base = String(field.val() ?? "").trim();
    // Leaving the field also triggers this; redrawing would lose a click on the topic.
    if (base === shown) return;
    shown = base;
    const isBase = isTopicPath(base);
    hint.empty().text(isBase ? "" : translate("tuya-out.hint.noBase"));
    if (!isBase) return;
    const filter = copyButton(`${base}/+/+/set`);
    const [before = "", after = ""] = translate("tuya-out.hint.base", { filter: "|" }).split("|");
    hint.append(document.createTextNode(before), filter, document.createTextNode(after));
  });
  field.trigger("change");
}

/** The node id of the device whose data points the node may name, or `ALL_DEVICES`. */
function deviceOf(node: TuyaOutNode): string {
  return isByMessage(node) ? ALL_DEVICES : liveValue(node, "#node-input-device", node.device);
}

/**
 * The hint below the field: what the data point accepts, or what happens without one; "" if the name is not known.
 *
 * @param nodeId of the chosen device, or `ALL_DEVICES`
 */
function hintOf(name: string, nodeId: unknown, translate: Translate): string {
  if (name === "") return translate("tuya-out.hint.dp");
  const known = dpsOfDevice(nodeId).find(({ dp, token }) => dp === name || token === name);
  if (!known && !isDpNumber(name)) return "";
  // For all devices only friendly names have a fixed meaning.
  if (nodeId === ALL_DEVICES && !known?.word) return "";
  return acceptedSentence(known, translate);
}
