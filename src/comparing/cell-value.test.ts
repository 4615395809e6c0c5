import { expect, it, vi } from "vitest";
import type { Lattice } from "../statistics/lattice.ts";
import { type Metric, metricById } from "../statistics/metrics.ts";
import { seededNormal } from "../statistics/pair-stats-fixture.ts";
import { cellValue } from "./cell-value.ts";
import type { CellOutcome } from "./outcome.ts";
import { OutcomeList } from "./outcome-list.ts";
import { outcomeOf, pairsOf } from "./testing/sample-comparison.ts";

const [PAIR] = pairsOf([["model.layers.0.self_attn.o_proj.weight", [64, 64]]]);
const normal = seededNormal(3);
const BASE = Array.from({ length: PAIR.count }, normal);
/** Steps of half of each weight, up or down. */
const TUNED = BASE.map((a, i) => a * (i % 2 === 0 ? 1.5 : 0.5) * (1 + 0.02 * normal()));

const outcomeWith = (tuned: readonly number[]): CellOutcome => {
  const outcome = OutcomeList.of([PAIR], [outcomeOf(BASE, [...tuned])]).pooled([0]);
  if (!outcome) throw new Error("It was read.");
  return outcome;
};
const metricOf = (id: string): Metric => metricById(id) ?? expect.fail(`There is a metric ${id}.`);

it("is what the metric says, of sums and of histograms", () => {
  const outcome = outcomeWith(TUNED);
  expect(cellValue(metricOf("relative"), outcome, PAIR)).toBeCloseTo(0.5, 2);
  expect(cellValue(metricOf("valley"), outcome, PAIR)).toBeGreaterThan(0.9);
  expect(cellValue(metricOf("dip"), outcome, PAIR)).toBeGreaterThan(0.1);
  expect(cellValue(metricOf("dip"), outcomeWith(BASE.map((a) => a + 0.1 * normal())), PAIR)).toBeLessThan(0.02);
});

it("does not exist where histograms are wanted and there are none", () => {
  const outcome = { ...outcomeWith(TUNED), stats: null };
  expect(cellValue(metricOf("dip"), outcome, PAIR)).toBeNull();
  expect(cellValue(metricOf("residual"), outcome, PAIR)).not.toBeNull();
});

it("works a shape out once for each outcome and metric, null included, with the lattice of the pair's dtypes", () => {
  const value = vi.fn<Metric["value"]>(() => null);
  const dip = { ...metricOf("dip"), value };
  const narrow = { ...PAIR, b: { ...PAIR.a, dtype: "F8_E4M3" } } as const;
  const [first, second] = [outcomeWith(TUNED), outcomeWith(BASE)];
  for (const outcome of [first, second, first, second]) expect(cellValue(dip, outcome, narrow)).toBeNull();
  expect(value).toHaveBeenCalledTimes(2);
  const lattice: Lattice = { dtype: "F8_E4M3", fractionBits: 3, side: "tuned" };
  expect(value).toHaveBeenLastCalledWith(second.stats, undefined, lattice);
  expect(cellValue({ ...dip, id: "valley", value: () => 0.25 }, first, narrow)).toBe(0.25);
});
