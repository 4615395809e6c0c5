import type { SelfTestResult } from "./choose-engine.ts";
import { contractBreaches } from "./compare-stats.ts";
import type { Engine, Stretch } from "./engine.ts";
import { HARD_KINDS, type Hardness, hardPairs } from "./hard-pairs.ts";
import { NARROW_PAIRS, type NarrowFloat, type NarrowPair } from "./narrow-float.ts";
import { BLOCK_ELEMENTS } from "./pair-stats.ts";
import { createReferenceEngine } from "./reference/reference-engine.ts";

/** Elements of each kind of hard pairs; an odd number, so that every engine has an end to take care of. */
const OF_EACH_KIND = 123;

/** Every kind for one pair of dtypes, and one stretch that is longer than a block. */
function stretchesOf(dtypeA: NarrowFloat, dtypeB: NarrowFloat, position: number): Stretch[] {
  const ofEachKind = (hardness: Hardness) =>
    Array.from({ length: HARD_KINDS[hardness] }, (_, kind) =>
      hardPairs(dtypeA, dtypeB, kind + position * HARD_KINDS[hardness], OF_EACH_KIND, hardness),
    );
  return [...ofEachKind("plain"), ...ofEachKind("extreme"), hardPairs(dtypeA, dtypeB, position, BLOCK_ELEMENTS + 99)];
}

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
 * Holds `engine` against the reference on hard pairs of every kind, for all pairs of narrow floats or for `pairs` only:
 * equal in every count, sums within the contract's tolerance. Some 4,000 elements and two milliseconds for each pair of
 * dtypes. Never rejects; an engine that throws has failed.
 */
export async function selfTest(engine: Engine, pairs: readonly NarrowPair[] = NARROW_PAIRS): Promise<SelfTestResult> {
  const reference = createReferenceEngine();
  const stretches = pairs.flatMap(([dtypeA, dtypeB], position) => stretchesOf(dtypeA, dtypeB, position));
  // All at once, so that a GPU is kept busy.
  const faults = await Promise.all(stretches.map((stretch) => fault(engine, reference, stretch)));
  const first = faults.find((each) => each !== null);
  if (first) return { passed: false, reason: first };
  const which = pairs === NARROW_PAIRS ? "every dtype" : "the dtypes at hand";
  return { passed: true, reason: `It agrees with the reference on hard pairs of ${which}.` };
}
