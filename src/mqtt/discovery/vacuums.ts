import { vacuumCommands } from "../virtual/vacuums";
import { type EntityContext, virtualTopics } from "./context";
import type { Entity } from "./entity";
import { wordsOf } from "./words";

/** What Home Assistant calls the ability that a command is. */
const FEATURES: Readonly<Record<string, string>> = { return_to_base: "return_home" };

/** Vacuum cleaners, with one topic for state and suction. */
export function vacuums(context: EntityContext): readonly Entity[] {
  const { vacuum } = context.parts;
  if (!vacuum) return [];
  const { suction } = vacuum;
  const features = vacuumCommands(vacuum).map((command) => FEATURES[command] ?? command);
  const { topics } = context;
  return [
    {
      key: "vacuum",
      platform: "vacuum",
      name: "Vacuum",
      isMain: true,
      keys: {
        ...virtualTopics("vacuum", context),
        supported_features: [...features, "status", ...(suction ? ["fan_speed"] : [])],
        ...(suction && {
          fan_speed_list: wordsOf(suction),
          set_fan_speed_topic: topics.set(topics.value(suction.dp)),
        }),
      },
    },
  ];
}
