import { expect, test } from "vitest";
import { comparisonOf, pairsOf } from "../comparing/testing/sample-comparison.ts";
import { sectionOf, text } from "../permalink/section.ts";
import { put } from "../permalink/shelf.ts";
import { fitViews, rankOf, type Slice, viewOf, wantsOthers } from "./slice.ts";
import { SAMPLE, SAMPLE_SECTION } from "./testing/sample-instrument.ts";

const COMPARISON = comparisonOf(
  pairsOf([
    ["first.weight", [4, 4]],
    ["second.weight", [4, 4]],
  ]),
);
const idle = sectionOf<{ note: string }>("idle", { note: text("") }, { undone: [], typed: [] });
const IDLE: Slice<{ note: string }, null> = {
  ...{ id: "idle", section: idle, defaults: null, wants: null },
  fit: (view) => view,
};
const SLICES: readonly Slice[] = [IDLE, SAMPLE];

const state = (at: string | null, instrument = "sample") => ({
  ...{ instrument, comparison: COMPARISON },
  views: put({}, SAMPLE_SECTION, { ...SAMPLE_SECTION.defaults, at }),
});
const ranks = (rank: (pair: number) => number) => [0, 1].map(rank);

test("the open instrument says what is read first, or the first that has a wish", () => {
  expect(ranks(rankOf(SLICES, state("second.weight")))).toEqual([1, 0]);
  expect(ranks(rankOf(SLICES, state("first.weight", "idle")))).toEqual([0, 1]);
  expect(ranks(rankOf([IDLE], state("first.weight")))).toEqual([0, 0]);
  expect(ranks(rankOf(SLICES, { ...state("first.weight"), comparison: null }))).toEqual([0, 0]);
});

test("other pairs are wanted where what the wish depends on has changed", () => {
  const before = state("first.weight");
  const typed = {
    ...before,
    views: put(before.views, SAMPLE_SECTION, { tint: "deep", at: "first.weight", find: "x" }),
  };
  expect(wantsOthers(SLICES, before, typed)).toBe(false);
  expect(wantsOthers(SLICES, before, state("second.weight"))).toBe(true);
  expect(wantsOthers([IDLE], before, state("second.weight"))).toBe(false);
});

test("every view is fitted, and what has none yet is as usual", () => {
  const views = fitViews(SLICES, put({}, SAMPLE_SECTION, { tint: "deep", at: "nothing", find: "x" }), COMPARISON);
  expect(viewOf({ views }, SAMPLE_SECTION)).toEqual({ tint: "deep", at: null, find: "x" });
  expect(viewOf({ views }, idle)).toEqual({ note: "" });
});
