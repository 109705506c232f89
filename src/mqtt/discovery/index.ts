import { DeviceTopics } from "../topics";
import type { DiscoveryMessage, DiscoveryOptions, MqttDevice } from "../types";
import { entitiesOf } from "./entities";
import type { Entity, Keys } from "./entity";
import { classNameOf } from "./names";
import { availabilityOf, identifierOf, objectId, originOf, registryEntry } from "./registry";

/**
 * What tells Home Assistant which entities a device has: one message with all of them, or one message each. Entities, ids and
 * topics are the same in both shapes. Pure: the same device has the same messages.
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

/** An entity as its device has it. Home Assistant's own defaults for `retain` are not the same everywhere. */
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

/** Undefined where Home Assistant calls it by its class, and null where it is called like the device. */
type Named = Omit<Entity, "name"> & { readonly name: string | null | undefined };

/**
 * The only entity a device is bought for has no name of its own. Others that are called as Home Assistant calls their class
 * have none either, so that it is in the language of its user. No two are called the same.
 */
function withNames(entities: readonly Entity[]): readonly Named[] {
  const isSole = entities.filter(({ isMain }) => isMain).length === 1;
  const isLikeTheDevice = (entity: Entity): boolean => isSole && entity.isMain === true;
  const others = entities.filter((entity) => !isLikeTheDevice(entity));
  const byClass = new Set(others.filter((entity) => isNamedByClass(entity, others)));
  // What somebody chose is given away first.
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

/** Only of sensors: a number in degrees is a temperature to keep, or a limit. */
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
