import { Worker } from "node:worker_threads";
import { proxy, type Remote, wrap } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter";
import type { EngineName } from "../src/kernels/engine.ts";
import type { Run } from "../src/reading/run.ts";
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
 * Threads that scan. To a scan each looks like a worker that never dies: the work of one that does is given to those that are
 * left, from the first segment that was not heard of.
 */
export class ThreadCrew implements Crew {
  readonly #threads: Thread[];
  readonly #engine: Exclude<EngineName, "wgsl">;
  /** Segments that were heard of, of each run under way. */
  readonly #finished = new Map<number, Set<number>>();

  constructor(count: number, engine: Exclude<EngineName, "wgsl">, entry: URL) {
    this.#engine = engine;
    this.#threads = Array.from({ length: count }, () => start(entry));
  }

  /** The threads themselves: for tests, which end some of them. */
  get workers(): readonly Worker[] {
    return this.#threads.map(({ worker }) => worker);
  }

  async begin(onEvent: (event: ScanEvent) => void): Promise<ScanApi[]> {
    const hear = (event: ScanEvent) => {
      if (event.kind === "segment") this.#finished.get(event.run)?.add(event.position);
      onEvent(event);
    };
    const engine = this.#engine;
    await Promise.all(
      this.#threads.map(async (thread, seat) => {
        await this.#ask(seat, thread, ({ api }) => api.configure({ engine }, proxy(hear)));
      }),
    );
    return this.#threads.map((_, seat) => this.#member(seat));
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #member(seat: number): ScanApi {
    const all = (tell: (api: Remote<ScanWorkerApi>) => Promise<void>) =>
      // Whoever has the run by now hears it; to the others it says nothing.
      void Promise.all(
        this.#threads.filter(({ isAlive }) => isAlive).map(({ api }) => tell(api).catch(() => undefined)),
      );
    return {
      run: (run) => this.#run(seat, run),
      finishEarly: async (run) => all((api) => api.finishEarly(run)),
      cancel: async (run) => all((api) => api.cancel(run)),
      hurry: async () => all((api) => api.hurry()),
    };
  }

  async #run(seat: number, run: Run): Promise<void> {
    const finished = new Set<number>();
    this.#finished.set(run.id, finished);
    try {
      await this.#ask(seat, this.#threads[seat], ({ api }) => {
        const segments = run.segments.filter(({ position }) => !finished.has(position));
        return segments.length > 0 ? api.run({ ...run, segments }) : Promise.resolve();
      });
    } finally {
      this.#finished.delete(run.id);
    }
  }

  /** Asks a thread, or the next that lives where it ends before it has answered. */
  async #ask(seat: number, first: Thread, question: (thread: Thread) => Promise<void>): Promise<void> {
    for (let thread = first, why: unknown = null; ; ) {
      if (thread.isAlive) {
        try {
          return await Promise.race([question(thread), thread.ended]);
        } catch (error) {
          if (thread.isAlive) throw error;
          why = error;
        }
      }
      const left = this.#threads.filter(({ isAlive }) => isAlive);
      if (left.length === 0) throw new NoThreadLeft(why);
      thread = left[seat % left.length];
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
