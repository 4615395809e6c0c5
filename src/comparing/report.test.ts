import { afterEach, describe, expect, test, vi } from "vitest";
import { seededNormal } from "../statistics/pair-stats-fixture.ts";
import type { PairOutcome } from "./outcome.ts";
import { OutcomeList } from "./outcome-list.ts";
import { writeReport } from "./report.ts";
import { ShortTasks } from "./short-tasks.ts";
import { largeComparison } from "./testing/large-comparison.ts";
import { comparisonOf, outcomeOf, pairsOf } from "./testing/sample-comparison.ts";

const SIDE = 64;
const TENSORS = [0, 1].flatMap((layer) => [
  [`model.layers.${layer}.self_attn.q_proj.weight`, [SIDE, SIDE]] as const,
  [`model.layers.${layer}.self_attn.o_proj.weight`, [SIDE, SIDE]] as const,
  [`model.layers.${layer}.input_layernorm.weight`, [SIDE]] as const,
]);

/** o_proj is 0.6 of A and some noise, all else A and a little noise. Layers from `unread` on are not read. */
function sample(unread = 2) {
  const pairs = pairsOf([...TENSORS, ["model.embed_tokens.weight", [SIDE, SIDE]]]);
  const outcomes = pairs.map(({ place, count }): PairOutcome | null => {
    if ((place.layer ?? 0) >= unread) return null;
    const normal = seededNormal(count + (place.layer ?? 9));
    const a = Array.from({ length: count }, normal);
    const factor = place.module === "o_proj" ? 0.6 : 1;
    return outcomeOf(
      a,
      a.map((one) => Math.fround(factor * one + 0.05 * normal())),
    );
  });
  const comparison = comparisonOf(pairs, [
    { side: "a", name: "x", reason: "B has no tensor of this name." },
    { side: "a", name: "y", reason: "B has no tensor of this name." },
    { side: "b", name: "z", reason: "It is an integer." },
  ]);
  return [comparison, OutcomeList.of(pairs, outcomes)] as const;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a report", () => {
  test("ranks the modules, says what was found and what it rests on", async () => {
    const report = (await writeReport(...sample(), true)) ?? expect.fail();
    expect(report.modules.map(({ label, exact, layers }) => [label, exact, layers])).toEqual([
      ["o_proj", 2, 2],
      ["q_proj", 2, 2],
    ]);
    const [output, query] = report.modules;
    for (const norm of [output.mean, output.least, output.most]) expect(norm).toBeCloseTo(0.403, 2);
    expect(output.findings[0].sentence).toMatch(/^o_proj: a rescale in 2 of 2 layers, k (= 0\.60|from 0\.60 to 0\.60)/);
    expect(query.findings.map(({ kind }) => kind)).not.toContain("rescale");
    expect(report.telling?.key).toBe("o_proj");
    expect(report.outputOverQuery).toMatchObject({ output: "o_proj", query: "q_proj" });
    expect(report.outputOverQuery?.ratio).toBeCloseTo((output.mean ?? 0) / (query.mean ?? 1), 12);
    expect(report.besides.map(({ group, modules }) => [group, modules.map(({ label }) => label)])).toEqual([
      ["norm", ["input_layernorm"]],
    ]);
    expect(report.picture.headline).toMatch(/^o_proj moved most: 0\.40\d of its own norm/);
    const all = 2 * (2 * SIDE * SIDE + SIDE) + SIDE * SIDE;
    expect(report.coverage).toEqual({
      ...{ pairs: 7, exact: 7, partial: 0, identical: 0, seen: all, elements: all },
      engines: [{ engine: "reference", pairs: 7 }],
    });
    expect(report.unpaired).toEqual([
      { side: "a", count: 2, reasons: [{ reason: "B has no tensor of this name.", count: 2 }] },
      { side: "b", count: 1, reasons: [{ reason: "It is an integer.", count: 1 }] },
    ]);
  });

  test("of a scan that was stopped speaks of what was read, and says so", async () => {
    const report = (await writeReport(...sample(1), false)) ?? expect.fail();
    expect(report.picture.headline).toMatch(/, so far$/);
    expect(report.coverage).toMatchObject({ pairs: 7, exact: 4, partial: 0 });
    expect(report.modules.map(({ exact, layers }) => [exact, layers])).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(report.modules[0].findings[0].sentence).toContain("in 1 of 1 layers read, of 2 in all");
    expect(report.outputOverQuery).toBeNull();
  });

  test("of nothing read finds nothing", async () => {
    const report = (await writeReport(...sample(0), false)) ?? expect.fail();
    expect(report.modules.map(({ mean, findings }) => [mean, findings])).toEqual([
      [null, []],
      [null, []],
    ]);
    expect([report.telling, report.coverage.exact, report.coverage.engines]).toEqual([null, 0, []]);
  });

  test("is of two models", async () => {
    const comparison = comparisonOf(pairsOf(TENSORS, true));
    expect(await writeReport(comparison, new OutcomeList(comparison.pairs), true)).toBeNull();
  });

  test("of 47,644 pairs gives way after every cell and every pair", async () => {
    const { comparison, results } = largeComparison();
    const full = vi.spyOn(ShortTasks.prototype, "full", "get").mockReturnValue(true);
    const next = vi.spyOn(ShortTasks.prototype, "next").mockResolvedValue();
    const report = (await writeReport(comparison, results, true)) ?? expect.fail();
    expect(report.coverage.pairs).toBe(comparison.pairs.length);
    expect(full.mock.calls.length).toBeGreaterThan(comparison.pairs.length);
    expect(next.mock.calls.length).toBeGreaterThan(comparison.pairs.length);
  });
});
