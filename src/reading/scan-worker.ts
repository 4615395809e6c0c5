import { hurry } from "../bytes/with-retry.ts";
import { ByteCounter } from "./byte-counter.ts";
import type { Run } from "./run.ts";
import { scanRun } from "./scan-run.ts";
import type { StretchComputer } from "./stretch-computer.ts";
import type { EngineSetup, ScanEvent, ScanWorkerApi } from "./worker-contract.ts";

interface RunState {
  controller: AbortController;
  early: boolean;
}

/** Does runs one after the other, in whatever thread it lives: a web worker, a thread of Node, or the caller's own. */
export class ScanWorker implements ScanWorkerApi {
  readonly #computerFor: (setup: EngineSetup) => Promise<StretchComputer> | StretchComputer;
  readonly #running = new Map<number, RunState>();
  #computer: StretchComputer | null = null;
  /** When the last of the runs is over. */
  #turn: Promise<void> = Promise.resolve();
  #requests = 0;
  #report: (event: ScanEvent) => void | Promise<void> = () => {};

  /** `computerFor` sets up what computes; it may reject with a sentence. */
  constructor(computerFor: (setup: EngineSetup) => Promise<StretchComputer> | StretchComputer) {
    this.#computerFor = computerFor;
  }

  async configure(setup: EngineSetup, onEvent: (event: ScanEvent) => void | Promise<void>): Promise<void> {
    this.#report = onEvent;
    this.#computer = await this.#computerFor(setup);
  }

  async run(run: Run): Promise<void> {
    const computer = this.#computer;
    if (!computer) throw new Error("A scan worker has to be set up before it can run.");
    const report = this.#report;
    const state = { controller: new AbortController(), early: false };
    this.#running.set(run.id, state);
    const before = this.#turn;
    let over: () => void = () => {};
    this.#turn = new Promise((resolve) => {
      over = resolve;
    });
    // Events may travel on a port of their own: the run must not look over before all of them are heard.
    const heard: (void | Promise<void>)[] = [];
    const tell = (event: ScanEvent) => heard.push(report(event));
    const counter = new ByteCounter((bytes) => tell({ kind: "bytes", run: run.id, bytes }));
    try {
      await before;
      if (!state.early)
        await scanRun(run, computer, {
          signal: state.controller.signal,
          endEarly: () => state.early,
          onBytes: (side, bytes) => counter.add(side, bytes),
          onWait: (wait) => {
            const request = this.#requests++;
            tell({ kind: "wait", run: run.id, request, wait });
            return () => tell({ kind: "wait", run: run.id, request, wait: null });
          },
          onSegment: ({ position, a, b }, parts) => {
            counter.flush();
            const engine = computer.engineFor({ dtypeA: a.dtype, dtypeB: (b ?? a).dtype });
            tell({ kind: "segment", run: run.id, position, parts, engine });
          },
        });
    } catch (error) {
      // Whether and when to go on after a failure is for who gives the runs to say.
      for (const behind of this.#running.values()) behind.early = true;
      throw error;
    } finally {
      over();
      counter.flush();
      await Promise.all(heard);
      this.#running.delete(run.id);
    }
  }

  async finishEarly(run: number): Promise<void> {
    const state = this.#running.get(run);
    if (state) state.early = true;
  }

  async cancel(run: number): Promise<void> {
    this.#running.get(run)?.controller.abort();
  }

  async hurry(): Promise<void> {
    hurry();
  }
}
