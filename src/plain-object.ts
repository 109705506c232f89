/**
 * The name of the built-in class of a value: "Uint8Array" for a Buffer, "Object" for all objects without a class and for those
 * of classes in flows. Function nodes have a "Map" and so on of their own, which `instanceof` does not take for ours.
 */
export function builtInClass(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** Whether a value is an object with properties: no list, Buffer, Date, Map, Error or promise. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return builtInClass(value) === "Object";
}
