import { DeviceTopics } from "../topics";
import type { DiscoveryMessage, DiscoveryOptions, Json, MqttDevice } from "../types";
import { entitiesOf } from "./entities";
import type { Entity, Keys } from "./entity";
import { classNameOf } from "./names";

/**
 * The discovery messages of a device: one with all its entities, or one for each. Entities, ids and the topics of values
 * are the same in both shapes. The same device always gives the same messages.
 */
export function discoveryMessages(
  device: MqttDevice,
  options: DiscoveryOptions,
): readonly DiscoveryMessage[] {
  const { base, prefix, bridgeTopic, shape } = options;
  const topics = new DeviceTopics(base, device);
  const node = objectId(identifierOf(device));
  const head = { device: registryEntry(device), origin: originOf(options) };
  const availability = availabilityOf([bridgeTopic, topics.availability]);
  const components = withNames(entitiesOf(device, { topics, bridgeTopic })).map(
    (entity) => [entity, componentOf(entity, device)] as const,
  );
  if (shape === "single") {
    return components.map(([{ key, platform }, component]) => ({
      topic: `${prefix}/${platform}/${node}/${objectId(key)}/config`,
      payload: { ...head, ...availability, ...component },
    }));
  }
  const list = components.map(([{ key, platform }, component]) => [key, { platform, ...component }]);
  const payload = { ...head, ...availability, components: Object.fromEntries(list) as Keys };
  return [{ topic: `${prefix}/device/${node}/config`, payload }];
}

/** An entity as a component. `retain` is set for all with commands, because Home Assistant's defaults for it differ. */
function componentOf({ key, name, keys }: Named, device: MqttDevice): Keys {
  const isCommanded = Object.keys(keys).some((each) => COMMAND_TOPIC.test(each));
  return {
    unique_id: `${identifierOf(device)}_${key}`,
    ...(name !== undefined && { name }),
    ...keys,
    ...(isCommanded && { retain: false }),
  };
}

const COMMAND_TOPIC = /(?:^|_)command_topic$|^set_\w+_topic$/;

/** `name` undefined: Home Assistant uses the name of its class; null: it has the name of the device. */
type Named = Omit<Entity, "name"> & { readonly name: string | null | undefined };

/**
 * Gives each entity a name that no other one has. The only main entity has that of the device. Entities whose name would
 * be that of their class get none, so that Home Assistant shows it in the user's language.
 */
function withNames(entities: readonly Entity[]): readonly Named[] {
  const isSole = entities.filter(({ isMain }) => isMain).length === 1;
  const isLikeTheDevice = (entity: Entity): boolean => isSole && entity.isMain === true;
  const others = entities.filter((entity) => !isLikeTheDevice(entity));
  const byClass = new Set(others.filter((entity) => isNamedByClass(entity, others)));
  // Names that users chose have priority.
  const taken = new Map([...byClass].map((entity) => [entity.name, entity]));
  for (const entity of others)
    if (entity.isLabelled && !taken.has(entity.name)) taken.set(entity.name, entity);
  return entities.map((entity) => {
    if (isLikeTheDevice(entity)) return { ...entity, name: null };
    if (byClass.has(entity)) return { ...entity, name: undefined };
    const { name, otherName = name, key } = entity;
    const isFree = (each: string): boolean => (taken.get(each) ?? entity) === entity;
    const own = [name, otherName].find(isFree) ?? `${name} (${key})`;
    taken.set(own, entity);
    return { ...entity, name: own };
  });
}

/** Only for sensors: the name of the class would not tell that a number in degrees is a target or a limit. */
function isNamedByClass(entity: Entity, all: readonly Entity[]): boolean {
  const name = sensorClassName(entity);
  if (name === undefined || name !== entity.name || entity.isLabelled) return false;
  return all.every(
    (other) =>
      other === entity ||
      (sensorClassName(other) !== name && other.name.toLowerCase() !== name.toLowerCase()),
  );
}

function sensorClassName({ platform, keys }: Entity): string | undefined {
  const isSensor = platform === "sensor" || platform === "binary_sensor";
  return isSensor ? classNameOf(keys["device_class"]) : undefined;
}

const MANUFACTURER = "Tuya";
const ORIGIN = "node-red-tuya";

/** Identifies a device in Home Assistant for ever, so it contains neither its name nor the base. */
function identifierOf({ id, cid, gatewayId }: MqttDevice): string {
  return cid !== undefined && gatewayId !== undefined ? `tuya_${gatewayId}_${cid}` : `tuya_${id}`;
}

/** The entry of a device in Home Assistant's device registry. */
function registryEntry(device: MqttDevice): Keys {
  const { name, model, gatewayId } = device;
  return {
    identifiers: [identifierOf(device)],
    name,
    manufacturer: MANUFACTURER,
    ...(model !== undefined && model !== "" && { model }),
    ...(gatewayId !== undefined && { via_device: `tuya_${gatewayId}` }),
  };
}

/** The origin of a discovery message: this package. */
function originOf({ version }: Pick<DiscoveryOptions, "version">): Keys {
  return { name: ORIGIN, ...(version !== undefined && { sw_version: version }) };
}

/** The topics that all have to be online for a device to be available: this Node-RED, and the device itself. */
function availabilityOf(topics: readonly string[]): { readonly [key: string]: Json } {
  return { availability: topics.map((topic) => ({ topic })), availability_mode: "all" };
}

/** A text as an id in discovery topics, where Home Assistant allows only letters, digits, `_` and `-`. */
function objectId(text: string): string {
  return text.replace(/[^\w-]/gu, (character) => `-${character.codePointAt(0)?.toString(16)}-`);
}
