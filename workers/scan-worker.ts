import { expose, wrap } from "comlink";
import { createReferenceEngine } from "../src/kernels/reference/reference-engine.ts";
import { testedWhenUsed } from "../src/kernels/tested-when-used.ts";
import { startMultiplier } from "../src/kernels/wasm/start-multiplier.ts";
import { startWasm } from "../src/kernels/wasm/start-wasm.ts";
import { ScanWorker } from "../src/reading/scan-worker.ts";
import { localComputer } from "../src/reading/stretch-computer.ts";
import type { ComputeApi } from "../src/reading/worker-contract.ts";
import { deviceComputer } from "../src/workforce/device-computer.ts";

const reference = createReferenceEngine();

let started: ReturnType<typeof startMultiplier> | null = null;
const multiplier = () => {
  started ??= startMultiplier();
  return started;
};

expose(
  new ScanWorker(async (setup) => {
    if (setup.engine === "wgsl") return { ...deviceComputer(wrap<ComputeApi>(setup.device), reference), multiplier };
    if (setup.engine === "wasm")
      return { ...localComputer(testedWhenUsed(await startWasm([])), reference), multiplier };
    return localComputer(reference, reference);
  }),
);
