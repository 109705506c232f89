import { isVariable } from "./checks";
import type { Translate } from "./red";

/**
 * A validator for a node definition that says why a value is wrong. `${VAR}` is always accepted.
 *
 * Node-RED accepts a text as the reason only from a validator with two parameters; its types lack both.
 *
 * @param check gets the value without blanks around it, "" if it is neither text nor number; returns the reason, or
 * undefined if the value is right
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

/** The open forms by node id. Those of closed forms are deleted by `openForm`. */
const forms = new Map<string, JQuery>();

/** jQuery data of a form: removed with the form, but kept while the form waits below another dialog. */
const CLAIM = "tuya-node";

/** Says that the form that has just opened is that of this node. */
export function claimForm(form: JQuery, nodeId: string): void {
  forms.set(nodeId, form.data(CLAIM, nodeId));
}

/**
 * The form of this node; undefined unless it is open and on top. A field found by its id may belong to another node: forms of nested dialogs
 * have the same ids, and Node-RED validates nodes while the form of another one is open. Called for each label that is
 * drawn, so it does not search the page.
 */
export function openForm(node: { id: string }): JQuery | undefined {
  const form = forms.get(node.id);
  if (!form || form.get(0)?.isConnected) return form;
  if (form.data(CLAIM) !== node.id) forms.delete(node.id);
  return undefined;
}

/**
 * The present value of a property of this node: that of the field in its form while that is open, otherwise the saved one.
 * "" if that is no text.
 *
 * @param selector of the field in the form
 */
export function liveValue(node: { id: string }, selector: string, saved: unknown): string {
  const form = openForm(node);
  const value: unknown = form ? form.find(selector).val() : saved;
  return typeof value === "string" ? value : "";
}
