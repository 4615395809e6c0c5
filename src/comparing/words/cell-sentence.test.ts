import { expect, test } from "vitest";
import { derive } from "../../statistics/derive.ts";
import { seededNormal, statsOfArrays } from "../../statistics/pair-stats-fixture.ts";
import type { Place } from "../../taxonomy/place.ts";
import { cellSentence } from "./cell-sentence.ts";

const matrix: Place = { role: "attn.o", module: "o_proj", stack: "model.layers", layer: 12, group: "matrix" };
const bias: Place = { role: "attn.q.bias", module: "q_proj.bias", stack: "model.layers", layer: 0, group: "bias" };

const normal = (seed: number) => Array.from({ length: 20_000 }, seededNormal(seed));
const base = normal(1);
const other = normal(2);
/** The part of `other` at right angles to `base`, as long as `base` is. */
const square = (() => {
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  const along = dot(base, other) / dot(base, base);
  const rest = other.map((y, i) => y - along * (base[i] ?? 0));
  const size = Math.sqrt(dot(base, base) / dot(rest, rest));
  return rest.map((x) => x * size);
})();
/** k·base + residual·‖base‖ at right angles to it. */
const mixed = (k: number, residual: number) => base.map((x, i) => Math.fround(k * x + residual * (square[i] ?? 0)));

const CASES: Record<string, [place: Place, a: number[], b: number[], sentence: string | RegExp]> = {
  identical: [matrix, base, base, "Identical: every value is the same in A and B."],
  "identical but for NaN": [
    matrix,
    [1, 2, Number.NaN, 4],
    [1, 2, Number.NaN, 4],
    "Identical: every finite value is the same in A and B. 25.0 % of the weights are not finite and left out.",
  ],
  "nothing finite": [matrix, [Number.NaN], [1], "None of the weights is a finite number in both A and B."],
  nothing: [matrix, [], [], "Nothing read yet."],
  "mostly a rescale": [
    matrix,
    base,
    mixed(1.363, 0.071),
    "Mostly a rescale: B ≈ 1.36 · A explains 96.3 % of ‖Δ‖²; what is left is 0.0710 of ‖A‖.",
  ],
  "a rescale that shrinks": [matrix, base, mixed(0.63, 0.06), /^Mostly a rescale: B ≈ 0\.63 · A explains 97\.4 %/],
  "nothing but a rescale": [
    matrix,
    base,
    base.map((x) => 2 * x),
    "Mostly a rescale: B ≈ 2.00 · A explains 100 % of ‖Δ‖²; nothing measurable is left.",
  ],
  "a mirrored copy": [matrix, base, base.map((x) => -x), /^Mostly a rescale: B ≈ −1\.00 · A/],
  "at right angles": [
    matrix,
    base,
    mixed(1.0001, 0.05),
    "The weights moved by 0.0500 of their norm; the change is nearly at right angles to them (a rescale explains < 0.01 % of ‖Δ‖²).",
  ],
  "in between": [
    matrix,
    base,
    mixed(0.95, 0.1),
    "The weights moved by 0.112 of their norm; a rescale by 0.950 explains 20.0 % of ‖Δ‖².",
  ],
  replaced: [matrix, base, mixed(0.1, 1), /^Replaced rather than adjusted: the cosine between A and B is 0\.0995\.$/],
  "most unchanged": [
    matrix,
    base,
    base.map((x, i) => (i % 4 === 0 ? Math.fround(x + 0.01 * (square[i] ?? 0)) : x)),
    /^The weights moved by .* 75\.0 % of the weights are exactly the same in A and B\.$/,
  ],
  "a base of zeros": [bias, [0, 0], [1, 2], "All biases are zero in A, so no relative change exists."],
  "set to zero": [matrix, [1, 2], [0, 0], "All weights are zero in B."],
  "too few for a kind": [bias, [1, 2], [2, 4], "The biases moved by 1.000 of their norm."],
};

test.each(Object.entries(CASES))("%s", (_, [place, a, b, sentence]) => {
  const stats = statsOfArrays(a, b);
  const said = cellSentence(place, derive(stats), stats);
  if (typeof sentence === "string") expect(said).toBe(sentence);
  else expect(said).toMatch(sentence);
});
