import type { Dps } from "../protocol/dps";
import type { DataPoint } from "./datapoint";

/** Codes of data points that switch the whole device, and not one of its parts or a child lock. */
export const MAIN_SWITCH_CODE = /^(?:power|(?:switch|switch_led|led_switch)(?:_1)?)$/;

/**
 * The data point for a switch command without a name: of the configured Booleans the one with the code of a main switch,
 * otherwise the first one (breakers list prepayment before their switch); without any, the lowest one reported as a
 * boolean.
 */
export function firstSwitch(dataPoints: readonly DataPoint[], values: Dps): string | undefined {
  const configured = dataPoints.filter(
    ({ type, event, access }) => type === "Boolean" && !event && access !== "ro",
  );
  const first = configured.find(({ code }) => MAIN_SWITCH_CODE.test(code)) ?? configured[0];
  if (first) return first.dp;
  const isReadOnly = (dp: string) => dataPoints.some((each) => each.dp === dp && each.access === "ro");
  // The lowest: JavaScript lists numbers as keys in their order.
  return Object.keys(values).find((dp) => typeof values[dp] === "boolean" && !isReadOnly(dp));
}
