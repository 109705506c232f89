/** The level for topics about this Node-RED itself. */
export const BRIDGE = "bridge";

/** Characters that MQTT, or a strict broker, does not allow in a level. */
const UNFIT = /[/+#\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]|^\$/gu;
/** How many of the last characters of the id are added to equal names. */
const TAIL = 4;

/** A name as one level of a topic: characters with a meaning in topics become `_`; blanks and case are kept. */
export function levelOf(name: string): string {
  return name.replace(UNFIT, "_");
}

/** A device that gets a level. */
export interface Named {
  /** Identifies it: see `deviceKey`. */
  readonly key: string;
  readonly id: string;
  /** "" = it has no name, and the id is used. */
  readonly name: string;
}

/** A text that identifies a device. Its cid alone would not: two sub-devices of two gateways may have the same one. */
export function deviceKey(device: {
  readonly id: string;
  readonly cid?: string | undefined;
  readonly gatewayId?: string | undefined;
}): string {
  return device.cid === undefined ? device.id : `${device.gatewayId ?? ""}/${device.cid}`;
}

/**
 * The level of each device in topics, by key. The list must contain all devices of a Node-RED: if several have the same name,
 * the last four characters of the id are added to each, `Lamp (3f0a)`. If that is not enough, the whole id is added, and
 * at last a number.
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
