import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { type Inspection, inspect } from "../../comparing/inspection.ts";
import { OutcomeList } from "../../comparing/outcome-list.ts";
import { comparisonOf, outcomeOf, pairsOf } from "../../comparing/testing/sample-comparison.ts";
import { seededNormal } from "../../statistics/pair-stats-fixture.ts";
import { Findings } from "./findings.tsx";

const NAME = "model.layers.0.self_attn.o_proj.weight";
const normal = seededNormal(2);
const A = Array.from({ length: 4000 }, normal);

/** The tensor with B = change(A), of which `coverage` has been read; alone where there is no change. */
function look(change: ((a: number) => number) | null, coverage = 1): Inspection {
  const pairs = pairsOf([[NAME, [A.length]]], change === null);
  const list = OutcomeList.of(pairs, [
    outcomeOf(
      A,
      A.map((a) => Math.fround(change ? change(a) : a)),
      coverage,
    ),
  ]);
  const inspection = inspect(comparisonOf(pairs), list, NAME);
  if (!inspection) throw new Error("The tensor is there.");
  return inspection;
}

const written = (inspection: Inspection) => renderToStaticMarkup(<Findings inspection={inspection} />);
const halved = (a: number) => a / 2;

test("what was read in full is said as it is, a share with its sign on one line", () => {
  const html = written(look(halved));
  expect(html).toContain("<b>rescale</b><p>Mostly a rescale: B ≈ 0.50 · A explains 100\u00a0% of ‖Δ‖²");
  expect(html).not.toContain("So far");
});

test("what is said of a part is said to be of a part", () => {
  const html = written(look(halved, 0.5));
  expect(html.indexOf("So far, from the part that has been read:")).toBeGreaterThan(0);
  expect(html.indexOf("So far")).toBeLessThan(html.indexOf("Mostly a rescale"));
});

test("nothing is said of a model alone", () => {
  expect(written(look(null))).toBe("");
});
