import type { SelfTestResult } from "./choose-engine.ts";
import { contractBreaches } from "./compare-stats.ts";
import type { Engine, Stretch } from "./engine.ts";
import { type Hardness, hardPairs } from "./hard-pairs.ts";
import { NARROW_FLOATS } from "./narrow-float.ts";
import { BLOCK_ELEMENTS } from "./pair-stats.ts";
import { createReferenceEngine } from "./reference/reference-engine.ts";

/** Blocks of each dtype pair. Nine pairs together meet every kind of hard block several times; the odd end is on purpose. */
const STRETCHES: [Hardness, number][] = [
  ["plain", 3 * BLOCK_ELEMENTS + 5],
  ["extreme", BLOCK_ELEMENTS + 1],
];

/** What `engine` gets wrong on one stretch, in a sentence; null where it is right. */
async function fault(engine: Engine, reference: Engine, stretch: Stretch): Promise<string | null> {
  const pair = `${stretch.dtypeA} against ${stretch.dtypeB}`;
  try {
    const [breach] = contractBreaches(await engine.pairStats(stretch), await reference.pairStats(stretch));
    return breach ? `${pair} gave ${breach}.` : null;
  } catch (error) {
    return `${pair} did not finish: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * Holds `engine` against the reference on hard pairs of all nine pairs of narrow floats: equal in every count, sums
 * within the contract's tolerance. Some 75,000 pairs. Never rejects; an engine that throws has failed.
 */
export async function selfTest(engine: Engine): Promise<SelfTestResult> {
  const reference = createReferenceEngine();
  const stretches = NARROW_FLOATS.flatMap((dtypeA) =>
    NARROW_FLOATS.flatMap((dtypeB) => STRETCHES.map(([hardness, count]) => ({ dtypeA, dtypeB, hardness, count }))),
  ).map(({ dtypeA, dtypeB, hardness, count }, seed) => hardPairs(dtypeA, dtypeB, seed, count, hardness));
  // All at once, so that a GPU's driver can compile for several dtypes at a time.
  const faults = await Promise.all(stretches.map((stretch) => fault(engine, reference, stretch)));
  const first = faults.find((each) => each !== null);
  if (first) return { passed: false, reason: first };
  return { passed: true, reason: "It agrees with the reference on hard pairs of every dtype." };
}
