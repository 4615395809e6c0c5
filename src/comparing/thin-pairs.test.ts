import { expect, test } from "vitest";
import { pairsOf } from "./testing/sample-comparison.ts";
import { ThinPairs } from "./thin-pairs.ts";

test("a pair is the same in less room, whatever its sides are called", () => {
  const pairs = pairsOf([
    ["model.layers.0.mlp.experts.0.up_proj.weight", [2, 4]],
    ["model.layers.0.mlp.experts.1.up_proj.weight", [2, 4]],
  ]);
  const alone = pairsOf([["w.weight", [2]]], true);
  const renamed = pairs.map((pair) => ({
    ...pair,
    nameB: `b.${pair.name}`,
    b: pair.b && { ...pair.b, name: `b.${pair.name}` },
  }));
  const thin = new ThinPairs();
  for (const given of [pairs, alone, renamed]) {
    const copies = structuredClone(given).map((pair) => thin.thin(pair));
    expect(copies).toEqual(given);
    for (const { a, b } of copies) if (b) expect(b.shape).toBe(a.shape);
  }
});
