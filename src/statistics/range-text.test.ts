import { expect, test } from "vitest";
import { formatNumber, formatPercent } from "./format-number.ts";
import { rangeText } from "./range-text.ts";

const CASES: [values: number[], format: (value: number) => string, unit: string, text: string][] = [
  [[0.63, 0.61, 0.62], formatNumber, "", "0.610 to 0.630"],
  [[0.61], formatNumber, "", "0.610"],
  [[0.37004, 0.36996], formatNumber, "", "0.370"],
  [[0.88, 0.5], formatPercent, " %", "50.0 to 88.0 %"],
  [[0.5, 0.5], formatPercent, " %", "50.0 %"],
  [[0, 0.00001], formatPercent, " %", "0 to < 0.01 %"],
  [[-0.2, 0.1], formatNumber, "", "−0.200 to 0.100"],
  [[], formatNumber, "", ""],
];

test.each(CASES)("%j", (values, format, unit, text) => {
  expect(rangeText(values, format, unit)).toBe(text);
});
