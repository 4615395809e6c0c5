import { needsFloat64 } from "../safetensors/decode.ts";
import type { Engine, EngineName, Stretch } from "./engine.ts";

/** An engine that says which one computes a stretch. */
export interface PairEngine extends Engine {
  engineFor(stretch: Pick<Stretch, "dtypeA" | "dtypeB">): EngineName;
}

/**
 * `engine` for pairs of narrow floats, `reference` for pairs with an F64 or integer side. Closing it closes both.
 * What a WGSL engine has redone by its own fallback still counts as WGSL's: the numbers are the same.
 */
export function withReferenceFor64(engine: Engine, reference: Engine): PairEngine {
  const serving = ({ dtypeA, dtypeB }: Pick<Stretch, "dtypeA" | "dtypeB">) =>
    needsFloat64(dtypeA) || needsFloat64(dtypeB) ? reference : engine;
  return {
    name: engine.name,
    engineFor: (stretch) => serving(stretch).name,
    pairStats: (stretch) => serving(stretch).pairStats(stretch),
    close() {
      for (const each of new Set([engine, reference])) each.close();
    },
  };
}
