/** What Node-RED's list of actions takes; its types know less. */
interface Actions {
  add(name: string, handler: () => void, options: { readonly label: string }): void;
  remove(name: string): void;
}

const actions = RED.actions as unknown as Actions;

/**
 * Adds an action, in place of one of that name: there is one where the node type was switched off and on again, and
 * Node-RED accepts no second one.
 *
 * @param label catalogue key with its namespace; Node-RED looks it up when it shows the list
 */
export function addAction(name: string, label: string, handler: () => void): void {
  actions.remove(name);
  actions.add(name, handler, { label });
}
