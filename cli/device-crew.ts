import { createReferenceEngine } from "../src/kernels/reference/reference-engine.ts";
import { startMultiplier } from "../src/kernels/wasm/start-multiplier.ts";
import { startDawn } from "../src/kernels/wgsl/start-dawn.ts";
import { inProcessWorkers } from "../src/reading/in-process-workers.ts";
import { localComputer } from "../src/reading/stretch-computer.ts";
import { BadInput } from "./bad-input.ts";
import type { Crew } from "./crew.ts";

/** Runs under way at once: while one is computed others are read. */
const RUNS = 4;

/** The graphics card of this machine. Rejects with `BadInput` where there is none that serves. */
export async function deviceCrew(): Promise<Crew> {
  const reference = createReferenceEngine();
  // Asked for by name, even a software adapter serves.
  const { engine, report, close } = await startDawn(() => import("webgpu"), reference, true);
  if (!engine) throw new BadInput(`The engine wgsl cannot serve here. ${report.description}`);
  let multiplier: ReturnType<typeof startMultiplier> | null = null;
  const computer = {
    ...localComputer(engine, reference),
    multiplier: () => {
      multiplier ??= startMultiplier();
      return multiplier;
    },
  };
  return {
    begin: inProcessWorkers(RUNS, computer),
    async end() {
      engine.close();
      close();
    },
  };
}
