import { expect, test } from "vitest";
import { sameComparison } from "./same-comparison.mjs";

/** @param {object} changes */
const file = (changes) =>
  JSON.stringify({
    format: "auscult-comparison",
    engine: "wasm",
    time: 1,
    pairs: [{ name: "a", sum: 0.1 }],
    ...changes,
  });

test.each([
  ["another engine and time", file({ engine: "wgsl", time: 2 }), true],
  ["another engine of one pair", file({ pairs: [{ name: "a", sum: 0.1, engine: "reference" }] }), true],
  ["no engine", file({ engine: undefined }), true],
  ["a sum one last place off", file({ pairs: [{ name: "a", sum: 0.1 + 2 ** -56 }] }), false],
  ["keys in another order", file({ pairs: [{ sum: 0.1, name: "a" }] }), false],
  ["a pair more", file({ pairs: [{ name: "a", sum: 0.1 }, {}] }), false],
])("%s", (_name, other, same) => {
  expect(sameComparison(file({}), other)).toBe(same);
});
