import { describe, expect, it } from "vitest";
import { emptyPairStats, mergePairStats, type PairStats } from "../kernels/pair-stats.ts";
import { seededDraw, shuffled } from "../reading/testing/seeded-draw.ts";
import { derive } from "../statistics/derive.ts";
import { countsOf } from "../statistics/pair-numbers.ts";
import { gridOf } from "./grid.ts";
import { OutcomeList } from "./outcome-list.ts";
import { outcomeOf, pairsOf } from "./testing/sample-comparison.ts";

/** Two layers of 20 experts, which share, and two of 3, which do not. */
const PAIRS = pairsOf([
  ...[0, 1].flatMap((layer) =>
    Array.from({ length: 20 }, (_, e) => [`model.layers.${layer}.mlp.experts.${e}.up_proj.weight`, [2, 4]] as const),
  ),
  ...[0, 1].flatMap((layer) =>
    Array.from({ length: 3 }, (_, e) => [`model.layers.${layer}.mlp.experts.${e}.w1.weight`, [2, 4]] as const),
  ),
  ["model.layers.0.self_attn.o_proj.weight", [2, 4]],
]);
const CELLS = gridOf(PAIRS, "matrix").rows.flatMap((row) => row.cells.map(({ pairs }) => pairs));

/** Different elements for each pair; sums of them depend on the order of adding. */
function statsOf(index: number, elements = 8): PairStats {
  const draw = seededDraw(index + 1);
  const a = Array.from({ length: elements }, () => (draw(2001) - 1000) / 7);
  const b = a.map((value) => value * (1 + (draw(401) - 200) / 100));
  return outcomeOf(a, b).stats as PairStats;
}
const ALL = PAIRS.map(({ index }) => statsOf(index));

/** The pairs of a cell added up by index. */
function pooled(pairs: readonly number[]): PairStats {
  const sum = emptyPairStats();
  for (const pair of pairs) mergePairStats(sum, ALL[pair]);
  return sum;
}

const read = (list: OutcomeList, pair: number, stats = statsOf(pair), coverage = 1) =>
  list.set(pair, { stats, coverage, engine: "wasm" });

describe("the numbers of every pair", () => {
  it("are those of its PairStats, shared histograms or not", () => {
    const list = new OutcomeList(PAIRS);
    expect([...list]).toEqual(PAIRS.map(() => null));
    for (const { index } of PAIRS) read(list, index);
    for (const { index } of PAIRS) {
      const { relative, magnitude, ...sums } = ALL[index];
      expect(list.numbers(index)).toEqual({ ...sums, counts: countsOf(ALL[index]) });
      expect(derive(list.numbers(index) ?? expect.fail())).toEqual(derive(ALL[index]));
      const stats = list.sharesHistograms(index) ? list.numbers(index) : ALL[index];
      expect(list.at(index)).toEqual({ stats, coverage: 1, engine: "wasm" });
    }
    expect(PAIRS.filter(({ index }) => list.sharesHistograms(index))).toHaveLength(40);
  });

  it("are pooled to the same bits in whatever order they arrive", () => {
    for (let seed = 0; seed < 20; seed++) {
      const list = new OutcomeList(PAIRS);
      const draw = seededDraw(seed);
      for (const { index } of shuffled(PAIRS, draw)) {
        if (draw(2) === 0) read(list, index, statsOf(index, 3), 3 / 8);
        // A cell that was drawn before is brought up to date.
        list.pooled(CELLS[draw(CELLS.length)]);
        read(list, index);
      }
      for (const cell of CELLS) {
        expect(list.pooled(cell)?.stats, `seed ${seed}`).toEqual(pooled(cell));
        expect(list.pooled(cell)?.state).toBe("exact");
      }
    }
  });

  it("say how far a cell is", () => {
    const list = new OutcomeList(PAIRS);
    expect(list.pooled(CELLS[0])).toBeNull();
    const [first, ...others] = CELLS.find((cell) => cell.length === 20) ?? expect.fail();
    const cell = [first, ...others];
    read(list, first, statsOf(first, 2), 0.25);
    expect(list.pooled(cell)).toMatchObject({ state: "partial", stats: { count: 2 } });
    for (const pair of others) read(list, pair);
    expect(list.pooled(cell)?.state).toBe("partial");
    read(list, first);
    expect(list.pooled(cell)).toMatchObject({ state: "exact", stats: { count: 160 } });
    expect(list.pooled(cell)).toBe(list.pooled(cell));
  });

  it("are not counted twice where a pair is read again", () => {
    const list = new OutcomeList(PAIRS);
    for (const { index } of PAIRS) read(list, index);
    for (const { index } of PAIRS) read(list, index);
    for (const cell of CELLS) expect(list.pooled(cell)?.stats).toEqual(pooled(cell));
  });
});

describe("a close look", () => {
  it("gives an expert its histograms for a while, and changes no cell", () => {
    const list = new OutcomeList(PAIRS);
    for (const { index } of PAIRS) read(list, index);
    for (let pair = 0; pair < 9; pair++) {
      expect(list.pooled([pair])?.stats).toBeNull();
      list.keepCloseLook(pair, ALL[pair]);
      expect(list.pooled([pair])?.stats).toEqual(ALL[pair]);
    }
    // The last eight are held.
    expect(list.full(0)).toBeNull();
    expect(list.full(1)).toEqual(ALL[1]);
    for (const cell of CELLS) expect(list.pooled(cell)?.stats).toEqual(pooled(cell));
  });
});

describe("identical pairs", () => {
  const identicalIn = (...indices: number[]) =>
    PAIRS.map((pair) => (indices.includes(pair.index) ? { ...pair, identical: true as const } : pair));

  it("are exact from the beginning, without numbers that nobody read", () => {
    const list = new OutcomeList(identicalIn(46));
    expect(list.at(46)).toEqual({ stats: null, coverage: 1, engine: null, identical: true });
    expect(list.pooled([46])).toMatchObject({ state: "exact", identical: true, stats: null });
    expect(derive(list.numbers(46) ?? expect.fail())).toMatchObject({
      ...{ normD: 0, relativeNorm: 0, k: 1, rescale: 0, cosine: 1, shareChanged: 0, residual: 0 },
      ...{ normA: null, normB: null, rmsA: null },
    });
  });

  it("take part in their cell with what is known of them", () => {
    const cell = CELLS.find((pairs) => pairs.length === 20) ?? expect.fail();
    const list = new OutcomeList(identicalIn(cell[0]));
    for (const pair of cell.slice(1)) read(list, pair);
    const outcome = list.pooled(cell) ?? expect.fail();
    const numbers = derive(outcome.numbers);
    const others = pooled(cell.slice(1));
    expect([outcome.state, outcome.identical]).toEqual(["exact", undefined]);
    expect([numbers.normD, numbers.normA, numbers.relativeNorm]).toEqual([Math.sqrt(others.sumD2), null, null]);
    expect(numbers.shareChanged).toBe((others.count - others.unchanged) / (others.count + 8));
    expect(outcome.stats?.relative).toEqual(others.relative);
  });

  it("keep what was read of A", () => {
    const list = new OutcomeList(identicalIn(46));
    const stats = outcomeOf([3, 4], [3, 4]).stats as PairStats;
    list.set(46, { stats, coverage: 1, engine: "wasm" });
    expect(list.at(46)).toEqual({ stats, coverage: 1, engine: "wasm", identical: true });
    expect(derive(list.numbers(46) ?? expect.fail())).toMatchObject({ normA: 5, relativeNorm: 0 });
  });
});
