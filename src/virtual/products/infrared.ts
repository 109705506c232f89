import type { Preset } from "../preset";

const STUDY = '{"control":"study"}';
const STUDY_EXIT = '{"control":"study_exit"}';

/** The signal of a key of an NEC remote: little-endian microseconds, mark and space in turn, as base64. */
function keyPress(key: number): string {
  const bits = Array.from(
    { length: 32 },
    (_, bit) => ((0x20df0000 | (key << 8) | (~key & 0xff)) >>> (31 - bit)) & 1,
  );
  const pulses = [9_000, 4_500, ...bits.flatMap((bit) => [560, bit === 1 ? 1_690 : 560]), 560, 40_000];
  return Buffer.from(pulses.flatMap((pulse) => [pulse & 0xff, pulse >> 8])).toString("base64");
}

/** An infra-red blaster of category `wnykq`, with the data points of `profiles/ir-blaster.json`. */
export const IR_BLASTER: Preset = {
  title: "Infra-red blaster",
  version: "3.3",
  dps: { "201": "", "202": "" },
  schema: { "201": { kind: "string" }, "202": { kind: "string", readOnly: true } },
  simulation: {
    everyMs: 1_000,
    // Somebody presses a key of a remote control as soon as the blaster learns.
    next: (dps, step) =>
      dps["201"] === STUDY ? { report: { "202": keyPress(step % 256) }, measure: { "201": STUDY_EXIT } } : {},
  },
};
