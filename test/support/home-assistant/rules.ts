import type { Announced, Keys } from "./expand";

/**
 * What Home Assistant checks besides the keys, and what would be wrong without its noticing. Units of device classes are
 * those of its documentation for developers, as far as they occur here.
 */
const CLASS_UNITS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  apparent_power: ["mVA", "VA", "kVA"],
  atmospheric_pressure: ["cbar", "bar", "hPa", "mmHg", "inHg", "kPa", "mbar", "Pa", "psi"],
  battery: ["%"],
  carbon_dioxide: ["ppm"],
  carbon_monoxide: ["ppm", "mg/m³"],
  current: ["A", "mA"],
  distance: ["km", "m", "cm", "mm", "mi", "nmi", "yd", "in"],
  duration: ["d", "h", "min", "s", "ms", "µs"],
  energy: ["J", "kJ", "MJ", "GJ", "mWh", "Wh", "kWh", "MWh", "GWh", "TWh", "cal", "kcal", "Mcal", "Gcal"],
  frequency: ["Hz", "kHz", "MHz", "GHz"],
  gas: ["L", "m³", "ft³", "CCF", "MCF"],
  humidity: ["%"],
  illuminance: ["lx"],
  moisture: ["%"],
  pm1: ["µg/m³"],
  pm10: ["µg/m³"],
  pm25: ["µg/m³"],
  power: ["mW", "W", "kW", "MW", "GW", "TW"],
  power_factor: [undefined, "%"],
  pressure: ["cbar", "bar", "hPa", "mmHg", "inHg", "kPa", "mbar", "Pa", "psi"],
  reactive_power: ["var", "kvar"],
  signal_strength: ["dB", "dBm"],
  temperature: ["°C", "°F", "K"],
  temperature_delta: ["°C", "°F", "K"],
  volatile_organic_compounds: ["µg/m³", "mg/m³"],
  volatile_organic_compounds_parts: ["ppm", "ppb"],
  voltage: ["V", "mV", "µV", "kV", "MV"],
  volume_storage: ["L", "mL", "m³"],
  water: ["L", "m³", "ft³", "CCF", "gal", "MCF"],
  weight: ["kg", "g", "mg", "µg", "oz", "lb", "st"],
};

/** Sums, and what is neither. */
const STATE_CLASSES: Readonly<Record<string, readonly (string | undefined)[]>> = {
  energy: [undefined, "total", "total_increasing"],
  gas: [undefined, "total", "total_increasing"],
  water: [undefined, "total", "total_increasing"],
};

/** Pairs of which the first is to be the smaller, and whether they may be the same. */
const RANGES: readonly (readonly [low: string, high: string, isEqualAllowed: boolean])[] = [
  ["min", "max", true],
  ["min_temp", "max_temp", false],
  ["min_humidity", "max_humidity", false],
  ["speed_range_min", "speed_range_max", false],
  ["min_kelvin", "max_kelvin", false],
  ["position_closed", "position_open", false],
];

const SEEN_ONLY = ["sensor", "binary_sensor"];

/** What a device publishes and takes: `values` by topic. */
export interface Sides {
  readonly isPublished: (topic: string) => boolean;
  readonly isTaken: (topic: string) => boolean;
}

/** What is wrong with the entities of a house, a line each. */
export function ruleProblems(entities: readonly Announced[], sides: Sides): string[] {
  const problems: string[] = [];
  const ids = new Map<string, number>();
  for (const { uniqueId, platform } of entities) {
    const id = `${platform} ${uniqueId}`;
    ids.set(id, (ids.get(id) ?? 0) + 1);
  }
  for (const [id, count] of ids) if (count > 1) problems.push(`${id} stands for ${count} entities`);
  for (const entity of entities) {
    const say = (problem: string) => problems.push(`${entity.platform} ${entity.uniqueId}: ${problem}`);
    for (const problem of keyProblems(entity)) say(problem);
    for (const [key, value] of Object.entries(entity.keys)) {
      if (!key.endsWith("_topic") || typeof value !== "string") continue;
      const isCommand = isCommandKey(key);
      if (isCommand && !sides.isTaken(value)) say(`${key} ${value} is taken by nobody`);
      if (!isCommand && !sides.isPublished(value)) say(`${key} ${value} is published by nobody`);
    }
    for (const topic of entity.availability)
      if (!sides.isPublished(topic)) say(`availability ${topic} is published by nobody`);
  }
  return [...problems, ...nameProblems(entities)];
}

export function isCommandKey(key: string): boolean {
  return /(?:^|_)command_topic$|^set_\w+_topic$/.test(key);
}

function keyProblems({ platform, keys }: Announced): string[] {
  const problems: string[] = [];
  const isNameless = !("name" in keys);
  if (isNameless && !(SEEN_ONLY.includes(platform) && typeof keys["device_class"] === "string"))
    problems.push("nothing names it");
  for (const [low, high, isEqualAllowed] of RANGES) {
    const [from, to] = [keys[low], keys[high]];
    if (typeof from !== "number" || typeof to !== "number") continue;
    if (from > to || (from === to && !isEqualAllowed)) problems.push(`${low} ${from}, ${high} ${to}`);
  }
  const presets = listIn(keys, "preset_modes");
  if (presets.some((word) => /^none$/i.test(word))) problems.push("a preset is called none");
  const isCommanded = Object.keys(keys).some(isCommandKey);
  if (isCommanded !== (keys["retain"] === false)) problems.push("retain has to be false for commands");
  if (SEEN_ONLY.includes(platform) && keys["entity_category"] === "config") problems.push("no config");
  if (platform === "event" && keys["entity_category"] !== undefined)
    problems.push("an event has no category");
  if (keys["availability_mode"] !== "all") problems.push("not all of its availability counts");
  return [...problems, ...classProblems(platform, keys), ...speedProblems(keys)];
}

function classProblems(platform: string, keys: Keys): string[] {
  if (platform !== "sensor" && platform !== "number") return [];
  const { device_class: deviceClass, unit_of_measurement: unit, state_class: stateClass, options } = keys;
  const problems: string[] = [];
  if ((deviceClass === "enum") !== Array.isArray(options))
    problems.push("options go with enum, and enum with them");
  if (deviceClass === "enum" && (unit !== undefined || stateClass !== undefined))
    problems.push("words have no unit");
  if (typeof deviceClass !== "string" || deviceClass === "enum") return problems;
  if (!CLASS_UNITS[deviceClass]?.includes(unit as string | undefined))
    problems.push(`${deviceClass} is not measured in ${String(unit)}`);
  if (deviceClass in STATE_CLASSES && platform === "sensor") {
    if (!STATE_CLASSES[deviceClass]?.includes(stateClass as string | undefined))
      problems.push(`${deviceClass} is no ${String(stateClass)}`);
    if (deviceClass === "energy" && stateClass === undefined) problems.push("energy that is no sum");
  }
  return problems;
}

/** Both directions of a speed go by the same words. */
function speedProblems(keys: Keys): string[] {
  const template = keys["percentage_value_template"];
  if (typeof template !== "string") return [];
  const count = /\{[^{}]*: (\d+)\}/.exec(template)?.[1];
  return Number(count) === keys["speed_range_max"] ? [] : ["the range is not that of its words"];
}

function nameProblems(entities: readonly Announced[]): string[] {
  const names = new Map<string, number>();
  for (const { device, keys } of entities) {
    // Without a name, it is called by its class.
    const own = "name" in keys ? keys["name"] : `class ${String(keys["device_class"])}`;
    const name = `${JSON.stringify(device["identifiers"])} ${String(own)}`;
    names.set(name, (names.get(name) ?? 0) + 1);
  }
  return [...names].filter(([, count]) => count > 1).map(([name]) => `two entities are called ${name}`);
}

function listIn(keys: Keys, key: string): readonly string[] {
  const list = keys[key];
  return Array.isArray(list) ? (list as string[]) : [];
}
