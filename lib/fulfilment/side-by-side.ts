/** Does `work` for each entry, at most `limit` at a time. Rejects as the work or the source does. */
export async function sideBySide<T>(
  source: AsyncIterable<T> | Iterable<T>,
  limit: number,
  work: (entry: T) => Promise<void>,
): Promise<void> {
  const entries = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = await entries.next(); next.done !== true; next = await entries.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
