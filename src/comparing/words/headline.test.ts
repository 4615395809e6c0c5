import { describe, expect, test } from "vitest";
import type { MetricId } from "../../statistics/metric-id.ts";
import { metricById } from "../../statistics/metrics.ts";
import { headline } from "./headline.ts";

type Case = [metric: MetricId, rows: Record<string, number | null>, sentence: string];

/** Means of published relative norms (modeldelta reports) where the numbers look like it. */
const COMPLETE: Record<string, Case> = {
  "R1-Distill 1.5B": [
    "relative",
    {
      q_proj: 0.1886,
      k_proj: 0.1838,
      v_proj: 0.1164,
      o_proj: 0.3743,
      gate_proj: 0.1708,
      up_proj: 0.1512,
      down_proj: 0.156,
    },
    "o_proj moved most: 0.374 of its own norm, twice q_proj",
  ],
  "R1-Distill 32B: O/Q is 5.3": [
    "relative",
    { q_proj: 0.0758, k_proj: 0.0735, v_proj: 0.0605, o_proj: 0.4041, gate_proj: 0.0722 },
    "o_proj moved most: 0.404 of its own norm, 5.3 × q_proj",
  ],
  "s1-32B: nothing stands out": [
    "relative",
    { q_proj: 0.0058, k_proj: 0.0055, v_proj: 0.0048, o_proj: 0.0053, gate_proj: 0.0054 },
    "All modules moved about alike: 0.00480–0.00580 of their norm",
  ],
  "QwQ-32B: two nearly equal rows lead": [
    "relative",
    { q_proj: 0.0288, k_proj: 0.0278, v_proj: 0.0226, gate_proj: 0.0279 },
    "q_proj and gate_proj moved most: 0.0288 and 0.0279 of their norm",
  ],
  "within a tenth": [
    "relative",
    { q_proj: 0.025, k_proj: 0.027, v_proj: 0.029 },
    "All modules moved about alike: 0.0250–0.0290 of their norm",
  ],
  "two rows alike": [
    "norm",
    { q_proj: 5, k_proj: 5.1 },
    "Both modules moved about alike: ‖Δ‖ = 5.000–5.100 on average",
  ],
  "all the same to the digit": [
    "relative",
    { a: 0.3, b: 0.3, c: 0.3 },
    "All modules moved about alike: 0.300 of their norm",
  ],
  "a small lead": ["relative", { a: 0.3, b: 0.25, c: 0.1 }, "a moved most: 0.300 of its own norm, 1.2 × b"],
  "a large lead": ["relative", { a: 0.3, b: 0.02 }, "a moved most: 0.300 of its own norm, 15 × b"],
  "a huge lead": ["relative", { a: 0.3, b: 0.0002 }, "a moved most: 0.300 of its own norm, more than 100 × b"],
  "only one moved": [
    "relative",
    { a: 0.3, b: 0, c: 0 },
    "a moved most: 0.300 of its own norm; all other rows are zero",
  ],
  "a rescale in one module": [
    "share",
    { q_proj: 0.05, o_proj: 0.974 },
    "o_proj moved most along itself: a rescale explains 97.4 % of ‖Δ‖², 19 × q_proj",
  ],
  "what a rescale leaves": [
    "residual",
    { q_proj: 0.19, o_proj: 0.06 },
    "q_proj moved most beside a rescale: 0.190 of its own norm, 3.2 × o_proj",
  ],
  "signs of Gaussian changes": [
    "energy",
    { q_proj: 0.636, o_proj: 0.637 },
    "Both modules have about equally even steps: the signs keep 63.6–63.7 % of ‖Δ‖²",
  ],
  "one module with two modes": [
    "dip",
    { q_proj: 0.0004, o_proj: 0.107 },
    "o_proj is farthest from one mode: dip 0.107 on average, more than 100 × q_proj",
  ],
  "dips of one mode are not compared": [
    "dip",
    { q_proj: 0.0004, o_proj: 0.0002 },
    "No module is far from one mode: dip 0.000400 at most",
  ],
  "one valley": [
    "valley",
    { q_proj: 0, o_proj: 0.94 },
    "Deepest valley between two modes: o_proj, 94.0 % on average; all other rows are zero",
  ],
  "no valley": ["valley", { q_proj: 0, o_proj: 0 }, "No distribution drawn here has two modes"],
  "one row": ["relative", { a: 0.3 }, "a moved by 0.300 of its own norm"],
  "rows without a value do not count": [
    "relative",
    { a: 0.3, b: null, c: 0.1 },
    "a moved most: 0.300 of its own norm, 3.0 × c",
  ],
  nothing: ["relative", { a: 0, b: 0 }, "Nothing changed: every weight drawn here is the same in A and B"],
  "no values": ["relative", { a: null }, "‖Δ‖ / ‖A‖ does not exist for any of these weights"],
  norm: ["norm", { q_proj: 10.5, o_proj: 21.84 }, "o_proj moved most: ‖Δ‖ = 21.84 on average, twice q_proj"],
  "a rescale that shrinks": [
    "rescale",
    { q_proj: -0.04, o_proj: -0.3716 },
    "o_proj was rescaled most: k − 1 = −0.372, 9.3 × q_proj",
  ],
  "a rescale among rows of both signs": [
    "rescale",
    { q_proj: -0.1, o_proj: 0.36 },
    "o_proj was rescaled most: k − 1 = +0.360, against −0.100 in q_proj",
  ],
  "alike in size but not in sign": [
    "rescale",
    { q_proj: -0.1, k_proj: 0.1 },
    "q_proj and k_proj were rescaled most: k − 1 = −0.100 and +0.100",
  ],
  "rescaled alike": [
    "rescale",
    { a: -0.05, b: -0.046, c: -0.048 },
    "All modules were rescaled about alike: k − 1 = −0.0500 to −0.0460",
  ],
  "not rescaled": ["rescale", { a: 0, b: 0 }, "No module was rescaled: k is 1 throughout"],
  changed: [
    "changed",
    { q_proj: 0.12, k_proj: 0.1, v_proj: 0.02 },
    "q_proj changed most: 12.0 % of its weights, 1.2 × k_proj",
  ],
  "changed alike": [
    "changed",
    { a: 0.979, b: 0.977, c: 0.982 },
    "All modules changed about alike: 97.7–98.2 % of their weights",
  ],
  "one model alone": [
    "normA",
    { q_proj: 25, down_proj: 38.2 },
    "Largest norm: down_proj, 38.20 on average, 1.5 × q_proj",
  ],
  "one model of zeros": ["normA", { q_proj: 0 }, "Every weight drawn here is zero"],
};

const say = (metric: MetricId, rows: Record<string, number | null>, complete: (i: number) => boolean) => {
  const found = metricById(metric);
  if (!found) throw new Error(metric);
  return headline(
    Object.entries(rows).map(([module, value], i) => ({ module, value, complete: complete(i) })),
    found,
  );
};

describe("complete", () => {
  test.each(Object.entries(COMPLETE))("%s", (_, [metric, rows, sentence]) => {
    expect(say(metric, rows, () => true)).toBe(sentence);
  });
});

const PARTIAL: Record<string, Case> = {
  "a lead": ["relative", { a: 0.3, b: 0.1 }, "a moved most: 0.300 of its own norm, 3.0 × b, so far"],
  alike: ["changed", { a: 0.5, b: 0.5 }, "Both modules changed about alike: 50.0 % of their weights, so far"],
  "nothing has changed yet": ["relative", { a: 0, b: null }, "No change found, so far"],
  "no rescale yet": ["rescale", { a: 0, b: null }, "No rescale found, so far"],
  "nothing is read yet": ["norm", { a: null, b: null }, "Nothing read yet"],
};

describe("incomplete", () => {
  test.each(Object.entries(PARTIAL))("%s", (_, [metric, rows, sentence]) => {
    expect(say(metric, rows, (i) => i === 0)).toBe(sentence);
  });
});
