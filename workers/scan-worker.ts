import { expose, wrap } from "comlink";
import { hurry } from "../src/bytes/with-retry.ts";
import { createReferenceEngine } from "../src/kernels/reference/reference-engine.ts";
import { testedWhenUsed } from "../src/kernels/tested-when-used.ts";
import { startMultiplier } from "../src/kernels/wasm/start-multiplier.ts";
import { startWasm } from "../src/kernels/wasm/start-wasm.ts";
import { ByteCounter } from "../src/reading/byte-counter.ts";
import { type StretchComputer, scanRun } from "../src/reading/scan-run.ts";
import { deviceComputer, localComputer } from "../src/reading/stretch-computer.ts";
import type { ComputeApi, EngineSetup, ScanEvent, ScanWorkerApi } from "../src/reading/worker-contract.ts";

const reference = createReferenceEngine();
const running = new Map<number, { controller: AbortController; early: boolean }>();
let computer: StretchComputer = localComputer(reference, reference);
/** Runs are done one after the other; this is when the last of them is over. */
let turn: Promise<void> = Promise.resolve();
let requests = 0;
let report: (event: ScanEvent) => void | Promise<void> = () => {};

let started: ReturnType<typeof startMultiplier> | null = null;
const multiplier = () => {
  started ??= startMultiplier();
  return started;
};

async function computerFor(setup: EngineSetup): Promise<StretchComputer> {
  if (setup.engine === "wgsl") return { ...deviceComputer(wrap<ComputeApi>(setup.device), reference), multiplier };
  if (setup.engine === "wasm") return { ...localComputer(testedWhenUsed(await startWasm([])), reference), multiplier };
  return localComputer(reference, reference);
}

expose({
  async configure(setup, onEvent) {
    report = onEvent;
    computer = await computerFor(setup);
  },
  async run(run) {
    const state = { controller: new AbortController(), early: false };
    running.set(run.id, state);
    const before = turn;
    let over: () => void = () => {};
    turn = new Promise((resolve) => {
      over = resolve;
    });
    // Events travel on a port of their own: the run must not look over before the page has heard them all.
    const heard: (void | Promise<void>)[] = [];
    const tell = (event: ScanEvent) => heard.push(report(event));
    const counter = new ByteCounter((a, b) => tell({ kind: "bytes", run: run.id, a, b }));
    try {
      await before;
      // It may be set up anew while a run that nobody wants any more comes to its end.
      const mine = computer;
      if (!state.early)
        await scanRun(run, mine, {
          signal: state.controller.signal,
          endEarly: () => state.early,
          onBytes: (side, bytes) => counter.add(side, bytes),
          onWait: (wait) => {
            const request = requests++;
            tell({ kind: "wait", run: run.id, request, wait });
            return () => tell({ kind: "wait", run: run.id, request, wait: null });
          },
          onSegment: (segment, stats, deltas) => {
            counter.flush();
            const { position } = segment;
            const engine = mine.engineFor(segment);
            tell({ kind: "segment", run: run.id, position, stats, engine, ...(deltas ? { deltas } : {}) });
          },
        });
    } catch (error) {
      // Whether and when to go on after a failure is the page's to say.
      for (const behind of running.values()) behind.early = true;
      throw error;
    } finally {
      over();
      counter.flush();
      await Promise.all(heard);
      running.delete(run.id);
    }
  },
  async finishEarly(run) {
    const state = running.get(run);
    if (state) state.early = true;
  },
  async cancel(run) {
    running.get(run)?.controller.abort();
  },
  async hurry() {
    hurry();
  },
} satisfies ScanWorkerApi);
