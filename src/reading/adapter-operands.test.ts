import { describe, expect, it, test } from "vitest";
import { encodeFloats } from "../../e2e/fixtures/encode.ts";
import { baseOf, decodedOf, quantisedSamples } from "../../e2e/fixtures/quantised.ts";
import { normalFrom, randomFrom } from "../../e2e/fixtures/random.ts";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { valuesOf } from "../../e2e/float64-oracle.ts";
import { readAdapter } from "../adapters/read-adapter.ts";
import type { Checkpoint } from "../hub/checkpoint.ts";
import { openLocal } from "../hub/open-local.ts";
import { contractBreaches } from "../kernels/compare-stats.ts";
import { createReferenceEngine } from "../kernels/reference/reference-engine.ts";
import { type Operand, pairOperands } from "../pairing/pair-operands.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import { scanHere } from "./testing/scan-here.ts";

/* Adapters in every spelling, over plain and quantised bases, dropped as folders or files from the disk. */

const reference = createReferenceEngine();
const RANK = 3;
type Content = string | Uint8Array<ArrayBuffer>;

/** The two matrices of a weight [out, in], in float32. */
function matrices([out, inner]: readonly number[], seed: number) {
  const normal = normalFrom(randomFrom(seed));
  const draw = (count: number) => Array.from({ length: count }, () => Math.fround(0.05 * normal()));
  return { out, in: inner, a: draw(RANK * inner), b: draw(out * RANK) };
}
type Matrices = ReturnType<typeof matrices>;

const f32 = (name: string, shape: number[], values: readonly number[]): FixtureTensor => ({
  ...{ name, dtype: "F32", shape, data: encodeFloats(values, "F32") },
});
const turned = (values: readonly number[], rows: number): number[] => {
  const columns = values.length / rows;
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
};
const pair = (names: [string, string], { out, in: inner, a, b }: Matrices): FixtureTensor[] => [
  f32(names[0], [RANK, inner], a),
  f32(names[1], [out, RANK], b),
];

/** fl32(w + fl32(s·B·A)), element by element. */
function merged(weight: FixtureTensor, { out, in: inner, a, b }: Matrices, scale: number): FixtureTensor {
  const values = valuesOf(weight).map((value, i) => {
    const [row, column] = [Math.floor(i / inner), i % inner];
    let sum = 0;
    for (let k = 0; k < RANK; k++) sum += b[row * RANK + k] * a[k * inner + column];
    return value + Math.fround(scale * sum);
  });
  return f32(weight.name, [out, inner], values);
}

interface Spelling {
  name: string;
  scale: number;
  /** The adapter's files, of the weights named, each with its matrices. */
  files(weights: Map<string, Matrices>): Record<string, Content>;
}

const moduleOf = (weight: string) => weight.replace(/\.weight$/, "");
const written = (weights: Map<string, Matrices>, one: (module: string, own: Matrices) => FixtureTensor[]) =>
  writeSafetensors([...weights].flatMap(([weight, own]) => one(moduleOf(weight), own)));

const PEFT: Spelling = {
  ...{ name: "PEFT's folder", scale: 2 },
  files: (weights) => ({
    "adapter_config.json": JSON.stringify({ peft_type: "LORA", r: RANK, lora_alpha: 2 * RANK }),
    "adapter_model.safetensors": written(weights, (module, own) =>
      pair([`base_model.model.${module}.lora_A.weight`, `base_model.model.${module}.lora_B.weight`], own),
    ),
  }),
};
const MLX: Spelling = {
  ...{ name: "mlx-lm's folder", scale: 20 },
  files: (weights) => ({
    "adapter_config.json": JSON.stringify({ fine_tune_type: "lora", lora_parameters: { rank: RANK, scale: 20 } }),
    "adapters.safetensors": written(weights, (module, { out, in: inner, a, b }) => [
      f32(`${module}.lora_a`, [inner, RANK], turned(a, RANK)),
      f32(`${module}.lora_b`, [RANK, out], turned(b, out)),
    ]),
  }),
};
const DIFFUSERS: Spelling = {
  ...{ name: "diffusers' file", scale: 1 },
  files: (weights) => ({
    "pytorch_lora_weights.safetensors": written(weights, (module, own) =>
      pair([`unet.${module}.lora.down.weight`, `unet.${module}.lora.up.weight`], own),
    ),
  }),
};
const DIFFUSERS_PEFT: Spelling = {
  ...{ name: "diffusers' file in PEFT's words", scale: 1 },
  files: (weights) => ({
    "pytorch_lora_weights.safetensors": written(weights, (module, own) =>
      pair([`unet.${module}.lora_A.weight`, `unet.${module}.lora_B.weight`], own),
    ),
  }),
};
const KOHYA: Spelling = {
  ...{ name: "kohya's file", scale: 0.5 },
  files: (weights) => ({
    "style.safetensors": written(weights, (module, own) => {
      const flat = `lora_unet_${module.replaceAll(".", "_")}`;
      return [
        ...pair([`${flat}.lora_down.weight`, `${flat}.lora_up.weight`], own),
        f32(`${flat}.alpha`, [], [RANK / 2]),
      ];
    }),
  }),
};

interface Base {
  name: string;
  stored: FixtureTensor[];
  config: Record<string, unknown>;
  /** The weights that are adapted, as they read. */
  weights: FixtureTensor[];
}

const samples = quantisedSamples();
const llama = samples.slice(0, 2).map((sample) => baseOf(sample));
const LLAMA: Base = { name: "a BF16 base", stored: llama, config: { model_type: "llama" }, weights: llama };
const block = "down_blocks.1.attentions.0.transformer_blocks.0";
const unet = ["attn1.to_q", "attn2.to_out.0"].map((module, i) => ({
  ...{ name: `${block}.${module}.weight`, dtype: "BF16", shape: [40, 24 + 8 * i] },
  data: encodeFloats(
    Array.from({ length: 40 * (24 + 8 * i) }, (_, at) => Math.sin(at + i) / 8),
    "BF16",
  ),
}));
const UNET: Base = { name: "a UNet", stored: unet, config: {}, weights: unet };
const QUANTISED = samples
  .filter(({ scheme }) => /^(?:NF4|GPTQ [34]|AWQ|MXFP4)/.test(scheme))
  // A stack of experts is no single matrix.
  .filter(({ shape }) => shape.length === 2)
  .map(
    (sample): Base => ({
      ...{ name: sample.scheme, stored: sample.tensors, config: sample.config },
      weights: [decodedOf(sample)],
    }),
  );

const CASES: [Base, Spelling][] = [
  ...[PEFT, MLX].map((spelling): [Base, Spelling] => [LLAMA, spelling]),
  ...[DIFFUSERS, DIFFUSERS_PEFT, KOHYA].map((spelling): [Base, Spelling] => [UNET, spelling]),
  ...QUANTISED.map((base): [Base, Spelling] => [base, PEFT]),
];

const dropped = (files: Record<string, Content>): Promise<Checkpoint> => {
  const paths = Object.keys(files);
  const folder = paths.length === 1 ? "" : "tuned/";
  return openLocal({
    name: paths.length === 1 ? paths[0] : "tuned",
    files: paths.map((path) => ({ path: folder + path, file: new Blob([files[path]]) })),
  });
};

const matricesFor = ({ weights }: Base) => new Map(weights.map(({ name, shape }, i) => [name, matrices(shape, 5 + i)]));

async function scannedWith({ stored, config }: Base, files: Record<string, Content>, workers = 1) {
  const [base, adapter] = await Promise.all([
    dropped({ "config.json": JSON.stringify(config), "model.safetensors": writeSafetensors(stored) }),
    dropped(files),
  ]);
  const operands: [Operand, Operand] = [
    { checkpoint: base, adapter: null },
    { checkpoint: adapter, adapter: readAdapter(adapter) },
  ];
  const { pairs, unpaired } = pairOperands(...operands);
  expect(unpaired).toEqual([]);
  const [a, b] = [base, adapter].map(({ files }) => files.map(({ location }) => location));
  const found = await scanHere({ pairs, locations: { a, b }, workers, segmentElements: 2048 });
  expect(found.state).toEqual({ status: "finished" });
  return { ...found, pairs };
}

async function scanned(base: Base, spelling: Spelling, workers = 1) {
  const own = matricesFor(base);
  return { ...(await scannedWith(base, spelling.files(own), workers)), own };
}

describe.each(CASES)("$0.name under $1.name", (base, spelling) => {
  it("has the numbers of the merged weights", async () => {
    const { pairs, stats, own } = await scanned(base, spelling);
    expect(pairs.map(({ name }) => name)).toEqual(base.weights.map(({ name }) => name));
    for (const [i, weight] of base.weights.entries()) {
      const tuned = merged(weight, own.get(weight.name) ?? matrices(weight.shape, 0), spelling.scale);
      const [dtypeA, count] = [weight.dtype as Dtype, tuned.data.length / 4];
      const expected = reference.pairStats({ dtypeA, a: weight.data, dtypeB: "F32", b: tuned.data, count });
      expect(contractBreaches(stats[i], expected)).toEqual([]);
      expect(pairs[i].a.shape).toEqual(weight.shape);
    }
  });
});

describe("a DoRA over GPT-2's Conv1D, whose outputs are columns", () => {
  const [inner, out] = [24, 72];
  const maps = { c_attn: [inner, out], c_proj: [inner, inner] };
  const weights = Object.entries(maps).map(([name, shape]) =>
    f32(
      `h.0.attn.${name}.weight`,
      shape,
      Array.from({ length: shape[0] * shape[1] }, (_, i) => Math.fround(Math.cos(i * i) / 9)),
    ),
  );
  const gpt2: Base = { name: "GPT-2", stored: weights, config: { model_type: "gpt2" }, weights };
  const own = (weight: FixtureTensor) => matrices([weight.shape[1], weight.shape[0]], 40);
  const magnitudes = (weight: FixtureTensor) =>
    Array.from({ length: weight.shape[1] }, (_, i) => Math.fround(0.5 + (i % 5) / 7));
  const dora = {
    "adapter_config.json": JSON.stringify({
      ...{ peft_type: "LORA", r: RANK, lora_alpha: 2 * RANK, use_dora: true, fan_in_fan_out: true },
    }),
    "adapter_model.safetensors": writeSafetensors(
      weights.flatMap((weight) => {
        const at = `base_model.model.transformer.${moduleOf(weight.name)}`;
        return [
          ...pair([`${at}.lora_A.weight`, `${at}.lora_B.weight`], own(weight)),
          f32(`${at}.lora_magnitude_vector`, [weight.shape[1]], magnitudes(weight)),
        ];
      }),
    ),
  };

  it("has each output scaled by the norm of its column", async () => {
    const { pairs, stats, plan } = await scannedWith(gpt2, dora);
    for (const [i, weight] of weights.entries()) {
      const { a, b } = own(weight);
      const [values, m, columns] = [valuesOf(weight), magnitudes(weight), weight.shape[1]];
      // [outputs, inputs], by the definition of arXiv 2402.09353: m · (W + ΔW) / ‖W + ΔW‖.
      const rows = Array.from({ length: columns }, (_, o) => {
        const moved = Array.from({ length: inner }, (_, j) => {
          let sum = 0;
          for (let k = 0; k < RANK; k++) sum += b[o * RANK + k] * a[k * inner + j];
          return values[j * columns + o] + 2 * sum;
        });
        const norm = Math.hypot(...moved);
        return moved.map((value) => Math.fround((m[o] * value) / norm));
      });
      const before = encodeFloats(turned(values, inner), "F32");
      const count = before.length / 4;
      const after = encodeFloats(rows.flat(), "F32");
      const expected = reference.pairStats({ dtypeA: "F32", a: before, dtypeB: "F32", b: after, count });
      expect(contractBreaches(stats[i], expected)).toEqual([]);
      expect([pairs[i].name, pairs[i].a.shape]).toEqual([weight.name, [columns, inner]]);
    }
    expect([...plan].map(({ a }) => a.whole)).toEqual([true, true]);
  });
});

test("a base that is held whole gives the same bits with three workers", async () => {
  const gptq = QUANTISED.find(({ name }) => name.startsWith("GPTQ")) ?? LLAMA;
  expect((await scanned(gptq, PEFT, 3)).stats).toEqual((await scanned(gptq, PEFT)).stats);
});
