type Method = (...args: unknown[]) => unknown;

/** Replaces methods of an object by wrapped ones; the returned function puts the old ones back. */
function wrapMethods(target: object, names: readonly string[], wrap: (method: Method) => Method): () => void {
  const originals = names.map((name) => [name, Reflect.get(target, name) as Method] as const);
  for (const [name, method] of originals) Reflect.set(target, name, wrap(method));
  return () => {
    for (const [name, method] of originals) Reflect.set(target, name, method);
  };
}

/** Counts the bytes a task allocates and the numbers it reads: a measure of work that no busy machine disturbs. */
export function countWork(task: () => void): { allocated: number; numbersRead: number } {
  const work = { allocated: 0, numbersRead: 0 };
  const restoreBuffer = wrapMethods(
    Buffer,
    ["alloc", "allocUnsafe", "concat", "from"],
    (method) =>
      function (this: unknown, ...args) {
        const bytes = Reflect.apply(method, this, args) as Buffer;
        work.allocated += bytes.length;
        return bytes;
      },
  );
  const restorePrototype = wrapMethods(
    Buffer.prototype,
    ["readUInt32BE"],
    (method) =>
      function (this: unknown, ...args) {
        work.numbersRead++;
        return Reflect.apply(method, this, args);
      },
  );
  try {
    task();
  } finally {
    restorePrototype();
    restoreBuffer();
  }
  return work;
}
