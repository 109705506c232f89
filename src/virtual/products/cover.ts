import type { Preset } from "../preset";
import { numberOf } from "./common";
import type { Dps } from "../../protocol/dps";

/** Percent a cover moves in one step. */
const COVER_STRIDE = 5;

/** A cover of category `cl`, with the data points of `profiles/cover.json`. Position 100 is open. */
export const COVER: Preset = {
  title: "Cover",
  version: "3.3",
  dps: { "1": "stop", "2": 100, "3": 100, "7": "opening" },
  schema: {
    "1": { kind: "enum", range: ["open", "stop", "close"] },
    "2": { kind: "value", min: 0, max: 100 },
    "3": { kind: "value", min: 0, max: 100, readOnly: true },
    "7": { kind: "enum", range: ["opening", "closing"], readOnly: true },
  },
  simulation: {
    everyMs: 500,
    next(dps) {
      const [target, position] = [numberOf(dps, "2"), numberOf(dps, "3")];
      if (target === position) return {};
      const stride = Math.sign(target - position) * Math.min(COVER_STRIDE, Math.abs(target - position));
      const next = position + stride;
      return { report: { "3": next, ...(next === target ? { "1": "stop" } : {}) } };
    },
    obey(changed, dps) {
      const position = numberOf(dps, "3");
      const target = coverTarget(changed, position);
      if (target === undefined) return {};
      if (target === position) return { report: { "1": "stop", "2": position } };
      const opens = target > position;
      return {
        report: { "1": opens ? "open" : "close", "2": target, "7": opens ? "opening" : "closing" },
      };
    },
  },
};

/** Where a cover is to go after a set; undefined when the set says nothing of it. */
function coverTarget(changed: Dps, position: number): number | undefined {
  if (changed["1"] === "open") return 100;
  if (changed["1"] === "close") return 0;
  if (changed["1"] === "stop") return position;
  return typeof changed["2"] === "number" ? changed["2"] : undefined;
}
