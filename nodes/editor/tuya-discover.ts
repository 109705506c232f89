import type { EditorNodeInstance } from "node-red";
import { isSeconds } from "./base/checks";
import { addHelpButtons } from "./base/help";
import { fillMissing } from "./base/missing";
import { claimForm, explaining } from "./base/validation";
import "./base/form.css";

interface TuyaDiscover {
  name: string;
  seconds: string;
  output: string;
  known: boolean;
}

type TuyaDiscoverNode = EditorNodeInstance<TuyaDiscover>;

RED.nodes.registerType<TuyaDiscover>("tuya-discover", {
  category: "tuya",
  color: "#D48C5F",
  icon: "tuya-discover.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    seconds: {
      value: "10",
      validate: explaining((node: TuyaDiscoverNode, value) =>
        value === "" || isSeconds(value, 0) ? undefined : node._("tuya-discover.problem.seconds"),
      ),
    },
    output: { value: "each" },
    known: { value: true },
  },
  paletteLabel(this: TuyaDiscoverNode) {
    return this._("tuya-discover.paletteLabel");
  },
  label(this: TuyaDiscoverNode) {
    return this.name || this._("tuya-discover.paletteLabel");
  },
  labelStyle(this: TuyaDiscoverNode) {
    return this.name ? "node_label_italic" : "";
  },
  inputLabels(this: TuyaDiscoverNode) {
    return this._("tuya-discover.inputLabel");
  },
  outputLabels(this: TuyaDiscoverNode) {
    return this._(
      this.output === "list" ? "tuya-discover.outputLabel.list" : "tuya-discover.outputLabel.each",
    );
  },

  oneditprepare(this: TuyaDiscoverNode) {
    const form = $("#tuya-discover-form");
    claimForm(form, this.id);
    addHelpButtons(form, "tuya-discover");
    fillMissing(this, { name: "", seconds: "10", output: "each", known: true });

    const seconds = $("#node-input-seconds");
    const output = $("#node-input-output");
    const describe = (): void => {
      const isForever = Number(seconds.val()) === 0 && String(seconds.val()).trim() !== "";
      const when = isForever ? "forever" : "scan";
      const what = output.val() === "list" ? "list" : "each";
      $("#tuya-discover-hint").text(this._(`tuya-discover.hint.${when}.${what}`));
    };
    seconds.on("input change", describe);
    output.on("change", describe);
    describe();
  },
});
