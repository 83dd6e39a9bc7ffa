/**
 * Keeps what was read once; what was not there is asked for again after a while, and a failure at the next call.
 * @param againMs milliseconds
 */
export function lasting<Value>(read: () => Promise<Value>, clock: () => number, againMs: number): () => Promise<Value> {
  let kept: { readonly value: Promise<Value>; readonly at: number } | undefined;
  return async () => {
    if (kept === undefined) kept = { value: read(), at: clock() };
    try {
      const value = await kept.value;
      if (value === undefined && clock() - kept.at >= againMs) {
        kept = { value: read(), at: clock() };
        return await kept.value;
      }
      return value;
    } catch (error) {
      kept = undefined;
      throw error;
    }
  };
}
