import { expect, test } from "vitest";
import { formatFactor, formatNumber, formatPercent, formatSigned, listText, rangeText } from "./format-number.ts";

test.each([
  [0, "0"],
  [-0, "0"],
  [0.3743, "0.374"],
  [-0.37, "−0.370"],
  [21.84, "21.84"],
  [9.9996, "10.00"],
  [123.45, "123.5"],
  [12345.6, "12346"],
  [3.2e7, "3.2e7"],
  [0.0288, "0.0288"],
  [0.09996, "0.100"],
  [0.00071, "0.000710"],
  [1.2e-7, "1.2e−7"],
  [-1.2e-7, "−1.2e−7"],
  [null, "–"],
])("number %s is written %s", (value, text) => expect(formatNumber(value)).toBe(text));

test.each([
  [0.3634, "+0.363"],
  [-0.3716, "−0.372"],
  [0, "0"],
  [null, "–"],
])("signed %s is written %s", (value, text) => expect(formatSigned(value)).toBe(text));

test.each([
  [0, "0 %"],
  [1, "100 %"],
  [0.964, "96.4 %"],
  [0.979317, "97.9 %"],
  [0.0029, "0.29 %"],
  [0.00998, "1.0 %"],
  [0.9987, "99.87 %"],
  [0.999999, "> 99.99 %"],
  [0.00001, "< 0.01 %"],
  [null, "–"],
])("share %s is written %s", (value, text) => expect(formatPercent(value)).toBe(text));

test.each([
  [1, "1.00"],
  [1.3634, "1.36"],
  [0.63, "0.63"],
  [1.00421, "1.0042"],
  [-1, "−1.00"],
  [2.5, "2.50"],
])("factor %s is written %s", (k, text) => expect(formatFactor(k)).toBe(text));

test.each([
  [[], ""],
  [["one"], "one"],
  [["one", "two"], "one and two"],
  [["one", "two", "three"], "one, two and three"],
])("%j are listed as %s", (words, text) => expect(listText(words)).toBe(text));

const RANGES: [values: number[], format: (value: number) => string, unit: string, text: string][] = [
  [[0.63, 0.61, 0.62], formatNumber, "", "0.610 to 0.630"],
  [[0.61], formatNumber, "", "0.610"],
  [[0.37004, 0.36996], formatNumber, "", "0.370"],
  [[0.88, 0.5], formatPercent, " %", "50.0 to 88.0 %"],
  [[0.5, 0.5], formatPercent, " %", "50.0 %"],
  [[0, 0.00001], formatPercent, " %", "0 to < 0.01 %"],
  [[-0.2, 0.1], formatNumber, "", "−0.200 to 0.100"],
  [[], formatNumber, "", ""],
];

test.each(RANGES)("the range of %j is said once", (values, format, unit, text) => {
  expect(rangeText(values, format, unit)).toBe(text);
});
