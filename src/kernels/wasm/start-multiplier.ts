import { loadWasm } from "./load-wasm.ts";
import { createMultiplier, isExact, type Multiplier } from "./low-rank-multiplier.ts";

/** Loads the kernel for s·B·A and tests it; null where it cannot serve, since plain code gives the same numbers. */
export async function startMultiplier(): Promise<Multiplier | null> {
  try {
    const multiplier = createMultiplier(await loadWasm());
    return isExact(multiplier) ? multiplier : null;
  } catch {
    return null;
  }
}
