import type { SelfTestResult } from "./choose-engine.ts";
import { contractBreaches } from "./compare-stats.ts";
import type { Engine } from "./engine.ts";
import { type Hardness, hardPairs } from "./hard-pairs.ts";
import { NARROW_FLOATS } from "./narrow-float.ts";
import { BLOCK_ELEMENTS } from "./pair-stats.ts";
import { createReferenceEngine } from "./reference/reference-engine.ts";

/** Blocks of each dtype pair. Nine pairs together meet every kind of hard block several times; the odd end is on purpose. */
const STRETCHES: [Hardness, number][] = [
  ["plain", 3 * BLOCK_ELEMENTS + 5],
  ["extreme", BLOCK_ELEMENTS + 1],
];

/**
 * Holds `engine` against the reference on hard pairs of all nine pairs of narrow floats: equal in every count, sums
 * within the contract's tolerance. Some 75,000 pairs. Never rejects; an engine that throws has failed.
 */
export async function selfTest(engine: Engine): Promise<SelfTestResult> {
  const reference = createReferenceEngine();
  let seed = 0;
  for (const dtypeA of NARROW_FLOATS) {
    for (const dtypeB of NARROW_FLOATS) {
      for (const [hardness, count] of STRETCHES) {
        seed += 1;
        const stretch = hardPairs(dtypeA, dtypeB, seed, count, hardness);
        try {
          const [breach] = contractBreaches(await engine.pairStats(stretch), reference.pairStats(stretch));
          if (breach) return { passed: false, reason: `${dtypeA} against ${dtypeB} gave ${breach}.` };
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          return { passed: false, reason: `${dtypeA} against ${dtypeB} did not finish: ${reason}` };
        }
      }
    }
  }
  return { passed: true, reason: "It agrees with the reference on hard pairs of every dtype." };
}
