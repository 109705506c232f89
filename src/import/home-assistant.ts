import { entryOf, NO_SPECIFICATION, parsed, type Specification, specificationOf } from "./entries";
import { type Fields, isFields, textField } from "./fields";

/**
 * A device in the diagnostics of Home Assistant's Tuya integration: `{function, status_range}`, each an object of `{type,
 * value}` by code. The numbers are in `local_strategy`, which only newer versions write. Undefined for any other object.
 */
export function readDiagnostics(device: Fields): Specification | undefined {
  const functions = itemsOf(device["function"]);
  const ranges = itemsOf(device["status_range"]);
  if (!functions && !ranges) return undefined;
  const strategy = strategyOf(device["local_strategy"]);
  const codes = [...new Set([functions, ranges, strategy].flatMap((items) => [...(items?.keys() ?? [])]))];
  if (codes.length === 0) return NO_SPECIFICATION;
  return specificationOf(
    codes.map((code) => {
      const item = functions?.get(code) ?? ranges?.get(code) ?? strategy.get(code) ?? {};
      const access = accessOf(functions?.has(code) ?? false, ranges?.has(code) ?? false, functions, ranges);
      const dp = textField(strategy.get(code) ?? {}, "dp");
      return {
        ...entryOf({ code, type: item["type"], values: item["value"] ?? item["values"], access }),
        dp,
      };
    }),
  );
}

type Items = ReadonlyMap<string, Fields>;

/** One list has what can be set, the other what is reported. If one of them is empty, the access is not known. */
function accessOf(isSet: boolean, isReported: boolean, functions?: Items, ranges?: Items): string {
  if (!functions?.size || !ranges?.size || (!isSet && !isReported)) return "";
  return isSet && isReported ? "rw" : isSet ? "wr" : "ro";
}

function itemsOf(value: unknown): Items | undefined {
  if (!isFields(value)) return undefined;
  const items = Object.entries(value).filter((entry): entry is [string, Fields] => isFields(entry[1]));
  return new Map(items);
}

/** Numbers, types and limits by code: `{"1": {status_code, config_item: {valueType, valueDesc}}}`, or only the codes. */
function strategyOf(value: unknown): Items {
  const items = isFields(value) ? Object.entries(value) : [];
  return new Map(
    items.flatMap(([dp, item]) => {
      if (typeof item === "string") return [[item, { dp }] as const];
      if (!isFields(item)) return [];
      const config = isFields(item["config_item"]) ? item["config_item"] : {};
      const code = textField(item, "status_code");
      return [
        [code, { dp, type: textField(config, "valueType"), value: parsed(config["valueDesc"]) }] as const,
      ];
    }),
  );
}
