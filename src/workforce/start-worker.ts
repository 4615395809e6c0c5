import { proxy, wrap } from "comlink";

/** A worker that could not be loaded. Nothing it was asked is ever answered. */
export class WorkerFailed extends Error {
  override readonly name = "WorkerFailed";

  constructor(options?: { cause?: unknown }) {
    super("A part of this page could not be loaded. Check the connection, then reload the page.", options);
  }
}

/** A worker that served and does so no longer; what it had in hand is lost. */
export class WorkerLost extends Error {
  override readonly name = "WorkerLost";

  constructor(options?: { cause?: unknown }) {
    super(
      "A part of this page stopped working. Start again what it was doing; if that fails, reload the page.",
      options,
    );
  }
}

/** A worker of the browser, and what it can be asked. */
export interface StartedWorker<Api> {
  readonly api: Api;
  /** It is of no use any more, and to be started anew. */
  readonly isDead: boolean;
  /** Terminates it. What it has not answered rejects with `why`, as does whatever else it is asked. */
  end(why: Error): void;
}

/**
 * A worker behind the plain interface that it serves: callbacks among the arguments are called from over there.
 *
 * A worker whose script cannot be fetched says so by an event and leaves its callers waiting, as does one whose answer does
 * not survive the way here. In both cases it is dead: all that is asked of it rejects, with WorkerFailed or WorkerLost.
 * `isFragile`: so it is after any error that no call answers for. Others are left to live on with that.
 */
export function startWorker<Api extends object>(worker: Worker, isFragile = false): StartedWorker<Api> {
  const waiting = new Set<(error: Error) => void>();
  let hasAnswered = false;
  let death: Error | null = null;
  function end(why: Error): void {
    if (death) return;
    death = why;
    worker.terminate?.();
    for (const reject of waiting) reject(why);
    waiting.clear();
  }
  worker.addEventListener("error", (cause) => {
    if (!hasAnswered) end(new WorkerFailed({ cause }));
    else if (isFragile) end(new WorkerLost({ cause }));
  });
  worker.addEventListener("messageerror", (cause) => end(new WorkerLost({ cause })));

  const remote = wrap<Record<string, (...args: unknown[]) => Promise<unknown>>>(worker);
  const call = (method: string, args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (death) return reject(death);
      waiting.add(reject);
      remote[method](...args.map((value) => (typeof value === "function" ? proxy(value) : value)))
        .then(resolve, reject)
        .finally(() => {
          hasAnswered = true;
          waiting.delete(reject);
        });
    });
  const api = new Proxy<object>(
    {},
    {
      // Whoever awaits it must not find a `then`.
      get: (_, key) =>
        typeof key === "string" && key !== "then" ? (...args: unknown[]) => call(key, args) : undefined,
    },
  ) as Api;
  return {
    api,
    end,
    get isDead() {
      return death !== null;
    },
  };
}
