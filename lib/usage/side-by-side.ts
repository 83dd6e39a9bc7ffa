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
