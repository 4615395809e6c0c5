import { parentPort } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter";
import { readPathsBy } from "../src/bytes/path-opener.ts";
import { createReferenceEngine } from "../src/kernels/reference/reference-engine.ts";
import { testedWhenUsed } from "../src/kernels/tested-when-used.ts";
import { startMultiplier } from "../src/kernels/wasm/start-multiplier.ts";
import { startWasm } from "../src/kernels/wasm/start-wasm.ts";
import { ScanWorker } from "../src/reading/scan-worker.ts";
import { localComputer } from "../src/reading/stretch-computer.ts";
import { fileSource } from "./file-source.ts";

readPathsBy(fileSource);

const reference = createReferenceEngine();

let started: ReturnType<typeof startMultiplier> | null = null;
const multiplier = () => {
  started ??= startMultiplier();
  return started;
};

const worker = new ScanWorker(async ({ engine }) => {
  if (engine === "reference") return localComputer(reference, reference);
  return { ...localComputer(testedWhenUsed(await startWasm([])), reference), multiplier };
});

if (parentPort) expose(worker, nodeEndpoint(parentPort));
