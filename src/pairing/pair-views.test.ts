import { expect, test } from "vitest";
import type { Dtype } from "../safetensors/dtype.ts";
import type { View } from "../tensors/view.ts";
import type { Views } from "../tensors/views-of.ts";
import { pairViews } from "./pair-views.ts";

type Listed = Record<string, readonly number[]>;

function operand(shapes: Listed, left: Views["left"] = [], dtype: Dtype = "BF16"): Views {
  const views = Object.entries(shapes).map(([name, shape]): View => {
    const count = shape.reduce((product, size) => product * size, 1);
    return { name, dtype, shape, count, file: 0, span: { begin: 0, end: count * 2 } };
  });
  return { views, left, hashes: [null], tied: false };
}

const EMBED = "model.embed_tokens.weight";
const HEAD = "lm_head.weight";
const Q = "model.layers.0.self_attn.q_proj.weight";
const NORM = "model.norm.weight";

test("pairs stand in A's order, whatever B's", () => {
  const { pairs, unpaired } = pairViews(
    operand({ [EMBED]: [8, 4], [Q]: [4, 4], [NORM]: [4] }),
    operand({ [NORM]: [4], [Q]: [4, 4], [EMBED]: [8, 4] }, [], "F32"),
  );
  expect(unpaired).toEqual([]);
  expect(pairs.map(({ index, name, nameB, count }) => ({ index, name, nameB, count }))).toEqual([
    { index: 0, name: EMBED, nameB: EMBED, count: 32 },
    { index: 1, name: Q, nameB: Q, count: 16 },
    { index: 2, name: NORM, nameB: NORM, count: 4 },
  ]);
  expect(pairs[1]).toMatchObject({
    a: { dtype: "BF16" },
    b: { dtype: "F32" },
    place: { role: "attn.q", module: "q_proj", layer: 0, group: "matrix" },
  });
});

/** What stands in `unpaired`, by the side and name, for a pair of operands. */
const CASES: Record<string, { a: Views; b: Views; unpaired: [side: "a" | "b", name: string, reason: string][] }> = {
  "no partner": {
    a: operand({ [Q]: [4, 4], [NORM]: [4] }),
    b: operand({ [NORM]: [4], extra: [2] }),
    unpaired: [
      ["a", Q, "B has no tensor of this name."],
      ["b", "extra", "A has no tensor of this name."],
    ],
  },
  "different shapes": {
    a: operand({ [Q]: [4, 4], scale: [] }),
    b: operand({ [Q]: [4, 2], scale: [1] }),
    unpaired: [
      ["a", Q, "The shapes differ: [4, 4] in A, [4, 2] in B."],
      ["a", "scale", "The shapes differ: a single number in A, [1] in B."],
      ["b", Q, "The shapes differ: [4, 4] in A, [4, 2] in B."],
      ["b", "scale", "The shapes differ: a single number in A, [1] in B."],
    ],
  },
  "an embedding of another width is not a resized vocabulary": {
    a: operand({ [EMBED]: [8, 4] }),
    b: operand({ [EMBED]: [8, 8] }),
    unpaired: (["a", "b"] as const).map((side) => [side, EMBED, "The shapes differ: [8, 4] in A, [8, 8] in B."]),
  },
  "a head tied in B": {
    a: operand({ [EMBED]: [8, 4], [HEAD]: [8, 4] }),
    b: operand({ [EMBED]: [8, 4] }),
    unpaired: [
      [
        "a",
        HEAD,
        "B stores no lm_head.weight: its output head is tied to the token embedding, or left out of the file.",
      ],
    ],
  },
  "a head tied in A": {
    a: operand({ [EMBED]: [8, 4] }),
    b: operand({ [EMBED]: [8, 4], [HEAD]: [8, 4] }),
    unpaired: [
      [
        "b",
        HEAD,
        "A stores no lm_head.weight: its output head is tied to the token embedding, or left out of the file.",
      ],
    ],
  },
  "a counterpart that cannot be decoded": {
    a: operand({ [Q]: [4, 4] }),
    b: operand({}, [{ name: Q, reason: "The tensor holds 8-bit floats." }]),
    unpaired: [
      ["a", Q, "Its counterpart in B is not compared. The tensor holds 8-bit floats."],
      ["b", Q, "The tensor holds 8-bit floats."],
    ],
  },
  "left out on both sides": {
    a: operand({}, [{ name: Q, reason: "Reason of A." }]),
    b: operand({}, [{ name: Q, reason: "Reason of B." }]),
    unpaired: [
      ["a", Q, "Reason of A."],
      ["b", Q, "Reason of B."],
    ],
  },
};

test.each(Object.entries(CASES))("%s", (_, { a, b, unpaired }) => {
  const pairing = pairViews(a, b);
  expect(pairing.unpaired.map(({ side, name, reason }) => [side, name, reason])).toEqual(unpaired);
  // Nothing is dropped in silence: each tensor of each side is in one pair or listed once.
  for (const [side, { views, left }] of [["a", a] as const, ["b", b] as const]) {
    const paired = pairing.pairs.map((pair) => (side === "a" ? pair.name : pair.nameB));
    const listed = pairing.unpaired.filter((one) => one.side === side).map(({ name }) => name);
    expect([...paired, ...listed].sort()).toEqual([...views, ...left].map(({ name }) => name).sort());
  }
});

test("one model alone: every view, no partner", () => {
  const { pairs, unpaired } = pairViews(operand({ [Q]: [4, 4], [NORM]: [4] }, [{ name: "w", reason: "Why." }]), null);
  expect(pairs.map(({ name, nameB, b }) => ({ name, nameB, b }))).toEqual([
    { name: Q, nameB: "", b: null },
    { name: NORM, nameB: "", b: null },
  ]);
  expect(unpaired).toEqual([{ side: "a", name: "w", reason: "Why." }]);
});

const HASH = "ab".repeat(32);
const hashed = (hash: string | null, dtype: Dtype = "BF16", begin = 0): Views => ({
  ...operand({ [Q]: [4, 4], [NORM]: [4] }, [], dtype),
  hashes: [hash],
  views: operand({ [Q]: [4, 4], [NORM]: [4] }, [], dtype).views.map((view) =>
    view.name === Q ? { ...view, span: { begin: view.span.begin + begin, end: view.span.end + begin } } : view,
  ),
});

test.each<[string, Views, Views, (true | undefined)[]]>([
  ["one content", hashed(HASH), hashed(HASH), [true, true]],
  ["two contents", hashed(HASH), hashed("cd".repeat(32)), [undefined, undefined]],
  ["a content that nobody vouches for", hashed(null), hashed(null), [undefined, undefined]],
  ["one side vouched for", hashed(HASH), hashed(null), [undefined, undefined]],
  ["another place in the file", hashed(HASH), hashed(HASH, "BF16", 8), [undefined, true]],
  ["another dtype", hashed(HASH), hashed(HASH, "F16"), [undefined, undefined]],
])("%s: pairs are identical without being read", (_, a, b, identical) => {
  expect(pairViews(a, b).pairs.map((pair) => pair.identical)).toEqual(identical);
});

test("a file that one side only has is looked up on that side", () => {
  const b = { ...hashed(HASH), hashes: ["cd".repeat(32), HASH] };
  b.views = b.views.map((view) => ({ ...view, file: 1 }));
  expect(pairViews(hashed(HASH), b).pairs.map(({ identical }) => identical)).toEqual([true, true]);
});

test("one model alone is not identical to itself: its norm is wanted", () => {
  expect(pairViews(hashed(HASH), null).pairs.map(({ identical }) => identical)).toEqual([undefined, undefined]);
});
