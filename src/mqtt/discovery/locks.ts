import { type EntityContext, topicsOf } from "./context";
import type { Entity } from "./entity";
import { named } from "./names";

/** Words that only locks have, locked first. */
const PAIRS: readonly (readonly [locked: string, unlocked: string])[] = [
  ["lock", "unlock"],
  ["locked", "unlocked"],
];

/**
 * Locks that are locked and unlocked by words. A Boolean with "lock" in its name stays a switch, because it is often the
 * child lock of a heater.
 */
export function locks(context: EntityContext): readonly Entity[] {
  const { rest } = context.parts;
  return [...rest.free].flatMap((point) => {
    if (point.type !== "Enum" || point.access === "ro" || point.values.length !== 2) return [];
    const words = PAIRS.map((pair) => pair.map((word) => memberAlike(word, point.values)));
    const [locked, unlocked] = words.find((pair) => pair.every((word) => word !== undefined)) ?? [];
    if (locked === undefined || unlocked === undefined) return [];
    rest.take(point);
    const said = { payload_lock: locked, payload_unlock: unlocked };
    return [
      {
        ...named(point),
        platform: "lock" as const,
        isMain: true,
        keys: { ...topicsOf(point, context), ...said, state_locked: locked, state_unlocked: unlocked },
      },
    ];
  });
}

function memberAlike(word: string, members: readonly string[]): string | undefined {
  return members.find((member) => member.toLowerCase() === word);
}
