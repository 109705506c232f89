/**
 * Gives a flow node the properties it lacks, because a person or an earlier version wrote its flow, and shows them in its
 * form, which has just opened. Node-RED does not count that as a change.
 *
 * @param values by property: what the runtime uses if the property is missing
 */
export function fillMissing(node: object, values: Readonly<Record<string, string | boolean>>): void {
  const properties = node as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    if (properties[name] !== undefined) continue;
    properties[name] = value;
    const field = $(`#node-input-${name}`);
    if (typeof value === "boolean") field.prop("checked", value);
    else field.val(value);
  }
}
