import { expect, test } from "vitest";
import { judgementTable } from "./judgement-table.mjs";

/**
 * @param {string} quantity
 * @param {string} tensors
 * @param {string} published
 * @param {number} measured
 * @param {{ anchor?: { layers: number }, agrees?: boolean, note?: string }} [more]
 * @returns {import("./judge.mjs").Judgement}
 */
const judgement = (quantity, tensors, published, measured, more = {}) => ({
  anchor: { quantity, tensors, published, tolerance: 1, source: "someone", ...more.anchor },
  ...{ measured, difference: measured - Number(published), agrees: more.agrees ?? true, note: more.note ?? "" },
});

test("measured stands beside published, one digit finer", () => {
  const text = judgementTable([
    judgement("above1e6", "*", "483814955", 483814956, { agrees: false }),
    judgement("relative-mean", "mlp.up_proj.weight", "0.0790", 0.07896, { anchor: { layers: 24 } }),
    judgement("unchanged", "*", "71.00", 71),
    judgement("largest", "lm_head.weight", "0.019", Number.NaN, { agrees: false, note: "no such tensor" }),
  ]);
  const rows = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  expect(rows.slice(2).map((cells) => cells.slice(1, -1))).toEqual([
    ["all tensors", "changed by more than 1e-6", "483,814,956", "483,814,955", "+1", "DIFFERS", "someone"],
    ["mlp.up_proj.weight × 24", "r, mean", "0.07896", "0.0790", "-0.00004", "agrees", "someone"],
    ["all tensors", "% unchanged", "71.000", "71.00", "0.000", "agrees", "someone"],
    ["lm_head.weight", "largest change", "—", "0.019", "—", "DIFFERS: no such tensor", "someone"],
  ]);
  expect(new Set(text.split("\n").map((line) => line.length)).size).toBe(1);
});
