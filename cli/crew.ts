import { Worker } from "node:worker_threads";
import { proxy, type Remote, wrap } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter";
import type { EngineName } from "../src/kernels/engine.ts";
import type { ScanApi, ScanEvent, ScanWorkerApi } from "../src/reading/worker-contract.ts";

/** No thread is left that could compute. */
export class NoThreadLeft extends Error {
  override readonly name = "NoThreadLeft";

  constructor(cause: unknown) {
    super("All threads ended, perhaps for want of memory. Run it again with fewer of them (--threads).", { cause });
  }
}

/** Those who scan. */
export interface Crew {
  /** Sets them up. Rejects with a sentence where they cannot serve. */
  begin(onEvent: (event: ScanEvent) => void): Promise<ScanApi[]>;
  /** Ends them all. */
  end(): Promise<void>;
}

interface Thread {
  worker: Worker;
  api: Remote<ScanWorkerApi>;
  /** Rejects when the thread ends; null while it lives. */
  ended: Promise<never>;
  isAlive: boolean;
}

/**
 * Threads that scan. To a scan each looks like a worker that never dies: where its thread does, its runs end early and the next
 * go to a thread that is left. The scan asks for the rest again, as for any run cut short.
 */
export class ThreadCrew implements Crew {
  readonly #threads: Thread[];
  readonly #engine: Exclude<EngineName, "wgsl">;

  constructor(count: number, engine: Exclude<EngineName, "wgsl">, entry: URL) {
    this.#engine = engine;
    this.#threads = Array.from({ length: count }, () => start(entry));
  }

  /** The threads themselves: for tests, which end some of them. */
  get workers(): readonly Worker[] {
    return this.#threads.map(({ worker }) => worker);
  }

  async begin(onEvent: (event: ScanEvent) => void): Promise<ScanApi[]> {
    const engine = this.#engine;
    await Promise.all(
      this.#threads.map((thread) => this.#ask(thread, ({ api }) => api.configure({ engine }, proxy(onEvent)))),
    );
    return this.#threads.map((_, seat) => this.#member(seat));
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  /** Those that live. Throws NoThreadLeft where there are none. */
  #left(why: unknown = null): Thread[] {
    const left = this.#threads.filter(({ isAlive }) => isAlive);
    if (left.length === 0) throw new NoThreadLeft(why);
    return left;
  }

  #member(seat: number): ScanApi {
    const all = (tell: (api: Remote<ScanWorkerApi>) => Promise<void>) =>
      // Whoever has the run hears it; to the others it says nothing.
      void Promise.all(
        this.#threads.filter(({ isAlive }) => isAlive).map(({ api }) => tell(api).catch(() => undefined)),
      );
    return {
      run: async (run) => {
        const own = this.#threads[seat];
        const left = this.#left();
        await this.#ask(own.isAlive ? own : left[seat % left.length], ({ api }) => api.run(run));
      },
      finishEarly: async (run) => all((api) => api.finishEarly(run)),
      cancel: async (run) => all((api) => api.cancel(run)),
      hurry: async () => all((api) => api.hurry()),
    };
  }

  /** Resolves when the thread has answered, or has ended while others are left. */
  async #ask(thread: Thread, question: (thread: Thread) => Promise<void>): Promise<void> {
    try {
      await Promise.race([question(thread), thread.ended]);
    } catch (error) {
      if (thread.isAlive) throw error;
      this.#left(error);
    }
  }
}

function start(entry: URL): Thread {
  const worker = new Worker(entry);
  let end: (cause: unknown) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  // It may end while nobody waits for it.
  ended.catch(() => undefined);
  const thread: Thread = { worker, api: wrap<ScanWorkerApi>(nodeEndpoint(worker)), ended, isAlive: true };
  const over = (cause: unknown) => {
    thread.isAlive = false;
    end(cause);
  };
  worker.once("error", over);
  worker.once("exit", over);
  return thread;
}
