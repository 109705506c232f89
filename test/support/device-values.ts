import type { Random } from "./random";

/** Numbers up to these limits, each in so many hex digits. */
export function hex(random: Random, ...limits: readonly [most: number, digits: number][]): string {
  return limits.map(([most, digits]) => random.between(0, most).toString(16).padStart(digits, "0")).join("");
}

/** RGB digits as they follow from HSV, computed apart from the code under test. */
function rgbOf(h: number, s: number, v: number): string {
  const f = (h / 60) % 1;
  const [p, q, t] = [v * (1 - s), v * (1 - s * f), v * (1 - s * (1 - f))];
  const sectors = [
    [v, t, p],
    [q, v, p],
    [p, v, t],
    [p, q, v],
    [t, p, v],
    [v, p, q],
  ];
  const channels = sectors[Math.floor(h / 60) % 6] ?? [];
  return channels
    .map((channel) =>
      Math.trunc(channel * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("");
}

/** A colour as lamps of the first generation report it. */
export function typeA(random: Random): string {
  const [h, s, v] = [random.between(0, 360), random.between(0, 255), random.between(0, 255)];
  const digits = [
    h.toString(16).padStart(4, "0"),
    s.toString(16).padStart(2, "0"),
    v.toString(16).padStart(2, "0"),
  ];
  return rgbOf(h, s / 255, v / 255) + digits.join("");
}

/** A colour in JSON, saturation and value between these limits. */
export function hsvJson(random: Random, most: number, least = 0): string {
  const step = () => random.between(least, most);
  return JSON.stringify({ h: random.between(0, 360), s: step(), v: step() });
}

/** A code as a blaster learns it. */
export function irCode(random: Random): string {
  return random.bytes(2 * random.between(1, 80)).toString("base64");
}

/** What a blaster is told. */
export function infraredJson(random: Random): string {
  const command = random.pick([
    { control: "study" },
    { control: "study_exit" },
    { control: "send_ir", type: 0, head: "", key1: `1${irCode(random)}` },
    { control: "send_ir", type: 0, head: hex(random, [255, 2], [65_535, 4]), key1: `0${random.text(20)}` },
  ]);
  return JSON.stringify(command);
}
