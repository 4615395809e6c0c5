import { describe, expect, it, test } from "vitest";
import { encodeFloats } from "../../e2e/fixtures/encode.ts";
import { normalFrom, randomFrom } from "../../e2e/fixtures/random.ts";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { readAdapter } from "../adapters/read-adapter.ts";
import { openLocal } from "../hub/open-local.ts";
import { contractBreaches } from "../kernels/compare-stats.ts";
import { createReferenceEngine } from "../kernels/reference/reference-engine.ts";
import { pairOperands } from "../pairing/pair-operands.ts";
import { scanHere } from "./testing/scan-here.ts";

/* PEFT's `target_parameters`: one pair of matrices for a stack of experts, each with a rank of its own in them. */

const reference = createReferenceEngine();
const [EXPERTS, RANK] = [3, 2];
const EXPERTS_AT = "model.layers.0.mlp.experts";

const normal = normalFrom(randomFrom(77));
const draw = (count: number): number[] => Array.from({ length: count }, () => Math.fround(normal() / 20));
const tensor = (name: string, shape: number[], values: readonly number[]): FixtureTensor => ({
  ...{ name, dtype: "F32", shape, data: encodeFloats(values, "F32") },
});
const countOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

interface Stack {
  /** Where PEFT keeps its matrices. */
  module: string;
  parameter: string;
  out: number;
  in: number;
  /** [experts, in, out], as its code multiplies, or [experts, out, in]. */
  inputsFirst: boolean;
}

interface Case {
  name: string;
  /** Outer and inner wrapper: which of them is for which parameter only shapes tell. */
  stacks: Stack[];
  /** What else the base has. */
  more?: FixtureTensor[];
}

const INNER = `${EXPERTS_AT}.base_layer`;
const CASES: Case[] = [
  {
    name: "stacks as transformers 5 has them, outputs first",
    stacks: [
      { module: EXPERTS_AT, parameter: "down_proj", out: 16, in: 12, inputsFirst: false },
      { module: INNER, parameter: "gate_up_proj", out: 24, in: 16, inputsFirst: false },
    ],
  },
  {
    name: "stacks as Llama 4 has them, inputs first",
    stacks: [
      { module: EXPERTS_AT, parameter: "gate_up_proj", out: 24, in: 16, inputsFirst: true },
      { module: INNER, parameter: "down_proj", out: 16, in: 12, inputsFirst: true },
    ],
  },
  {
    name: "gpt-oss, one of whose stacks is square",
    stacks: [
      { module: EXPERTS_AT, parameter: "down_proj", out: 16, in: 16, inputsFirst: true },
      { module: INNER, parameter: "gate_up_proj", out: 32, in: 16, inputsFirst: true },
    ],
    more: [
      tensor(`${EXPERTS_AT}.down_proj_bias`, [EXPERTS, 16], draw(EXPERTS * 16)),
      tensor(`${EXPERTS_AT}.gate_up_proj_bias`, [EXPERTS, 32], draw(EXPERTS * 32)),
    ],
  },
];

function made({ stacks, more = [] }: Case) {
  const all = stacks.map((stack) => {
    const { out, in: inner, inputsFirst } = stack;
    const shape = [EXPERTS, ...(inputsFirst ? [inner, out] : [out, inner])];
    return { ...stack, shape, w: draw(countOf(shape)), a: draw(EXPERTS * RANK * inner), b: draw(out * RANK * EXPERTS) };
  });
  const base = [...all.map(({ parameter, shape, w }) => tensor(`${EXPERTS_AT}.${parameter}`, shape, w)), ...more];
  const adapter = all.flatMap(({ module, out, in: inner, a, b }) => [
    tensor(`base_model.model.${module}.lora_A.weight`, [EXPERTS * RANK, inner], a),
    tensor(`base_model.model.${module}.lora_B.weight`, [out, RANK * EXPERTS], b),
  ]);
  return { all, base, adapter };
}

const config = (more: Record<string, unknown> = {}) => ({
  ...{ peft_type: "LORA", r: RANK, lora_alpha: 3 * RANK },
  target_parameters: ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"],
  ...more,
});

async function opened(base: readonly FixtureTensor[], adapter: readonly FixtureTensor[], more = {}) {
  const model = await openLocal({
    name: "model.safetensors",
    files: [{ path: "model.safetensors", file: new Blob([writeSafetensors(base)]) }],
  });
  const tuned = await openLocal({
    name: "tuned",
    files: [
      { path: "tuned/adapter_config.json", file: new Blob([JSON.stringify(config(more))]) },
      { path: "tuned/adapter_model.safetensors", file: new Blob([writeSafetensors(adapter)]) },
    ],
  });
  return { model: { checkpoint: model, adapter: null }, tuned: { checkpoint: tuned, adapter: readAdapter(tuned) } };
}

describe.each(CASES)("$name", (one) => {
  const { all, base, adapter } = made(one);

  it.each([1, 3])("each expert has the numbers of its own update, with %i workers", async (workers) => {
    const { model, tuned } = await opened(base, adapter);
    const { pairs, unpaired } = pairOperands(model, tuned);
    expect(unpaired).toEqual([]);
    expect(pairs.map(({ index }) => index)).toEqual([...pairs.keys()]);
    const [a, b] = [model, tuned].map(({ checkpoint }) => checkpoint.files.map(({ location }) => location));
    const { stats } = await scanHere({ pairs, locations: { a, b }, workers, segmentElements: 2048 });
    for (const { parameter, out, in: inner, inputsFirst, shape, w, a: down, b: up } of all)
      for (let e = 0; e < EXPERTS; e++) {
        const found = pairs.find(({ name }) => name === `${EXPERTS_AT}.${parameter}[${e}]`);
        expect([found?.place.expert, found?.a.shape]).toEqual([e, shape.slice(1)]);
        const own = w.slice(e * out * inner, (e + 1) * out * inner);
        const after = own.map((value, i) => {
          const [o, j] = inputsFirst ? [i % out, Math.floor(i / out)] : [Math.floor(i / inner), i % inner];
          let sum = 0;
          // einsum("o r e, e r i -> e o i") of B [out, rank, experts] and A [experts, rank, in].
          for (let k = 0; k < RANK; k++) sum += up[(o * RANK + k) * EXPERTS + e] * down[(e * RANK + k) * inner + j];
          return value + Math.fround(3 * sum);
        });
        const [before, then] = [own, after].map((values) => encodeFloats(values, "F32"));
        const count = own.length;
        const expected = reference.pairStats({ dtypeA: "F32", a: before, dtypeB: "F32", b: then, count });
        expect(contractBreaches(stats[found?.index ?? -1], expected)).toEqual([]);
      }
  });
});

const [{ stacks: STACKS }] = CASES;
const REFUSED: [name: string, one: Case, more: Record<string, unknown>, reason: RegExp][] = [
  [
    "a stack of another shape",
    { name: "", stacks: [{ ...STACKS[0], out: 20 }, STACKS[1]] },
    {},
    /^The update is of 3 experts of shape \[16, 12\], but model\.layers\.0\.mlp\.experts\.\S+ of the base has the shape/,
  ],
  [
    "square experts of which no family says which way round they are",
    { name: "", stacks: [{ ...STACKS[0], out: 16, in: 16 }] },
    { target_parameters: ["mlp.experts.down_proj"] },
    /^The experts of \S+down_proj are square, and nothing says which way round/,
  ],
];

test.each(REFUSED)("%s is named", async (_, one, more, reason) => {
  const { base } = made(one);
  const { adapter } = made({ ...one, stacks: one.stacks.map((stack) => (stack.out === 20 ? STACKS[0] : stack)) });
  const plain = tensor("model.layers.0.self_attn.q_proj.weight", [8, 8], draw(64));
  const also = [
    tensor("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", [RANK, 8], draw(8 * RANK)),
    tensor("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight", [8, RANK], draw(8 * RANK)),
  ];
  const { model, tuned } = await opened([...base, plain], [...adapter, ...also], more);
  const { unpaired } = pairOperands(model, tuned);
  expect(unpaired.map(({ side }) => side)).toEqual(["b"]);
  expect(unpaired[0].reason).toMatch(reason);
});

test("a DoRA of a stack, and a stack without its base, are named", async () => {
  const { base, adapter } = made(CASES[0]);
  const magnitude = tensor(`base_model.model.${EXPERTS_AT}.lora_magnitude_vector`, [16], draw(16));
  const { tuned } = await opened(base, [...adapter, magnitude], { use_dora: true });
  expect(tuned.adapter.left[0]?.reason).toMatch(/^The update is a DoRA of a stack of experts .* not computed here\.$/);
  const also = [
    tensor("base_model.model.lm_head.lora_A.weight", [RANK, 8], draw(8 * RANK)),
    tensor("base_model.model.lm_head.lora_B.weight", [8, RANK], draw(8 * RANK)),
  ];
  const alone = await opened(base, [...adapter, ...also]);
  const { pairs, unpaired } = pairOperands(alone.tuned, null);
  expect(pairs).toHaveLength(1);
  expect(unpaired.map(({ reason }) => reason)).toEqual(
    new Array(2).fill(
      "It is the update of a stack of experts, and which of them it is for only the base tells. Compare the adapter with its base.",
    ),
  );
});
