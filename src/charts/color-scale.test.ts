import { describe, expect, test } from "vitest";
import { diverging, sequential } from "./color-scale.ts";
import { difference, luminance, type Oklab, parseHex, toOklab } from "./oklab.ts";

const lab = (hex: string) => toOklab(parseHex(hex));
const steps = Array.from({ length: 41 }, (_, i) => i / 40);
const themes = [
  { theme: "light", page: "#fbfaf7" },
  { theme: "dark", page: "#121417" },
] as const;

const ramps = themes.flatMap(({ theme, page }) => [
  { name: `${theme} house`, page, scale: sequential([0, 1], theme) },
  { name: `${theme} ylgnbu`, page, scale: sequential([0, 1], theme, "ylgnbu") },
  { name: `${theme} above`, page, scale: diverging([0, 1], 0, theme) },
  { name: `${theme} below`, page, scale: reversed(diverging([-1, 0], 0, theme)) },
]);

function reversed(scale: (value: number) => string): (value: number) => string {
  return (value) => scale(-value);
}

describe.each(ramps)("$name", ({ page, scale }) => {
  const colours = steps.map((step) => lab(scale(step)));

  test("lightness runs one way, from near the background on", () => {
    const away = colours.map(([l]) => Math.abs(l - lab(page)[0]));
    expect(away[0]).toBeLessThan(0.09);
    for (let i = 1; i < away.length; i++) expect(away[i]).toBeGreaterThan(away[i - 1] as number);
    expect(away.at(-1)).toBeGreaterThan(0.5);
  });

  test("equal steps look equal", () => {
    const lengths = colours.slice(1).map((colour, i) => difference(colour, colours[i] as Oklab));
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    // Eight-bit channels alone make a step of this size uncertain by some 10 %.
    for (const length of lengths) expect(Math.abs(length / mean - 1)).toBeLessThan(0.25);
  });
});

describe.each(themes)("diverging, $theme", ({ theme }) => {
  test("equal distances from the centre have equal strength on both sides", () => {
    const scale = diverging([-1, 1], 0, theme);
    for (const step of steps) expect(Math.abs(lab(scale(step))[0] - lab(scale(-step))[0])).toBeLessThan(0.035);
  });

  test("a lopsided domain keeps that, about its named centre", () => {
    const wide = diverging([-2, 4], 1, theme);
    const even = diverging([-3, 3], 0, theme);
    for (const value of [-2, -0.5, 1, 2.25, 4]) expect(wide(value)).toBe(even(value - 1));
  });

  // Full dichromacy, in linear RGB. Source: Machado, Oliveira, Fernandes (2009), severity 1.
  test.each([
    {
      name: "protanopia",
      matrix: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    },
    {
      name: "deuteranopia",
      matrix: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
    },
  ])("the two sides stay apart under $name", ({ matrix }) => {
    const scale = diverging([-1, 1], 0, theme);
    for (const step of [0.3, 0.6, 1]) {
      expect(difference(seen(scale(step), matrix), seen(scale(-step), matrix))).toBeGreaterThan(0.05);
    }
  });
});

function seen(hex: string, matrix: number[]): Oklab {
  const linear = parseHex(hex).map((c) => (c / 255) ** 2.2);
  const rgb = [0, 3, 6].map((row) => linear.reduce((sum, c, i) => sum + (matrix[row + i] as number) * c, 0));
  const shown = rgb.map((c) => 255 * Math.min(1, Math.max(0, c)) ** (1 / 2.2)) as [number, number, number];
  return toOklab(shown);
}

describe.each(ramps.filter(({ name }) => /house/.test(name)))("$name: numbers in cells", ({ name }) => {
  test.each(steps)("the ink at %f reads at 4.5:1", (step) => {
    const scale = sequential([0, 1], name.startsWith("light") ? "light" : "dark");
    const y = luminance(parseHex(scale(step)));
    expect(scale.ink(step) === "white" ? 1.05 / (y + 0.05) : (y + 0.05) / 0.05).toBeGreaterThanOrEqual(4.5);
  });
});

test.each([
  { why: "beyond the domain counts as its end", domain: [1, 3], value: 99, same: 3 },
  { why: "below too", domain: [1, 3], value: -99, same: 1 },
  { why: "no number counts as the empty end", domain: [1, 3], value: Number.NaN, same: 1 },
] as const)("$why", ({ domain, value, same }) => {
  const scale = sequential(domain, "light");
  expect(scale(value)).toBe(scale(same));
});

test.each([{ domain: [2, 2] }, { domain: [Number.NaN, 1] }, { domain: [0, Number.POSITIVE_INFINITY] }] as const)(
  "the domain $domain colours everything empty",
  ({ domain }) => {
    for (const scale of [sequential(domain, "dark"), diverging([domain[0], domain[0]], domain[0], "dark")]) {
      expect(new Set([-5, 0, 2, 7].map(scale)).size).toBe(1);
      expect(scale(1)).toMatch(/^#[0-9a-f]{6}$/);
    }
  },
);

test("stops run over the domain", () => {
  const scale = sequential([2, 6], "light");
  expect(scale.stops(3)).toEqual([
    { offset: 0, color: scale(2) },
    { offset: 0.5, color: scale(4) },
    { offset: 1, color: scale(6) },
  ]);
});
