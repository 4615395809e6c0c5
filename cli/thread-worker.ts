import { hurry } from "../src/bytes/with-retry.ts";
import { createReferenceEngine } from "../src/kernels/reference/reference-engine.ts";
import { testedWhenUsed } from "../src/kernels/tested-when-used.ts";
import { startMultiplier } from "../src/kernels/wasm/start-multiplier.ts";
import { startWasm } from "../src/kernels/wasm/start-wasm.ts";
import { ByteCounter } from "../src/reading/byte-counter.ts";
import { type StretchComputer, scanRun } from "../src/reading/scan-run.ts";
import { localComputer } from "../src/reading/stretch-computer.ts";
import type { ScanApi, ScanEvent } from "../src/reading/worker-contract.ts";

export function createThreadWorker(): ScanApi {
  const reference = createReferenceEngine();
  const running = new Map<number, { controller: AbortController; early: boolean }>();
  let computer: StretchComputer = localComputer(reference, reference);
  let turn: Promise<void> = Promise.resolve();
  let requests = 0;
  let report: (event: ScanEvent) => void | Promise<void> = () => {};
  let started: ReturnType<typeof startMultiplier> | null = null;
  const multiplier = () => {
    started ??= startMultiplier();
    return started;
  };
  return {
    async configure(setup, onEvent) {
      report = onEvent;
      computer =
        setup.engine === "wasm"
          ? { ...localComputer(testedWhenUsed(await startWasm([])), reference), multiplier }
          : localComputer(reference, reference);
    },
    async run(run) {
      const state = { controller: new AbortController(), early: false };
      running.set(run.id, state);
      const before = turn;
      let over: () => void = () => {};
      turn = new Promise((resolve) => {
        over = resolve;
      });
      const heard: (void | Promise<void>)[] = [];
      const tell = (event: ScanEvent) => heard.push(report(event));
      const counter = new ByteCounter((a, b) => tell({ kind: "bytes", run: run.id, a, b }));
      try {
        await before;
        if (!state.early)
          await scanRun(run, computer, {
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
              const engine = computer.engineFor(segment);
              tell({ kind: "segment", run: run.id, position, stats, engine, ...(deltas ? { deltas } : {}) });
            },
          });
      } catch (error) {
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
  };
}
