import { NARROW_PAIRS, type NarrowPair } from "../narrow-float.ts";
import { selfTest } from "../self-test.ts";
import { loadWasm } from "./load-wasm.ts";
import { createWasmEngine, type WasmEngine } from "./wasm-engine.ts";

/**
 * Loads the kernel and tests it, on all pairs of narrow floats or on `pairs` only. Rejects with an Error whose message is a
 * sentence where it cannot serve.
 */
export async function startWasm(pairs: readonly NarrowPair[] = NARROW_PAIRS): Promise<WasmEngine> {
  const engine = createWasmEngine(await loadWasm());
  const { passed, reason } = await selfTest(engine, pairs);
  if (!passed) throw new Error(`The WebAssembly kernel failed its self-test. ${reason}`);
  return engine;
}
