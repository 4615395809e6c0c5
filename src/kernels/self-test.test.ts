import { describe, expect, test } from "vitest";
import type { Engine, Stretch } from "./engine.ts";
import type { PairStats } from "./pair-stats.ts";
import { createReferenceEngine } from "./reference/reference-engine.ts";
import { selfTest } from "./self-test.ts";

const reference = createReferenceEngine();

/** The reference with a fault. */
const faulty = (fault: (stats: PairStats, stretch: Stretch) => void): Engine => ({
  ...reference,
  pairStats(stretch) {
    const stats = reference.pairStats(stretch);
    fault(stats, stretch);
    return stats;
  },
});

const ENGINES: [string, Engine, { passed: boolean; reason: RegExp }][] = [
  ["the reference itself", reference, { passed: true, reason: /agrees/ }],
  [
    "one miscounted tie in one pair of dtypes",
    faulty((stats, { dtypeA, dtypeB }) => {
      if (dtypeA !== "F16" || dtypeB !== "F32" || stats.relative.positive[130] === 0) return;
      stats.relative.positive[130]--;
      stats.relative.positive[129]++;
    }),
    { passed: false, reason: /F16 against F32 gave relative\.positive\[129\]/ },
  ],
  [
    "a sum in careless float32",
    faulty((stats) => {
      stats.sumD2 *= 1 + 1e-5;
    }),
    { passed: false, reason: /sumD2/ },
  ],
  [
    "an engine that throws",
    faulty(() => {
      throw new Error("out of memory");
    }),
    { passed: false, reason: /out of memory/ },
  ],
];

describe("selfTest", () => {
  test.each(ENGINES)("%s", async (_name, engine, { passed, reason }) => {
    const result = await selfTest(engine);
    expect(result.passed).toBe(passed);
    expect(result.reason).toMatch(reason);
  });
});
