import type { DataPoint } from "../../datapoints/datapoint";
import type { Entity } from "./entity";

/** What an entity of one data point is called: as people call it, else its code as words, else its number. */
export function nameOf({ label, code, dp }: Pick<DataPoint, "label" | "code" | "dp">): string {
  if (label !== undefined) return label;
  const words = code.replace(/_+/g, " ").trim();
  return words === "" ? `DP ${dp}` : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Key and names of an entity of one data point. Where two have the same label their codes tell them apart. */
export function named(point: DataPoint): Pick<Entity, "key" | "name" | "otherName"> {
  return { key: point.dp, name: nameOf(point), otherName: nameOf({ ...point, label: undefined }) };
}
