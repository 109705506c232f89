import type { MqttDevice } from "../types";
import { partsOf } from "../virtual/parts";
import { climates } from "./climate";
import type { EntityContext } from "./context";
import { covers } from "./covers";
import type { Entity } from "./entity";
import { fans } from "./fans";
import { humidifiers } from "./humidifiers";
import { lights } from "./lights";
import { locks } from "./locks";
import { plainEntities } from "./plain/plain";
import { vacuums } from "./vacuums";

/** Entities made of several data points. Earlier ones take their data points first. */
const COMPOUND: readonly ((context: EntityContext) => readonly Entity[])[] = [
  lights,
  vacuums,
  climates,
  covers,
  humidifiers,
  fans,
  locks,
];

/** All entities of a device: what several data points make together, each other one by itself, and its connection. */
export function entitiesOf(
  { dataPoints }: Pick<MqttDevice, "dataPoints">,
  where: Pick<EntityContext, "topics" | "bridgeTopic">,
): readonly Entity[] {
  const context = { ...where, parts: partsOf(dataPoints) };
  const compound = COMPOUND.flatMap((entities) => entities(context));
  const plain = context.parts.rest.free.flatMap((point) => plainEntities(point, context));
  return [...compound, ...plain, connection(context)];
}

/** The entity that shows why a device is not connected. It is available even if the device is not. */
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
