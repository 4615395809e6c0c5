import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** `--name: light-dark(#light, #dark)` of the stylesheet. */
const colours = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name,
    { light, dark },
  ]),
);

/** Contrast ratio of two opaque sRGB colours, 1 to 21 (WCAG 2.2, "contrast ratio" and "relative luminance"). */
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((p, q) => p - q) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function colour(name: string, theme: "light" | "dark"): string {
  const found = colours.get(name);
  if (!found) throw new Error(`tokens.css has no colour --${name}`);
  return found[theme] as string;
}

const surfaces = ["bg", "panel", "hover", "hi", "accent-soft", "error-soft"];
const readings = [
  ...["ink", "ink2", "ink3", "accent", "warm", "error"].flatMap((text) =>
    surfaces.map((surface) => ({ text, surface, least: 4.5 })),
  ),
  { text: "on-ink", surface: "ink", least: 4.5 },
  { text: "on-accent", surface: "accent", least: 4.5 },
  // Not text: the ring of what is focused or selected, beside what it surrounds.
  { text: "accent", surface: "track", least: 3 },
  { text: "warm", surface: "track", least: 3 },
];

for (const theme of ["light", "dark"] as const) {
  test.each(readings)(`${theme}: --$text on --$surface is at least $least:1`, ({ text, surface, least }) => {
    expect(contrast(colour(text, theme), colour(surface, theme))).toBeGreaterThanOrEqual(least);
  });
}

test("the contrast formula gives the ratios the standard names", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 6);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

test("the type scale is the five sizes of the house", () => {
  const sizes = [...css.matchAll(/--t\d:\s*([\d.]+)px/g)].map(([, size]) => Number(size));
  expect(sizes).toEqual([11, 12.5, 14, 17, 20]);
});

test("the system's wish and the person's choice both reach the colours", () => {
  expect(css).toMatch(/:root \{\s*color-scheme: light dark;/);
  expect(css).toMatch(/:root\[data-theme="light"\] \{\s*color-scheme: light;/);
  expect(css).toMatch(/:root\[data-theme="dark"\] \{\s*color-scheme: dark;/);
  expect(css).toMatch(/prefers-reduced-motion: reduce\) \{\s*:root \{\s*--motion-1: 0ms;\s*--motion-2: 0ms;/);
});
