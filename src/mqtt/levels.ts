/** The level below which this side speaks of itself. */
export const BRIDGE = "bridge";

/** What MQTT, or a broker that checks its texts, does not take in a level. */
const UNFIT = /[/+#\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]|^\$/gu;
/** Letters of an id that tell devices of the same name from each other. */
const TAIL = 4;

/** A name as one level of a topic: blanks and case stay, what has a meaning in topics becomes `_`. */
export function levelOf(name: string): string {
  return name.replace(UNFIT, "_");
}

/** Who is to have a level. */
export interface Named {
  /** What tells it from all others: `deviceKey`. */
  readonly key: string;
  readonly id: string;
  /** "" = none: the id stands for it. */
  readonly name: string;
}

/** Identifies a device: two sub-devices of two gateways may have the same cid. */
export function deviceKey(device: {
  readonly id: string;
  readonly cid?: string | undefined;
  readonly gatewayId?: string | undefined;
}): string {
  return device.cid === undefined ? device.id : `${device.gatewayId ?? ""}/${device.cid}`;
}

/**
 * D, the level of each device, by key. All devices of a Node-RED have to be in the list: where several have the same name,
 * each of them has the last four characters of its id behind it, `Lamp (3f0a)`. Where that does not tell them apart either,
 * the whole id, and at last a number.
 */
export function deviceLevels(devices: readonly Named[]): ReadonlyMap<string, string> {
  const distinct = [...new Map(devices.map((device) => [device.key, device])).values()];
  const notions: readonly ((device: Named) => string)[] = [
    ({ name, id }) => name || id,
    ({ name, id }) => `${name || id} (${id.slice(-TAIL)})`,
    ({ name, id }) => `${name || id} (${id})`,
  ];
  const levels = new Map<string, string>();
  let rest: readonly Named[] = distinct;
  for (const notion of notions) {
    const taken = new Set([BRIDGE, ...levels.values()]);
    const wanted = rest.map((device) => levelOf(notion(device)));
    const isSole = wanted.map(
      (level) => !taken.has(level) && wanted.indexOf(level) === wanted.lastIndexOf(level),
    );
    rest.forEach(({ key }, index) => {
      if (isSole[index]) levels.set(key, wanted[index] ?? "");
    });
    rest = rest.filter((_device, index) => !isSole[index]);
  }
  const taken = new Set(levels.values());
  for (const { key, name, id } of rest) levels.set(key, unused(levelOf(name || id), taken));
  return levels;
}

function unused(level: string, taken: Set<string>): string {
  let count = 2;
  while (taken.has(`${level} (${count})`)) count += 1;
  taken.add(`${level} (${count})`);
  return `${level} (${count})`;
}
