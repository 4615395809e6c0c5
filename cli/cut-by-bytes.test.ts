import { expect, test } from "vitest";
import type { ReadPlan } from "../src/reading/read-plan.ts";
import { cutByBytes } from "./cut-by-bytes.ts";

/** A plan of segments of these sizes, one a pair, of one side. */
function planOf(sizes: readonly number[]): ReadPlan {
  const segments = sizes.map((size, pair) => ({
    ...{ pair, slice: 0, count: size, b: null, adapter: null },
    a: { file: 0, span: { begin: 0, end: size }, dtype: "U8" as const, from: 0 },
  }));
  const plan: Pick<ReadPlan, "length" | "at"> & Iterable<unknown> = {
    length: segments.length,
    at: (position: number) => segments[position] as ReturnType<ReadPlan["at"]>,
    [Symbol.iterator]: () => segments.values(),
  };
  return plan as ReadPlan;
}

test("parts take each segment once, in order, and about as many bytes each", () => {
  for (const sizes of [[], [0], [5], [0, 0, 0], [1, 1000, 1], Array.from({ length: 97 }, (_, i) => (i * 37) % 11)])
    for (const of of [1, 2, 3, 7, 40]) {
      const plan = planOf(sizes);
      const cuts = Array.from({ length: of }, (_, i) => cutByBytes(plan, i + 1, of));
      expect(cuts[0].from).toBe(0);
      expect(cuts.at(-1)?.to).toBe(sizes.length);
      for (const [i, { from, to }] of cuts.entries()) {
        expect(from).toBeLessThanOrEqual(to);
        if (i > 0) expect(from).toBe(cuts[i - 1].to);
        const bytes = sizes.slice(from, to).reduce((sum, size) => sum + size, 0);
        const share = sizes.reduce((sum, size) => sum + size, 0) / of;
        expect(bytes).toBeLessThanOrEqual(share + Math.max(0, ...sizes));
      }
    }
});
