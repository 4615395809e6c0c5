import { expect, test } from "vitest";
import type { Pairing } from "./pair.ts";
import { NothingInCommon, requireCommon } from "./pairing-error.ts";

const pairing = (...unpaired: Pairing["unpaired"]): Pairing => ({ pairs: [], unpaired });
const missing = (side: "a" | "b", name: string) => ({ side, name, reason: "The other has no tensor of this name." });

function refusal(of: Pairing): unknown {
  try {
    requireCommon(of, "org/base", "org/tuned");
  } catch (error) {
    return error;
  }
  return null;
}

const CASES: Record<string, [Pairing, string]> = {
  "other names": [
    pairing(
      missing("a", "wte.weight"),
      missing("a", "h.0.attn.c_attn.weight"),
      missing("b", "model.layers.0.mlp.up_proj.weight"),
    ),
    "org/base and org/tuned have no tensor name in common: A has h.0.attn.c_attn.weight, B has model.layers.0.mlp.up_proj.weight. Choose two models of the same architecture.",
  ],
  "the same names, other shapes": [
    pairing(
      missing("a", "only.in.a"),
      { side: "a", name: "w", reason: "The shapes differ: [2] in A, [3] in B." },
      { side: "b", name: "w", reason: "The shapes differ: [2] in A, [3] in B." },
    ),
    "No tensor of org/base can be compared with its counterpart in org/tuned, for example w: The shapes differ: [2] in A, [3] in B. Choose checkpoints of the same architecture and size, in a number type such as BF16.",
  ],
  "nothing in B": [pairing(missing("a", "w")), "org/tuned has no tensors, so there is nothing to compare."],
};

test.each(Object.entries(CASES))("%s", (_, [of, message]) => {
  const error = refusal(of);
  expect(error).toBeInstanceOf(NothingInCommon);
  expect(error).toMatchObject({ name: "NothingInCommon", message });
});

test("one pair is enough", () => {
  const view = { name: "w", dtype: "F32", shape: [1], count: 1, file: 0, span: { begin: 0, end: 4 } } as const;
  const place = { role: "other", module: "w", stack: "", layer: null, group: "other" } as const;
  const pair = { index: 0, name: "w", nameB: "w", a: view, b: view, adapter: null, place, count: 1 };
  expect(refusal({ pairs: [pair], unpaired: [missing("a", "x")] })).toBeNull();
});
