/** Node-RED's list of actions, with parameters that its types lack. */
interface Actions {
  add(name: string, handler: () => void, options: { readonly label: string }): void;
  remove(name: string): void;
}

const actions = RED.actions as unknown as Actions;

/**
 * Adds an action to Node-RED's list; replaces one of the same name. There is one if the node type was disabled and enabled
 * again, and Node-RED accepts no second one.
 *
 * @param name how `RED.actions.invoke` calls it, such as `tuya:import-devices`
 * @param label catalogue key with its namespace; Node-RED looks it up when it shows the list
 */
export function addAction(name: string, label: string, handler: () => void): void {
  actions.remove(name);
  actions.add(name, handler, { label });
}
