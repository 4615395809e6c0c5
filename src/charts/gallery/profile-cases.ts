import { drawNormProfile, type NormProfileData, type NormProfileOptions } from "../norm-profile.ts";
import type { GalleryCase } from "./gallery-case.ts";
import { seeded } from "./seeded.ts";

const normal = seeded(9);

/** Norms about 1, as noise spreads them, but for some that are `more` times as large. */
function norms(count: number, spread: number, hot: (i: number) => number = () => 1): NormProfileData {
  const values = Float64Array.from({ length: count }, (_, i) => Math.max(0, (1 + spread * normal()) * hot(i)));
  return { values, even: { middle: 1, low: 1 - 3 * spread, high: 1 + 3 * spread }, heads: [] };
}

const heads = (count: number, size: number) =>
  Array.from({ length: count }, (_, head) => ({ at: head * size, label: `${head}` }));

function profile(
  name: string,
  note: string,
  data: NormProfileData,
  change: Partial<NormProfileOptions> = {},
): GalleryCase {
  return {
    name,
    note,
    draw: (root, width) =>
      drawNormProfile(root, data, {
        width: Math.min(width, 560),
        height: 180,
        noun: "row",
        xTitle: "row, as they lie",
        format: (value) => value.toPrecision(2),
        nameOf: (position) => `row ${position}`,
        ...change,
      }),
  };
}

const sorted = norms(4096, 0.02, (i) => 1 + 3 * Math.exp(-i / 200));
sorted.values.sort((x, y) => y - x);

export const profileCases: readonly GalleryCase[] = [
  profile("profile: noise", "All rows alike: the curve stays in the band.", norms(1536, 0.03)),
  profile("profile: heads", "One head of twelve moved most, and heads are named.", {
    ...norms(1536, 0.03, (i) => (Math.floor(i / 128) === 7 ? 2.4 : 1)),
    heads: heads(12, 128),
  }),
  profile("profile: many heads", "64 heads: every few are named.", { ...norms(8192, 0.02), heads: heads(64, 128) }),
  profile("profile: sorted", "The one that moved most first.", sorted, { xTitle: "rows, the most moved first" }),
  profile("profile: an embedding", "150,000 rows: each pixel has the range of those in it.", norms(150_000, 0.02)),
  profile("profile: few", "Eight values are one line.", norms(8, 0.2)),
  profile("profile: one", "A single row.", norms(1, 0)),
  profile("profile: nothing changed", "Every norm is zero.", {
    values: new Float64Array(64),
    even: { middle: 0, low: 0, high: 0 },
    heads: [],
  }),
  profile("profile: empty", "Nothing is read yet.", {
    values: new Float64Array(0),
    even: { middle: 0, low: 0, high: 0 },
    heads: [],
  }),
];
