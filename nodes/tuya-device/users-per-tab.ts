/** A node, with the tab or subflow it is on. */
interface Placed {
  readonly z?: string | undefined;
}

/** The definition of a Catch node. `scope` null = it catches errors of all nodes of its tab; otherwise only of some. */
interface CatchNode extends Placed {
  readonly scope?: unknown;
}

/**
 * The users to whose Catch nodes an error of the device is passed. Node-RED passes it to the Catch nodes of each user's
 * tab, once per user. If these catch errors of all nodes, one user per tab is enough, so that each gets one message. If a
 * Catch node catches only chosen nodes, all users of the tab stay, because it may have chosen any of them.
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
