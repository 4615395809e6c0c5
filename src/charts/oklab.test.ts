import { expect, test } from "vitest";
import { formatHex, parseHex, toOklab, toRgb } from "./oklab.ts";

// Values from the CSS Color 4 specification's sample conversions of the sRGB primaries.
test.each([
  { hex: "#ffffff", lab: [1, 0, 0] },
  { hex: "#000000", lab: [0, 0, 0] },
  { hex: "#ff0000", lab: [0.628, 0.2249, 0.1258] },
  { hex: "#00ff00", lab: [0.8664, -0.2339, 0.1795] },
  { hex: "#0000ff", lab: [0.452, -0.0325, -0.3115] },
])("$hex in OKLab", ({ hex, lab }) => {
  toOklab(parseHex(hex)).forEach((channel, i) => {
    expect(channel).toBeCloseTo(lab[i] as number, 3);
  });
});

test.each(["#0b6e6e", "#f4f1e6", "#1e2d68", "#808080"])("%s there and back", (hex) => {
  expect(formatHex(toRgb(toOklab(parseHex(hex))))).toBe(hex);
});
