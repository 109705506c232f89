/** What Tuya's tables call a unit, in lower case, and how Home Assistant spells it. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ...alike("°C", "°c", "℃", "'c", "c", "celsius", "degc", "deg c", "摄氏度"),
  ...alike("°F", "°f", "℉", "'f", "f", "fahrenheit", "degf", "deg f"),
  ...alike("kWh", "kwh", "kw·h", "kw.h", "kw*h", "kw h", "kw/h", "度"),
  ...alike("Wh", "wh", "w·h", "w.h"),
  ...alike("W", "w", "watt"),
  ...alike("kW", "kw"),
  ...alike("VA", "va"),
  ...alike("var", "var"),
  ...alike("V", "v", "volt"),
  ...alike("mV", "mv"),
  ...alike("A", "a", "ampere"),
  ...alike("mA", "ma"),
  ...alike("Hz", "hz"),
  ...alike("%", "％", "percent", "%rh", "%r.h."),
  ...alike("lx", "lux", "lx"),
  ...alike("ppm", "ppm"),
  ...alike("ppb", "ppb"),
  ...alike("µg/m³", "ug/m3", "ug/m³", "μg/m³", "μg/m3", "µg/m3", "µg/m³"),
  ...alike("mg/m³", "mg/m3", "mg/m³"),
  ...alike("s", "s", "sec", "second", "seconds", "秒"),
  ...alike("min", "min", "minute", "minutes", "mins", "分钟"),
  ...alike("h", "h", "hour", "hours", "hr", "小时"),
  ...alike("d", "d", "day", "days", "天"),
  ...alike("ms", "ms"),
  ...alike("hPa", "hpa"),
  ...alike("kPa", "kpa"),
  ...alike("Pa", "pa"),
  ...alike("mbar", "mbar"),
  ...alike("bar", "bar"),
  ...alike("m³", "m3", "m³"),
  ...alike("L", "l", "litre", "liter"),
  ...alike("mL", "ml"),
  ...alike("kg", "kg"),
  ...alike("g", "g"),
  ...alike("m", "m"),
  ...alike("cm", "cm"),
  ...alike("mm", "mm"),
  ...alike("dB", "db"),
  ...alike("dBm", "dbm"),
]);

/** Units in which the case of a letter matters: a megawatt is a thousand million milliwatts. */
const CASED: ReadonlyMap<string, string> = new Map([
  ["MW", "MW"],
  ["mW", "mW"],
  ["MWh", "MWh"],
]);

/** The units of Home Assistant's device classes, as far as they are used here: with another unit it refuses the entity. */
const CLASS_UNITS: ReadonlyMap<string, readonly string[]> = new Map([
  ["apparent_power", ["VA"]],
  ["atmospheric_pressure", ["hPa", "kPa", "Pa", "mbar", "bar"]],
  ["battery", ["%"]],
  ["carbon_dioxide", ["ppm"]],
  ["carbon_monoxide", ["ppm"]],
  ["current", ["A", "mA"]],
  ["distance", ["m", "cm", "mm"]],
  ["duration", ["d", "h", "min", "s", "ms"]],
  ["energy", ["Wh", "kWh", "MWh"]],
  ["frequency", ["Hz"]],
  ["gas", ["m³", "L"]],
  ["humidity", ["%"]],
  ["illuminance", ["lx"]],
  ["moisture", ["%"]],
  ["pm1", ["µg/m³"]],
  ["pm10", ["µg/m³"]],
  ["pm25", ["µg/m³"]],
  ["power", ["mW", "W", "kW", "MW"]],
  ["power_factor", ["%"]],
  ["pressure", ["hPa", "kPa", "Pa", "mbar", "bar"]],
  ["reactive_power", ["var"]],
  ["signal_strength", ["dB", "dBm"]],
  ["temperature", ["°C", "°F"]],
  ["temperature_delta", ["°C", "°F"]],
  ["volatile_organic_compounds", ["µg/m³", "mg/m³"]],
  ["volatile_organic_compounds_parts", ["ppb", "ppm"]],
  ["voltage", ["V", "mV"]],
  ["volume_storage", ["m³", "L", "mL"]],
  ["water", ["m³", "L"]],
  ["weight", ["kg", "g"]],
]);

/** Device classes that need no unit. */
const UNITLESS: ReadonlySet<string> = new Set(["power_factor"]);

/** The device class that follows from a unit alone. */
const CLASS_OF_UNIT: ReadonlyMap<string, string> = new Map([
  ["°C", "temperature"],
  ["°F", "temperature"],
  ["W", "power"],
  ["kW", "power"],
  ["VA", "apparent_power"],
  ["var", "reactive_power"],
  ["V", "voltage"],
  ["mV", "voltage"],
  ["A", "current"],
  ["mA", "current"],
  ["Hz", "frequency"],
  ["lx", "illuminance"],
  ["hPa", "pressure"],
  ["kPa", "pressure"],
  ["dBm", "signal_strength"],
]);

/** A unit in the spelling of Home Assistant; an unknown one is returned unchanged. */
export function haUnit(unit: string | undefined): string | undefined {
  const text = unit?.trim();
  if (text === undefined || text === "") return undefined;
  return CASED.get(text) ?? SPELLINGS.get(text.toLowerCase()) ?? text;
}

/** The device class if the unit fits it, otherwise undefined: Home Assistant would refuse the entity or warn. */
export function fittingClass(deviceClass: string | undefined, unit: string | undefined): string | undefined {
  if (deviceClass === undefined) return undefined;
  if (unit === undefined) return UNITLESS.has(deviceClass) ? deviceClass : undefined;
  return CLASS_UNITS.get(deviceClass)?.includes(unit) ? deviceClass : undefined;
}

/** The device class of a value, by its unit alone. */
export function classOfUnit(unit: string | undefined): string | undefined {
  return unit === undefined ? undefined : CLASS_OF_UNIT.get(unit);
}

function alike(unit: string, ...spellings: readonly string[]): readonly (readonly [string, string])[] {
  return spellings.map((spelling) => [spelling, unit] as const);
}
