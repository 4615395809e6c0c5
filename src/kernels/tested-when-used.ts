import type { Engine, Stretch } from "./engine.ts";
import { isNarrowFloat } from "./narrow-float.ts";
import type { PairStats } from "./pair-stats.ts";
import { selfTest } from "./self-test.ts";

/** An engine does not compute rightly here; the message says what it got wrong. */
export class EngineFailed extends Error {
  override readonly name = "EngineFailed";
}

/**
 * `engine`, which serves each pair of dtypes only after it has passed its self-test on it: two milliseconds each when it is
 * first asked for, instead of all 25 pairs in every worker. Where it fails, every call rejects
 * with EngineFailed.
 */
export function testedWhenUsed(engine: Engine): Engine {
  const passed = new Set<string>();
  const tests = new Map<string, Promise<void>>();

  async function test({ dtypeA, dtypeB }: Stretch, key: string): Promise<void> {
    // The engine refuses other dtypes by itself.
    if (!isNarrowFloat(dtypeA) || !isNarrowFloat(dtypeB)) return;
    const result = await selfTest(engine, [[dtypeA, dtypeB]]);
    if (!result.passed) throw new EngineFailed(`The engine “${engine.name}” failed its self-test. ${result.reason}`);
    passed.add(key);
  }

  async function firstTested(stretch: Stretch, key: string): Promise<PairStats> {
    const tested = tests.get(key) ?? test(stretch, key);
    tests.set(key, tested);
    await tested;
    return engine.pairStats(stretch);
  }

  return {
    name: engine.name,
    pairStats(stretch) {
      const key = `${stretch.dtypeA} ${stretch.dtypeB}`;
      return passed.has(key) ? engine.pairStats(stretch) : firstTested(stretch, key);
    },
    close: () => engine.close(),
  };
}
