import { expect, test } from "vitest";
import { choosePairs, gigabytes } from "./choose-pairs.mjs";

/** @type {(a: string, b: string, billions: number) => import("./read-anchors.mjs").AnchorPair} */
const pair = (a, b, billions) => ({ a, b, billions, anchors: [] });
const PAIRS = [
  pair("org/Base-7B", "org/Base-7B-Chat", 7),
  pair("org/Base-1B", "lab/Tuned-1B", 1),
  pair("lab/Large", "lab/Tuned-70B", 70),
  pair("org/Base-3B", "lab/Other", 3),
];

test.each([
  [[], [1, 3, 0]],
  [["tuned"], [1, 2]],
  [["org/base-7b"], [0]],
  [
    ["Other", "lab/large"],
    [2, 3],
  ],
  [["org/"], [0, 1, 3]],
])("%j chooses %j", (names, chosen) => {
  expect(choosePairs(PAIRS, names)).toEqual(chosen.map((i) => PAIRS[i]));
});

test("a name that fits nothing is said", () => {
  expect(() => choosePairs(PAIRS, ["Base", "nowhere", "gone"])).toThrow(/about nowhere, gone: --list/);
});

test("the size is that of both sides", () => {
  expect(gigabytes([PAIRS[0], PAIRS[1]])).toBe(32);
});
