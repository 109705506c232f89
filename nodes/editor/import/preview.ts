import { keyField } from "../../../src/import/fields";
import type { FlowNode } from "../../../src/import/flow";
import { counted } from "../base/texts";

/** What the dialog shows below a source, and what its button does with it. */
export interface Preview {
  readonly element: JQuery;
  /** The text of the button; undefined = nothing is chosen. */
  action(): string | undefined;
  /** Does it. Where it takes a while and fails, nothing was done; the message of the error says why. */
  apply(): Applied | Promise<Applied>;
}

export interface Applied {
  /** What to tell the user; "" = nothing. */
  readonly says: string;
  /** What remains to be done once the dialog is closed. */
  readonly afterwards?: () => void;
}

/** A list of sentences, marked as things to look at. */
export function sentences(texts: readonly string[]): JQuery {
  const list = $('<ul class="tuya-import-sentences">');
  for (const text of texts) {
    $("<li>")
      .append('<i class="fa fa-exclamation-triangle" aria-hidden="true">')
      .append($("<span>").text(text))
      .appendTo(list);
  }
  return list.toggle(texts.length > 0);
}

/** Where the packages there are keep keys in their nodes. */
const KEY_PROPERTIES = ["deviceKey", "localKey", "devKey"] as const;

/** A sentence where nodes of a flow have keys in plain text: whoever has seen the flow knows them. */
export function plainKeyWarning(nodes: readonly FlowNode[]): readonly string[] {
  const keys = new Set(nodes.map((node) => keyField(node, ...KEY_PROPERTIES)).filter((key) => key !== ""));
  return keys.size === 0 ? [] : [counted("tuya-device.import.plainKey", keys.size)];
}
