import { dividedBy, type Specification, specificationOf } from "./entries";
import { type Fields, listOf, textField } from "./fields";

/**
 * Reads the data points of a device in localtuya's configuration: its entities by number, and the values at setup in
 * `dps_strings`. Its successor also writes codes there: `18 ( code: cur_current , value: 0 )`.
 */
export function readLocalTuya(device: Fields): Specification {
  const strings: readonly unknown[] = Array.isArray(device["dps_strings"]) ? device["dps_strings"] : [];
  const entries = new Map<string, Fields>();
  for (const entry of [...strings.map(seenEntry), ...listOf(device["entities"]).map(entityEntry)]) {
    const dp = textField(entry ?? {}, "dp");
    if (entry && dp !== "") entries.set(dp, { ...entries.get(dp), ...entry });
  }
  return specificationOf([...entries.values()]);
}

/** `1 (value: True)`. */
function seenEntry(text: unknown): Fields | undefined {
  const seen = typeof text === "string" ? /^\s*(\d+)\s*\((.*)\)\s*$/s.exec(text.slice(0, 1000)) : null;
  if (!seen) return undefined;
  const [, dp, said = ""] = seen;
  const code = /\bcode:\s*([\w-]+)/.exec(said)?.[1];
  const value = /\bvalue:\s*(.*?)\s*$/s.exec(said)?.[1] ?? "";
  const type = /^(?:true|false)$/i.test(value) ? "Boolean" : /^-?\d+$/.test(value) ? "Integer" : undefined;
  return { dp, ...(code && code !== "None" && { code }), ...(type && { type }) };
}

/** `{id, platform, friendly_name, scaling, unit_of_measurement, …}`: an entity describes its main data point. */
function entityEntry(entity: Fields): Fields {
  const dp = textField(entity, "id");
  const label = textField(entity, "friendly_name");
  const unit = textField(entity, "unit_of_measurement");
  const factor = Number(textField(entity, "scaling") || 1);
  const words = textField(entity, "select_options").split(";").filter(Boolean);
  return {
    dp,
    ...(label !== "" && { label }),
    ...(unit !== "" && { unit }),
    ...(factor > 0 && factor !== 1 && { type: "Integer", ...dividedBy(1 / factor) }),
    ...(words.length > 1 && { type: "Enum", values: words }),
  };
}
