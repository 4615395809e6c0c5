import { describe, expect, test } from "vitest";
import { seededNormal, seededRandom, statsOfArrays } from "./pair-stats-fixture.ts";
import {
  binCentre,
  RELATIVE_BINS,
  type RelativeHistogram,
  type RelativeHistogramOptions,
  relativeHistogram,
} from "./relative-histogram.ts";

/** Random pairs with zeros, unchanged weights, exact multiples, flips, large changes and values that are not finite. */
function randomPair(seed: number): [number[], number[]] {
  const normal = seededNormal(seed);
  const uniform = seededRandom(seed + 1000);
  const a: number[] = [];
  const b: number[] = [];
  for (let i = 0; i < 1500; i++) {
    const x = uniform() < 0.05 ? 0 : normal();
    const kind = Math.floor(uniform() * 8);
    const multiples = [x, Math.fround(x * 1.5), 0, -x, Math.fround(x + 0.01 * normal())];
    a.push(x);
    b.push(multiples[kind] ?? (kind === 7 && uniform() < 0.05 ? Number.NaN : Math.fround(x + normal())));
  }
  return [a, b];
}

const OPTIONS: RelativeHistogramOptions[] = (["abs", "signed"] as const).flatMap((denominator) =>
  (["bars", "drop", "pile"] as const).flatMap((beyond) =>
    (["show", "hide"] as const).map((unchanged) => ({ denominator, beyond, unchanged })),
  ),
);
const SEEDS = Array.from({ length: 6 }, (_, i) => i + 1);

/** The same histogram from the data, by rounding |t| to the nearest 1/128. */
function naive(a: number[], b: number[], { denominator, beyond, unchanged }: RelativeHistogramOptions) {
  const bins = new Array<number>(RELATIVE_BINS).fill(0);
  const outside = { below: 0, above: 0 };
  let hidden = 0;
  for (const [i, x] of a.entries()) {
    const d = Math.fround((b[i] ?? 0) - x);
    if (x === 0 || !Number.isFinite(d)) continue;
    if (d === 0 && unchanged === "hide") {
      hidden++;
      continue;
    }
    const sign = Math.sign(denominator === "abs" ? d : d * x);
    // Bins are closed at the end nearer zero, so |t|·128 rounds half up.
    const step = Math.floor((Math.abs(d) * 256 + Math.abs(x)) / (2 * Math.abs(x)));
    const bin = 128 + sign * step;
    if (bin < 0) outside.below++;
    else if (bin >= RELATIVE_BINS) outside.above++;
    else bins[bin] = (bins[bin] ?? 0) + 1;
  }
  if (beyond === "pile") {
    bins[0] = (bins[0] ?? 0) + outside.below;
    bins[256] = (bins[256] ?? 0) + outside.above;
  }
  return { bins, hidden, outside };
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe.each(OPTIONS)("$denominator, $beyond, $unchanged", (options) => {
  test.each(SEEDS)("counts are those of the data (seed %i)", (seed) => {
    const [a, b] = randomPair(seed);
    const { bins, hidden, outside } = naive(a, b, options);
    const histogram = relativeHistogram(statsOfArrays(a, b), options);
    const beyond = outside.below + outside.above;
    expect([...histogram.bins]).toEqual(bins);
    expect(histogram).toMatchObject({
      hidden,
      below: options.beyond === "bars" ? outside.below : 0,
      above: options.beyond === "bars" ? outside.above : 0,
      dropped: options.beyond === "drop" ? beyond : 0,
      piled: options.beyond === "pile" ? beyond : 0,
    });
    expect(beyond).toBeGreaterThan(0);
  });

  test.each(SEEDS)("nothing is lost (seed %i)", (seed) => {
    const [a, b] = randomPair(seed);
    const histogram = relativeHistogram(statsOfArrays(a, b), options);
    const withBase = a.filter((x, i) => x !== 0 && Number.isFinite(b[i])).length;
    expect(histogram.total).toBe(sum(histogram.bins) + histogram.below + histogram.above);
    expect(histogram.total + histogram.dropped + histogram.hidden).toBe(withBase);
  });

  test.each(SEEDS)("turning the sign of the change mirrors it (seed %i)", (seed) => {
    const [a, b] = randomPair(seed);
    // Multiples of 2^−12 of moderate size, so that a − d is as exact as a + d.
    const grid = (x: number) => Math.round(x * 2 ** 12) / 2 ** 12;
    const base = a.map(grid);
    const change = b.map((y, i) => (Number.isFinite(y) ? grid(y - (a[i] ?? 0)) : 0));
    const plus = relativeHistogram(
      statsOfArrays(
        base,
        base.map((x, i) => x + (change[i] ?? 0)),
      ),
      options,
    );
    const minus = relativeHistogram(
      statsOfArrays(
        base,
        base.map((x, i) => x - (change[i] ?? 0)),
      ),
      options,
    );
    expect([...minus.bins].reverse()).toEqual([...plus.bins]);
    expect([minus.below, minus.above]).toEqual([plus.above, plus.below]);
    expect(minus.hidden).toBe(plus.hidden);
  });
});

test("a rescale has two modes over |a| and one over a", () => {
  const next = seededNormal(5);
  const a = Array.from({ length: 2000 }, next);
  const b = a.map((x) => Math.fround(1.375 * x));
  const stats = statsOfArrays(a, b);
  const modes = ({ bins }: RelativeHistogram) =>
    [...bins.keys()].filter((bin) => (bins[bin] ?? 0) > 500).map(binCentre);
  const of = (denominator: "abs" | "signed") =>
    modes(relativeHistogram(stats, { denominator, beyond: "bars", unchanged: "show" }));
  expect(of("abs")).toEqual([-0.375, 0.375]);
  expect(of("signed")).toEqual([0.375]);
});

test("zeros on both sides are not among the unchanged that are taken out", () => {
  const stats = statsOfArrays([0, 0, 1, 1, 2], [0, 1, 1, 1, 2.001]);
  const histogram = relativeHistogram(stats, { denominator: "abs", beyond: "bars", unchanged: "hide" });
  expect(histogram.hidden).toBe(2);
  expect(histogram.total).toBe(1);
  expect(histogram.bins[128]).toBe(1);
});
