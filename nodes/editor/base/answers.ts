import { type Fields, isFields } from "../../../src/import/fields";

/* Readers of values in answers of the server, which may be anything. */

/** A text as it is; "" for any other value. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A finite number as it is; 0 for any other value. */
export function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** A list as it is; an empty one for any other value. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An object with its fields, none of which is checked; an empty one for any other value, a list included. */
export function objectOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}
