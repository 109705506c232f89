import { type EntityContext, topicsOf } from "./context";
import type { Entity } from "./entity";
import { named } from "./names";

/** Words that nothing but a lock has, locked first. */
const PAIRS: readonly (readonly [locked: string, unlocked: string])[] = [
  ["lock", "unlock"],
  ["locked", "unlocked"],
];

/**
 * Locks that can be told to lock and to unlock in words. A Boolean with a lock in its name is the child lock of a heater as
 * often: it stays a switch.
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
