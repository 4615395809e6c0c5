import { describe, expect, test } from "vitest";
import type { DistributionShape } from "../../statistics/distribution-shape.ts";
import { modeMarks, modePlaces, shapeVerdict } from "./shape-verdict.ts";

const BANDWIDTH = 1 / 64;

/** A shape of normal humps: where they are, how high and how wide. */
function shapeOf(
  humps: readonly { at: number; height?: number; width?: number }[],
  rest: Partial<DistributionShape> = {},
): DistributionShape {
  const smoothed = Float64Array.from({ length: 257 }, (_, bin) =>
    humps.reduce((sum, { at, height = 100, width = 0.03 }) => {
      const from = ((bin - 128) / 128 - at) / width;
      return sum + height * Math.exp(-0.5 * from ** 2);
    }, 0),
  );
  const modes = humps.map(({ at, height = 100 }) => ({ at, height }));
  const [peakAtEnd, none] = [
    { low: false, high: false },
    { valley: null, pair: null, dip: 0 },
  ];
  return { counted: 5000, bandwidth: BANDWIDTH, smoothed, modes, peakAtEnd, ...none, ...rest };
}

const PAIR = shapeOf([{ at: -0.364 }, { at: 0.372 }], { pair: 0.368 });
const low = { peakAtEnd: { low: true, high: false } };
const both = { peakAtEnd: { low: true, high: true } };

describe("in words", () => {
  test.each<[string, DistributionShape, string, string]>([
    ["no mode", shapeOf([]), "", "No mode inside ±1"],
    ["one", shapeOf([{ at: -0.3712 }]), "−0.37", "One mode, at −0.37"],
    ["one at zero, to half a bandwidth", shapeOf([{ at: 0.007 }]), "0", "One mode, at 0"],
    ["one beside it", shapeOf([{ at: 0.009 }]), "+0.01", "One mode, at +0.01"],
    ["a mirrored pair", PAIR, "±0.37", "Two modes, at ±0.37"],
    ["two that are none", shapeOf([{ at: -0.001 }, { at: 0.4 }]), "0 and +0.40", "Two modes, at 0 and +0.40"],
    [
      "a pair about zero",
      shapeOf([{ at: -0.4 }, { at: 0 }, { at: 0.4 }], { pair: 0.4 }),
      "0 and ±0.40",
      "Three modes, at 0 and ±0.40",
    ],
    [
      "five",
      shapeOf([-0.8, -0.4, 0, 0.3, 0.8].map((at) => ({ at }))),
      "−0.80, −0.40, 0, +0.30 and +0.80",
      "5 modes, at −0.80, −0.40, 0, +0.30 and +0.80",
    ],
  ])("%s", (_, shape, places, verdict) => {
    expect([modePlaces(shape), shapeVerdict(shape)]).toEqual([places, verdict]);
  });

  test("a mode too broad for a place is said to be so, from where to where it is within a tenth of its height", () => {
    // A normal curve is at nine tenths 0.459 of its width from the middle: 0.092 either side of +0.1, and bins are 1/128 apart.
    const broad = shapeOf([{ at: 0.1, width: 0.2 }]);
    expect(shapeVerdict(broad)).toBe("One broad mode, +0.02 to +0.19");
    const [mark, ...others] = modeMarks(broad);
    expect([others.length, mark.text]).toEqual([0, "+0.02 to +0.19"]);
    expect(mark.at).toBeCloseTo(0.1, 2);
  });

  test.each([
    // From 100 to 61 a bin; a smoothed bin of h counts has a variance of h/(2√π · 2): 5 deviations are 24, then 8.
    ["a mode within the noise of its counts is none", 100, "One broad mode, −0.45 to +0.45"],
    ["the same of fewer", 10, "No mode that stands out"],
  ])("%s", (_, height, verdict) => {
    const shape = shapeOf([{ at: 0, width: 1, height }]);
    expect(shapeVerdict(shape)).toBe(verdict);
    expect(modeMarks(shape)).toHaveLength(verdict.startsWith("No") ? 0 : 1);
  });

  test("what rises again at the ends is none of the mode's", () => {
    const shape = shapeOf([{ at: 0, width: 0.1 }]);
    for (const bin of [0, 1, 255, 256]) shape.smoothed[bin] = 500;
    expect(shapeVerdict(shape)).toBe("One mode, at 0");
  });
});

describe("at the ends", () => {
  const plain = shapeOf([{ at: 0 }]);
  test.each<[string, DistributionShape, DistributionShape | null | undefined, string]>([
    ["still rising where it is cut off", { ...plain, ...low }, undefined, "One mode, at 0; still rising towards −1"],
    ["made by piling up", { ...plain, ...both }, plain, "One mode, at 0; humps at ±1 only by piling up"],
    ["made at one end", { ...plain, ...low }, plain, "One mode, at 0; a hump at −1 only by piling up"],
    ["there without, too", { ...plain, ...both }, { ...plain, ...both }, "One mode, at 0; still rising towards ±1"],
    [
      "one made, one of its own",
      { ...plain, ...both },
      { ...plain, ...low },
      "One mode, at 0; a hump at +1 only by piling up, still rising towards −1",
    ],
    [
      "a mode near the end is the end's own",
      { ...plain, ...low },
      shapeOf([{ at: -0.8 }]),
      "One mode, at 0; still rising towards −1",
    ],
    ["too little left without", { ...plain, ...both }, null, "One mode, at 0; humps at ±1 only by piling up"],
  ])("%s", (_, shape, dropped, verdict) => expect(shapeVerdict(shape, dropped)).toBe(verdict));
});
