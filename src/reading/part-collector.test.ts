import { expect, it } from "vitest";
import { emptyPairStats, mergePairStats, type PairStats } from "../kernels/pair-stats.ts";
import { type PairResult, PartCollector } from "./part-collector.ts";
import { planReads } from "./read-plan.ts";
import { samplePairs } from "./testing/sample-pairs.ts";
import { seededDraw, shuffled } from "./testing/seeded-draw.ts";

const pairs = samplePairs([
  { count: 18, a: ["U8", 0, 0], b: ["U8", 0, 0] },
  { count: 4, a: ["U8", 0, 18], b: ["U8", 0, 18] },
  { count: 9, a: ["U8", 0, 22], b: ["U8", 0, 22] },
]);
const plan = planReads(pairs, 4);
const segments = [...plan];

/** What the segments of a pair add up to depends on their order: 3.1 from left to right, 4 from right to left. */
const SUMS = [1e16, 1, -1e16, 3, 0.1];

function numbersOf(position: number): PairStats {
  const draw = seededDraw(position + 1);
  const stats = emptyPairStats();
  stats.count = segments[position].count;
  stats.sumA2 = (1 + draw(1000)) / 3;
  stats.sumD = SUMS[segments[position].slice];
  stats.relative.positive[draw(259)] = stats.count;
  return stats;
}

/** Each pair's segments added from left to right. */
const expected = pairs.map((pair): PairResult => {
  const stats = emptyPairStats();
  for (const [i, segment] of segments.entries()) if (segment.pair === pair.index) mergePairStats(stats, numbersOf(i));
  return { stats, coverage: 1 };
});

it("gives the same bits in whatever order segments arrive", () => {
  for (let seed = 0; seed < 60; seed++) {
    const collector = new PartCollector(plan, pairs);
    const last: PairResult[] = [];
    for (const i of shuffled([...segments.keys()], seededDraw(seed))) {
      last[segments[i].pair] = collector.add(segments[i], { stats: numbersOf(i) });
    }
    expect(last, `seed ${seed}`).toEqual(expected);
  }
});

it("tells sums in which the order matters", () => {
  const backwards = emptyPairStats();
  for (let i = segments.length - 1; i >= 0; i--) if (segments[i].pair === 0) mergePairStats(backwards, numbersOf(i));
  expect([expected[0].stats?.sumD, backwards.sumD]).toEqual([3.1, 4]);
});

it("says what share of a pair it has seen", () => {
  const collector = new PartCollector(plan, pairs);
  const coverage = (pair: number, slice: number) => {
    const i = segments.findIndex((segment) => segment.pair === pair && segment.slice === slice);
    return collector.add(segments[i], { stats: numbersOf(i) }).coverage;
  };
  const seen = [coverage(0, 4), coverage(0, 0), coverage(1, 0), coverage(0, 2), coverage(0, 1), coverage(0, 3)];
  expect(seen).toEqual([2 / 18, 6 / 18, 1, 10 / 18, 14 / 18, 1]);
});

it("leaves the numbers it was given as they are, and hands out its own", () => {
  const collector = new PartCollector(plan, pairs);
  const given = numbersOf(0);
  const result = collector.add(segments[0], { stats: given });
  result.stats?.relative.positive.fill(7);
  const next = collector.add(segments[1], { stats: numbersOf(1) });
  expect(given).toEqual(numbersOf(0));
  expect(next.stats?.count).toBe(8);
  expect(next.stats?.relative.positive.reduce((sum, n) => sum + n)).toBe(8);
});
