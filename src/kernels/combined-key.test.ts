import { describe, expect, it, test } from "vitest";
import { addKeyCount, addUnchanged, LAST_KEY } from "./combined-key.ts";
import { emptyPairStats } from "./pair-stats.ts";

/** |t|, and by hand its relative step and its magnitude slot. */
const PLACES: [number, number, number][] = [
  [0, 0, 0],
  [2 ** -21, 0, 0],
  [1.25 * 2 ** -20, 0, 1],
  [1 / 256, 1, 48],
  [1.2 / 256, 1, 48],
  [1.25 / 256, 1, 49],
  [3 / 256, 2, 54],
  [1, 128, 80],
  [257 / 256, 129, 80],
  [1.25, 129, 81],
  [512 * 1.75, 129, 119],
  [2 ** 40, 129, 119],
];

describe("a combined key", () => {
  test.each(PLACES)("of |t| = %d unfolds to step %i and slot %i", (_t, step, slot) => {
    for (const baseNegative of [false, true]) {
      for (const changeNegative of [false, true]) {
        const stats = emptyPairStats();
        addKeyCount(stats, step + slot, baseNegative, changeNegative, 3);
        const relative = baseNegative ? stats.relative.negative : stats.relative.positive;
        const magnitude = baseNegative === changeNegative ? stats.magnitude.grow : stats.magnitude.shrink;
        expect(relative[changeNegative ? 129 - step : 129 + step]).toBe(3);
        expect(magnitude[slot]).toBe(3);
      }
    }
  });

  it("is refused where no |t| has it", () => {
    const add = (key: number) => () => addKeyCount(emptyPairStats(), key, false, false, 1);
    // Both staircases rise at 1/256, from 0 + 47 to 1 + 48.
    for (const key of [48, -1, LAST_KEY + 1]) expect(add(key), `${key}`).toThrow("key");
    for (const key of [47, 49, LAST_KEY]) expect(add(key), `${key}`).not.toThrow();
  });
});

it("counts unchanged elements in the middle", () => {
  const stats = emptyPairStats();
  addUnchanged(stats, true, 5);
  expect([stats.unchanged, stats.relative.negative[129], stats.relative.positive[129]]).toEqual([5, 5, 0]);
});
