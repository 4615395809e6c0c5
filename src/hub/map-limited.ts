/**
 * Runs `task` on every item, at most `limit` at a time, and returns the results in the items' order. The first failure (or
 * an abort of `signal`) aborts the signal that the other tasks were given, and is what the promise rejects with.
 */
export async function mapLimited<T, R>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal | undefined,
  task: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const stop = new AbortController();
  const linked = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const results = new Map<number, R>();
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) {
      linked.throwIfAborted();
      results.set(index, await task(item, linked));
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
  return items.flatMap((_, index) => {
    const result = results.get(index);
    return results.has(index) ? [result as R] : [];
  });
}
