import type { EditorNodeInstance } from "node-red";
import { LIST_EVENT } from "./devices-listed";
import { addHelpButtons } from "./help";
import { fillMissing } from "./missing";
import { distinctLabelOf } from "./namesakes";
import { deviceProblem } from "./red";
import { translate } from "./texts";
import { claimForm, explaining } from "./validation";
import "./form.css";

/** The properties of nodes that use a device; `device` is the id of its `tuya-device` node. */
interface DeviceUser {
  name: string;
  device: string;
}

/**
 * What the definitions and the forms of tuya-in, tuya-out and tuya-raw have in common.
 *
 * @param type of the nodes, such as `tuya-in`; its form has the id `tuya-in-form`
 */
export function flowNode<TNode extends EditorNodeInstance<DeviceUser>>(type: string) {
  return {
    /** Parts of a node definition: the label in the palette, and the style of names. */
    texts: {
      paletteLabel(this: TNode) {
        return this._(`${type}.paletteLabel`);
      },
      labelStyle(this: TNode) {
        return this.name ? "node_label_italic" : "";
      },
    },

    /** The validator of the property `device`. `isFree`: whether the node needs no device with its present settings. */
    device: (isFree: (node: TNode, value: string) => boolean) =>
      explaining((node: TNode, value) => {
        if (isFree(node, value)) return undefined;
        const problem = deviceProblem(value);
        return problem && translate(`tuya-device.choice.${problem}`);
      }),

    /** The name of the device, for the node's label; "" if none is chosen. */
    deviceLabel: (node: TNode): string => distinctLabelOf(node.device),

    /**
     * Prepares the form that has just opened. Returns the form, and the list of devices in it.
     *
     * @param missing the values of properties the node may lack, as for `fillMissing`
     */
    prepare(
      node: TNode,
      missing: Readonly<Record<string, string | boolean>>,
    ): { readonly form: JQuery; readonly device: JQuery } {
      fillMissing(node, { name: "", ...missing });
      // Not shown: Node-RED has chosen what stands for no device.
      node.device ??= "";
      const form = $(`#${type}-form`);
      const device = form.find("#node-input-device");
      claimForm(form, node.id);
      RED.events.emit(LIST_EVENT, device);
      addHelpButtons(form, type);
      return { form, device };
    },
  };
}
