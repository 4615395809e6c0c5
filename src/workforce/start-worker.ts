import { type Remote, wrap } from "comlink";

/** A worker that could not be loaded. Nothing it was asked is ever answered. */
export class WorkerFailed extends Error {
  constructor(options?: { cause?: unknown }) {
    super("A part of this page could not be loaded. Check the connection, then reload the page.", options);
    this.name = "WorkerFailed";
  }
}

export interface StartedWorker<Api> {
  worker: Worker;
  api: Remote<Api>;
  /** It could not be loaded: to be started anew. */
  failed: boolean;
}

/**
 * A worker and its API. A worker whose script cannot be fetched says so by an event and leaves its callers waiting: here
 * every call rejects with WorkerFailed then. Errors after the first answer are left to the call that they belong to.
 */
export function startWorker<Api>(worker: Worker): StartedWorker<Api> {
  const waiting = new Set<(error: Error) => void>();
  let answered = false;
  const started: StartedWorker<Api> = { worker, api: guarded(), failed: false };
  worker.addEventListener("error", (cause) => {
    if (answered) return;
    started.failed = true;
    for (const reject of waiting) reject(new WorkerFailed({ cause }));
  });
  return started;

  function guarded(): Remote<Api> {
    const call = (method: (...args: unknown[]) => Promise<unknown>, args: unknown[]) =>
      new Promise((resolve, reject) => {
        if (started.failed) return reject(new WorkerFailed());
        waiting.add(reject);
        method(...args)
          .then(resolve, reject)
          .finally(() => {
            answered = true;
            waiting.delete(reject);
          });
      });
    return new Proxy(wrap<Api>(worker) as object, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key);
        // Symbols are comlink's own.
        if (typeof member !== "function" || typeof key !== "string") return member;
        return (...args: unknown[]) => call(member as (...args: unknown[]) => Promise<unknown>, args);
      },
    }) as Remote<Api>;
  }
}
