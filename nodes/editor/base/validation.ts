import { isVariable } from "./checks";
import type { Translate } from "./red";

/**
 * A validator that returns the reason. `check` returns the reason, or undefined if the value is right. `${VAR}` is always
 * accepted.
 *
 * Node-RED accepts a text as the reason only from a validator with two parameters; its types lack both.
 */
export function explaining<TNode extends { _: Translate }>(
  check: (node: TNode, value: string) => string | undefined,
): (this: TNode, value: string) => boolean {
  function validate(this: TNode, value: unknown, _options: unknown): true | string {
    const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
    return isVariable(text) || (check(this, text) ?? true);
  }
  return validate as unknown as (this: TNode, value: string) => boolean;
}

/** The open forms by node id. */
const forms = new Map<string, JQuery>();

/** Marks the open form as that of this node. */
export function claimForm(form: JQuery, nodeId: string): void {
  forms.set(nodeId, form.data(CLAIM, nodeId));
}

/** jQuery data of the form: removed with the form, but kept while the form waits below another dialog. */
const CLAIM = "tuya-node";

/**
 * The form of this node, while it is open. A field found by its id may belong to another node: forms of nested dialogs
 * have the same ids, and Node-RED validates nodes while the form of another one is open. Called for each label that is
 * drawn, so it does not search the page.
 */
export function openForm(node: { id: string }): JQuery | undefined {
  const form = forms.get(node.id);
  if (!form || form.get(0)?.isConnected) return form;
  if (form.data(CLAIM) !== node.id) forms.delete(node.id);
  return undefined;
}

/** The present value of a field of this node: in its form while that is open, otherwise in the node. */
export function liveValue(node: { id: string }, selector: string, saved: unknown): string {
  const form = openForm(node);
  const value: unknown = form ? form.find(selector).val() : saved;
  return typeof value === "string" ? value : "";
}
