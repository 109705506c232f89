import { keyField } from "../../../src/import/fields";
import type { FlowNode } from "../../../src/import/flow";
import { counted } from "../base/texts";

/** The part of the dialog below a source, and the action of its button. */
export interface Preview {
  readonly element: JQuery;
  /** The text of the button; undefined = nothing is chosen. */
  action(): string | undefined;
  /**
   * Runs the action; only called while there is one. If a promise rejects, nothing was done, and the message of the error
   * says why.
   */
  apply(): Applied | Promise<Applied>;
}

/** What is left to do when an action has ended. */
export interface Applied {
  /** The sentence to show; "" = none. */
  readonly says: string;
  /** To be called when the dialog is closed. */
  readonly afterwards?: () => void;
}

/** A list of sentences, marked as warnings; hidden if there are none. */
export function sentenceList(texts: readonly string[]): JQuery {
  const list = $('<ul class="tuya-import-sentences">');
  for (const text of texts) {
    $("<li>")
      .append('<i class="fa fa-exclamation-triangle" aria-hidden="true">')
      .append($("<span>").text(text))
      .appendTo(list);
  }
  return list.toggle(texts.length > 0);
}

/** Properties in which other packages keep keys. */
const KEY_PROPERTIES = ["deviceKey", "localKey", "devKey"] as const;

/** A warning if nodes of a flow contain keys in plain text: everybody who has seen the flow knows them. */
export function plainKeyWarning(nodes: readonly FlowNode[]): readonly string[] {
  const keys = new Set(nodes.map((node) => keyField(node, ...KEY_PROPERTIES)).filter((key) => key !== ""));
  return keys.size === 0 ? [] : [counted("tuya-device.import.plainKey", keys.size)];
}
