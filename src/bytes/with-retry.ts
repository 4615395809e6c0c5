/** How often a request is tried and how the time between is spent. Tests bring their own `wait` and never sleep. */
export interface RetryPolicy {
  /** Requests in all, the first included; at least 1. */
  tries: number;
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason as soon as it aborts. */
  wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** In [0, 1). */
  random: () => number;
}

/** About 1, 2, 4 and 8 seconds between five tries. Scripts cannot read the Hub's Retry-After, so it is not asked for. */
export const DEFAULT_RETRY: RetryPolicy = { tries: 5, wait: pause, random: Math.random };

const FIRST_WAIT_MS = 1000;

/**
 * Runs `attempt` until it resolves, throws something that `passes` (will pass with time) does not accept, or `tries` are
 * used up; then the last error is thrown. Waits double each time; between half and all of a wait is served, so that many
 * workers turned away together do not come back together. An abort ends the wait at once with the signal's reason.
 */
export async function withRetry<T>(
  attempt: () => Promise<T>,
  passes: (error: unknown) => boolean,
  options: { signal?: AbortSignal; retry?: RetryPolicy } = {},
): Promise<T> {
  const { tries, wait, random } = options.retry ?? DEFAULT_RETRY;
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      options.signal?.throwIfAborted();
      if (tried >= tries || !passes(error)) throw error;
      await wait(FIRST_WAIT_MS * 2 ** (tried - 1) * (0.5 + random() / 2), options.signal);
    }
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
