import type { DeviceTopics } from "../topics";
import type { MqttDevice } from "../types";
import type { Entity } from "./entity";

export interface EntityContext {
  readonly topics: DeviceTopics;
  /** Where it stands whether this Node-RED is there. */
  readonly bridgeTopic: string;
}

/** All entities of a device. */
export function entitiesOf(_device: MqttDevice, context: EntityContext): readonly Entity[] {
  return [connection(context)];
}

/** Why a device is not there: to be seen just when it is not. */
function connection({ topics, bridgeTopic }: EntityContext): Entity {
  return {
    key: "connection",
    platform: "sensor",
    name: "Connection",
    keys: {
      entity_category: "diagnostic",
      state_topic: topics.connection,
      availability: [{ topic: bridgeTopic }],
    },
  };
}
