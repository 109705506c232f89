/** What matters of a node here: the tab or subflow it is on. */
interface Placed {
  readonly z?: string | undefined;
}

/** What matters of a Catch node's definition: null hears all nodes of its tab, everything else a choice of them. */
interface CatchNode extends Placed {
  readonly scope?: unknown;
}

/**
 * The users of a device through whom its trouble is told. Node-RED tells it to the Catch nodes of every user's tab, once
 * per user; where those hear all nodes alike, one user per tab is enough, and a message comes once. A Catch node that
 * hears chosen nodes only may have chosen any of them.
 */
export function usersPerTab<T extends Placed>(
  users: Readonly<Record<string, T>>,
  catchNodes: readonly CatchNode[],
): Record<string, T> {
  const choosy = new Set(
    catchNodes.filter(({ scope }) => scope !== null && scope !== undefined).map(({ z }) => z),
  );
  const told = new Set<string | undefined>();
  const reporters = Object.entries(users).filter(([, { z }]) => {
    if (choosy.has(z)) return true;
    const isFirst = !told.has(z);
    told.add(z);
    return isFirst;
  });
  return Object.fromEntries(reporters);
}
