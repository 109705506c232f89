import type { Translate } from "./red";

/** Texts of this package's catalogue, outside of any node. */
export const translate: Translate = (key, parameters) =>
  RED._(`@localtuya/node-red-tuya/tuya-device:${key}`, parameters as never);

/** The text for a number of things: that of `<key>One` for one, that of `<key>Many` with the `count` for any other number. */
export function counted(key: string, count: number): string {
  return count === 1 ? translate(`${key}One`) : translate(`${key}Many`, { count });
}
