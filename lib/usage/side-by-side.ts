/** Requests to the table under way at a time: as many as the client has connections. */
const PARALLEL = 50;

/** Does `work` for each, {@link PARALLEL} at a time; when one fails the others under way end first, then it throws. */
export async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const entries = all[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const one of { [Symbol.iterator]: () => entries }) {
      if (failures.length > 0) return;
      await work(one).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, all.length) }, worker));
  if (failures.length > 0) throw failures[0];
}

/** Puts together what has the same key, in the order in which keys come first. */
export function groupsOf<T>(all: Iterable<T>, keyOf: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}
