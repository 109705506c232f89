import { isVariable } from "./checks";
import type { Translate } from "./red";

/**
 * A validator that says why. `check` returns the reason, or undefined where all is well. `${VAR}` is always fine.
 *
 * Node-RED takes a returned text for a reason only from a validator with two parameters; its types know neither.
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

/** The open forms, by the nodes they are of. */
const forms = new Map<string, JQuery>();

/** Marks the open form as that of this node. */
export function claimForm(form: JQuery, nodeId: string): void {
  forms.set(nodeId, form.data(CLAIM, nodeId));
}

/** jQuery forgets it with a form that is removed, and keeps it with one that waits below another dialog. */
const CLAIM = "tuya-node";

/**
 * The form of this node, while it is open. Forms of nested dialogs have the same ids, and Node-RED validates nodes while
 * another one's form is open, so a field found by its id says nothing about whose it is. Asked for each label that is
 * drawn, so nothing is searched for.
 */
export function openForm(node: { id: string }): JQuery | undefined {
  const form = forms.get(node.id);
  if (!form || form.get(0)?.isConnected) return form;
  if (form.data(CLAIM) !== node.id) forms.delete(node.id);
  return undefined;
}

/** What stands in a field of this node at the moment: in its form while that is open, otherwise in the node. */
export function liveValue(node: { id: string }, selector: string, saved: unknown): string {
  const form = openForm(node);
  const value: unknown = form ? form.find(selector).val() : saved;
  return typeof value === "string" ? value : "";
}
