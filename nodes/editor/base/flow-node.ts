import type { EditorNodeInstance } from "node-red";
import { LIST_EVENT } from "./devices-listed";
import { addHelpButtons } from "./help";
import { distinctLabelOf } from "./namesakes";
import { deviceProblem } from "./red";
import { translate } from "./texts";
import { claimForm, explaining } from "./validation";
import "./form.css";

/** The properties every node has that uses a device. */
interface DeviceUser {
  name: string;
  device: string;
}

/** What the registrations and the panels of tuya-in, tuya-out and tuya-raw have in common. */
export function flowNode<TNode extends EditorNodeInstance<DeviceUser>>(type: string) {
  return {
    /** Of a definition: what stands in the palette and how names look. */
    texts: {
      paletteLabel(this: TNode) {
        return this._(`${type}.paletteLabel`);
      },
      labelStyle(this: TNode) {
        return this.name ? "node_label_italic" : "";
      },
    },

    /** The validator of its default `device`. `isFree`: whether the node does without a device, as it is set now. */
    device: (isFree: (node: TNode, value: string) => boolean) =>
      explaining((node: TNode, value) => {
        if (isFree(node, value)) return undefined;
        const problem = deviceProblem(value);
        return problem && translate(`tuya-device.choice.${problem}`);
      }),

    /** What its label says of its device; "" where none is chosen. */
    deviceLabel: (node: TNode): string => distinctLabelOf(node.device),

    /** Makes the form, just opened, that of this node. Returns the list of devices in it. */
    prepare(node: TNode): { readonly form: JQuery; readonly device: JQuery } {
      const form = $(`#${type}-form`);
      const device = form.find("#node-input-device");
      claimForm(form, node.id);
      RED.events.emit(LIST_EVENT, device);
      addHelpButtons(form, type);
      return { form, device };
    },
  };
}
