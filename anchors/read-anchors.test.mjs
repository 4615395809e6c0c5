import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { QUANTITIES } from "./quantities.mjs";
import { halfUnit, readAnchors } from "./read-anchors.mjs";

test.each([
  ["0.08741", 5e-6],
  ["0.0510", 5e-5],
  ["71.00", 5e-3],
  ["891", 0.5],
])("half a unit of %s is %f", (text, half) => {
  expect(halfUnit(text)).toBeCloseTo(half, 15);
});

describe("what is published", () => {
  const pairs = readAnchors(import.meta.dirname);
  const figures = pairs.flatMap(({ a, b, anchors }) => anchors.map((anchor) => ({ pair: `${a} → ${b}`, ...anchor })));
  /**
   * A pair's figure as the interval that it stands for.
   *
   * @type {(pair: import("./read-anchors.mjs").AnchorPair, quantity: string, tensors: string) => [number, number] | undefined}
   */
  const interval = ({ anchors }, quantity, tensors) => {
    const found = anchors.find((anchor) => anchor.quantity === quantity && anchor.tensors === tensors);
    if (!found) return undefined;
    const value = Number(found.published);
    return [value - found.tolerance, value + found.tolerance];
  };

  /** The same of a figure that must be there. @type {(...which: Parameters<typeof interval>) => [number, number]} */
  const always = (pair, quantity, tensors) => {
    const found = interval(pair, quantity, tensors);
    if (!found) throw new Error(`${pair.a} → ${pair.b} has no ${quantity} of ${tensors}.`);
    return found;
  };

  test("is there, each pair and figure once", () => {
    expect([pairs.length, new Set(pairs.map(({ a, b }) => `${a} ${b}`)).size]).toEqual([65, 65]);
    expect(pairs.filter(({ anchors, billions }) => anchors.length === 0 || !(billions > 0.1))).toEqual([]);
    const keys = figures.map(({ pair, quantity, tensors }) => `${pair} ${quantity} ${tensors}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(figures.map(({ quantity }) => quantity))).toEqual(new Set(Object.keys(QUANTITIES)));
  });

  test("least, mean and greatest are in order", () => {
    const sorted = pairs.flatMap((pair) =>
      pair.anchors
        .filter(({ quantity }) => quantity === "relative-mean")
        .map(({ tensors }) => [
          always(pair, "relative-min", tensors)[0],
          always(pair, "relative-mean", tensors)[1],
          always(pair, "relative-mean", tensors)[0],
          always(pair, "relative-max", tensors)[1],
        ]),
    );
    expect(sorted.length).toBeGreaterThan(300);
    expect(sorted.filter(([min, meanHigh, meanLow, max]) => !(min <= meanHigh && meanLow <= max))).toEqual([]);
  });

  test("a ratio of o to q is that of the means that were published elsewhere", () => {
    const ratios = pairs.flatMap((pair) => {
      const ratio = interval(pair, "oq", "*");
      const o = interval(pair, "relative-mean", "self_attn.o_proj.weight");
      const q = interval(pair, "relative-mean", "self_attn.q_proj.weight");
      return ratio && o && q ? [{ pair: `${pair.a} → ${pair.b}`, ratio, bounds: [o[0] / q[1], o[1] / q[0]] }] : [];
    });
    expect(ratios.length).toBeGreaterThan(35);
    expect(ratios.filter(({ ratio, bounds }) => ratio[1] < bounds[0] || ratio[0] > bounds[1])).toEqual([]);
  });

  test("what is unchanged is also within 1e-6, and that within 1e-5", () => {
    const shares = pairs.flatMap((pair) => {
      const none = interval(pair, "unchanged", "*");
      if (!none) return [];
      const small = always(pair, "within1e6", "*");
      return [[none[0], small[1], small[0], always(pair, "within1e5", "*")[1]]];
    });
    expect(shares.length).toBe(10);
    expect(shares.filter(([none, smallHigh, small, larger]) => !(none <= smallHigh && small <= larger))).toEqual([]);
  });
});

describe("a folder of one's own", () => {
  const GOOD = {
    "pairs.csv": "a,b,billions\norg/a,org/b,0.10\n",
    "figures.csv": "a,b,quantity,tensors,published,source\norg/a,org/b,oq,*,1.5,someone\n",
    "relative-norms.csv":
      "a,b,module,layers,mean,min,max\norg/a,org/b,up.weight,4,0.12345,0.1000,0.2000\norg/a,org/b,norm.weight,1,0.01000,0.0100,0.0100\n",
  };
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "auscult-anchors-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  /** @param {Partial<typeof GOOD>} files */
  const readWith = (files) => {
    for (const [file, text] of Object.entries({ ...GOOD, ...files })) writeFileSync(join(folder, file), text);
    return readAnchors(folder);
  };

  test("is read figure by figure, each with its precision", () => {
    const [{ a, b, billions, anchors }] = readWith({});
    expect([a, b, billions]).toEqual(["org/a", "org/b", 0.1]);
    expect(anchors.map(({ quantity, tensors, layers, published }) => [quantity, tensors, layers, published])).toEqual([
      ["oq", "*", undefined, "1.5"],
      ["relative-mean", "up.weight", 4, "0.12345"],
      ["relative-min", "up.weight", 4, "0.1000"],
      ["relative-max", "up.weight", 4, "0.2000"],
      ["relative", "norm.weight", 1, "0.0100"],
    ]);
    const tolerances = [0.05, 5.5e-5, 5e-5, 5e-5, 5e-5];
    expect(anchors.map(({ tolerance }) => tolerance)).toEqual(tolerances.map((each) => expect.closeTo(each, 12)));
  });

  test.each([
    ["pairs.csv", "a,b\n", /^pairs\.csv must begin with the line "a,b,billions"\.$/],
    ["pairs.csv", "a,b,billions\norg/a,org/b\n", /^pairs\.csv, line 2 must have 3 cells\.$/],
    ["pairs.csv", "a,b,billions\norg/a,org/b,few\n", /^pairs\.csv, line 2: "few" is no plain decimal number\.$/],
    ["figures.csv", GOOD["figures.csv"].replace("oq", "qo"), /^figures\.csv, line 2: there is no quantity "qo"\.$/],
    ["figures.csv", GOOD["figures.csv"].replace("1.5", "1e3"), /^figures\.csv, line 2: "1e3" is no plain/],
    [
      "figures.csv",
      GOOD["figures.csv"].replace("org/b", "org/c"),
      /line 2: pairs\.csv does not have org\/a → org\/c\.$/,
    ],
  ])("with a wrong %s gets a sentence (%#)", (file, text, sentence) => {
    expect(() => readWith({ [file]: text })).toThrow(sentence);
  });
});
