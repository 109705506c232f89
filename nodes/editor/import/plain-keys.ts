import { keyField } from "../../../src/import/fields";
import type { FlowNode } from "../../../src/import/flow";
import { counted } from "../base/texts";

/** Where the packages there are keep keys in their nodes. */
const KEY_PROPERTIES = ["deviceKey", "localKey", "devKey"] as const;

/** A sentence where nodes of a flow have keys in plain text: whoever has seen the flow knows them. */
export function plainKeyWarning(nodes: readonly FlowNode[]): readonly string[] {
  const keys = new Set(nodes.map((node) => keyField(node, ...KEY_PROPERTIES)).filter((key) => key !== ""));
  return keys.size === 0 ? [] : [counted("tuya-device.import.plainKey", keys.size)];
}
