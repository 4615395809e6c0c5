/** How often a request is tried and how the time between is spent. Tests bring their own `wait` and never sleep. */
export interface RetryPolicy {
  /** Requests in all, the first included; at least 1. */
  tries: number;
  /** The same where a host is busy; as many unless told. */
  busyTries?: number;
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason as soon as it aborts. */
  wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** In [0, 1). */
  random: () => number;
}

/** A host that turned a request away for being busy, and when it is asked again, in milliseconds since 1970. */
export interface Wait {
  host: string;
  until: number;
}

/** What a failure says of the next try: `soon` it may get through, a `busy` host wants time, or it would only fail again. */
export type Outlook = "soon" | "busy" | "never";

/**
 * About 1, 2, 4 and 8 seconds between five tries of what fails in passing. A busy host is tried again after a second or two,
 * and then at any time up to half a minute, one, two, four and five minutes later: the Hub counts requests by windows of five
 * minutes, and scripts cannot read its Retry-After.
 */
export const DEFAULT_RETRY: RetryPolicy = { tries: 5, busyTries: 7, wait: pause, random: Math.random };

/** For what is not worth waiting for. */
export const NO_RETRY: RetryPolicy = { ...DEFAULT_RETRY, tries: 1, busyTries: 1 };

const FIRST_WAIT_MS = 1000;
const BUSY_FLOOR_MS = 15_000;
const BUSY_CEILING_MS = 300_000;

/** Milliseconds after the `tried`-th try. Between half and all of a wait is served, of a long one any part above its floor. */
function waitAfter(tried: number, outlook: Outlook, random: number): number {
  if (outlook === "busy" && tried > 1) {
    const ceiling = Math.min(BUSY_CEILING_MS, BUSY_FLOOR_MS * 2 ** (tried - 1));
    return BUSY_FLOOR_MS + random * (ceiling - BUSY_FLOOR_MS);
  }
  const most = FIRST_WAIT_MS * 2 ** (outlook === "busy" ? 1 : tried - 1);
  return most * (0.5 + random / 2);
}

interface RetryOptions {
  signal?: AbortSignal;
  retry?: RetryPolicy;
  /** Hears how long, in milliseconds, a busy host is waited for; what it returns is called when that wait is over. */
  onBusy?: (ms: number) => () => void;
}

/**
 * Runs `attempt` until it resolves, throws what would `never` get through, or the tries are used up; then the last error is
 * thrown. Waits grow each time and are partly left to chance, so that many workers turned away together do not come back
 * together. An abort ends the wait at once with the signal's reason.
 */
export async function withRetry<T>(
  attempt: () => Promise<T>,
  outlookOf: (error: unknown) => Outlook,
  options: RetryOptions = {},
): Promise<T> {
  const { tries, busyTries = tries, wait, random } = options.retry ?? DEFAULT_RETRY;
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      options.signal?.throwIfAborted();
      const outlook = outlookOf(error);
      if (outlook === "never" || tried >= (outlook === "busy" ? busyTries : tries)) throw error;
      const ms = waitAfter(tried, outlook, random());
      const over = outlook === "busy" ? options.onBusy?.(ms) : undefined;
      await wait(ms, options.signal).finally(over);
    }
  }
}

/** What ends each of the waits that are being served. */
const waiting = new Set<() => void>();

/** Ends all waits of this program at once: what waits is tried again. */
export function hurry(): void {
  for (const end of [...waiting]) end();
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const end = (settle: () => void) => {
      clearTimeout(timer);
      waiting.delete(wake);
      signal?.removeEventListener("abort", onAbort);
      settle();
    };
    const wake = () => end(resolve);
    const onAbort = () => end(() => reject(signal?.reason));
    const timer = setTimeout(wake, ms);
    waiting.add(wake);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
