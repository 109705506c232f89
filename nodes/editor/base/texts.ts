import type { Translate } from "./red";

/** Texts of this package's catalogue, outside of any node. */
export const translate: Translate = (key, parameters) =>
  RED._(`@localtuya/node-red-tuya/tuya-device:${key}`, parameters as never);

/** One text for one thing, another for more: `<key>One`, `<key>Many`. */
export function counted(key: string, count: number): string {
  return count === 1 ? translate(`${key}One`) : translate(`${key}Many`, { count });
}
