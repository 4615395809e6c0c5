import { expect, test } from "vitest";
import { chance } from "./chance.mjs";

// From the published tables of the signed-rank test: with 7 runs a sum of ranks below 0 of at most 3 has 5 / 128.
test.each([
  ["all of five above 0", [3, 1, 4, 2, 9], 1 / 32],
  ["all of seven below 0", [-1, -2, -3, -4, -5, -6, -7], 1],
  ["seven, of which the third smallest is below 0", [1, 2, -3, 4, 5, 6, 7], 5 / 128],
  ["no difference at all", [0, 0, 0], 1],
  ["runs without a difference say nothing", [0, 2, 0, 1, 0], 1 / 4],
  ["equal sizes share their ranks", [5, 5, -5], 1 / 2],
  ["one wild run is one run", [1, -2, -3, -4, 900], 22 / 32],
])("%s", (_name, differences, expected) => {
  expect(chance(differences)).toBeCloseTo(expected, 12);
});
