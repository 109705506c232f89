import { DeviceTopics } from "../topics";
import type { DiscoveryMessage, DiscoveryOptions, MqttDevice } from "../types";
import { entitiesOf } from "./entities";
import type { Entity, Keys } from "./entity";
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
    name,
    ...keys,
    ...(isCommanded && { retain: false }),
  };
}

const COMMAND_TOPIC = /(?:^|_)command_topic$|^set_\w+_topic$/;

type Named = Omit<Entity, "name"> & { readonly name: string | null };

/** The only entity a device is bought for has no name of its own. Of others no two are called the same. */
function withNames(entities: readonly Entity[]): readonly Named[] {
  const isSole = entities.filter(({ isMain }) => isMain).length === 1;
  const taken = new Set<string>();
  return entities.map((entity) => {
    if (isSole && entity.isMain) return { ...entity, name: null };
    const { name, otherName = name, key } = entity;
    const own = [name, otherName].find((each) => !taken.has(each)) ?? `${name} (${key})`;
    taken.add(own);
    return { ...entity, name: own };
  });
}
