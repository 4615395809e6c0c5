import { expect, test } from "vitest";
import { weightsPlan } from "./weights-plan.ts";

test.each<[number[], string]>([
  [[0], "0 bytes in one file"],
  [[999], "999 bytes in one file"],
  [[1234], "1.23 kB in one file"],
  [[9_950_000, 50_000], "10.0 MB in 2 files"],
  [[4_976_698_672, 4_999_802_720, 4_915_916_176, 1_168_138_808], "16.1 GB in 4 files"],
  [Array.from({ length: 30 }, () => 4_700_000_000), "141 GB in 30 files"],
])("%j: %s", (sizes, plan) => {
  expect(weightsPlan(sizes.map((size, i) => ({ path: `${i}.safetensors`, size })))).toBe(plan);
});
