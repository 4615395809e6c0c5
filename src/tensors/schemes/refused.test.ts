import { expect, test } from "vitest";
import { type FixtureTensor, writeSafetensors } from "../../../e2e/fixtures/write-safetensors.ts";
import { checkpointOf } from "../testing/memory-checkpoint.ts";
import { WHOLE_BYTES } from "../view.ts";
import { viewsOf } from "../views-of.ts";

const WIDTH: Record<string, number> = { I64: 8, I32: 4, U32: 4, F32: 4, F16: 2, I16: 2, BF16: 2 };
const M = "model.layers.0.mlp.up_proj";

/** `ending dtype sizes`, such as `.qweight I32 4 8`: a tensor of zeros of the module. */
function tensor(text: string): FixtureTensor {
  const [ending, dtype, ...sizes] = text.split(" ");
  const shape = sizes.map(Number);
  const bytes = (WIDTH[dtype] ?? 1) * shape.reduce((product, size) => product * size, 1);
  return { name: M + ending, dtype, shape, data: new Uint8Array(bytes) };
}

const decoded = (weight: string, scheme: string) =>
  `${M}${weight} is quantised (${scheme}), which is not decoded. Choose the unquantised model.`;
const notDecoded = (how: string, ending = ".weight") => `${M}${ending} is quantised (${how}), which is not decoded.`;
const misfit = (scheme: string, name: string, scales: string, own: string) =>
  `${M}${name} is quantised (${scheme}), and its scales ${M}${scales} do not fit its shape ${own}.`;
const quantised = (more: Record<string, unknown>) => ({ quantization_config: more });

/** The weight first: it is listed with the sentence, and what belongs to it is not. */
const REFUSED: [sentence: string, tensors: string[], config?: Record<string, unknown>][] = [
  [decoded(".codes", "AQLM"), [".codes I16 4 2 1", ".codebooks F16 1 8 1 8", ".scales F16 4 1 1 1"]],
  [decoded(".W_q", "HQQ"), [".W_q U8 4 8", ".scale F16 4 1", ".zero F16 4 1"]],
  [
    decoded(".q_weight", "EXL2"),
    [".q_weight I32 4 8", ".q_scale I32 2 4", ".q_groups I16 2", ".q_invperm I32 8", ".q_scale_max F16 2"],
  ],
  [decoded(".trellis", "EXL3"), [".trellis I16 1 1 48", ".suh F16 16", ".svh F16 16", ".mcg I32 1"]],
  [decoded(".Qidxs", "QuIP#"), [".Qidxs I64 4 2", ".SU F16 8", ".SV F16 4", ".Wscale F32 1", ".codebook_id I64 1"]],
  [
    decoded(".indices", "VPTQ"),
    [
      ...[".indices I32 1 4 8", ".centroids.weight F16 1 32", ".res_centroids.weight F16 1 32"],
      ...[".weight_scale F16 8", ".weight_bias F16 8", ".perm I64 8"],
    ],
  ],
  [
    decoded(".dense_weights", "SpQR"),
    [".dense_weights I64 16", ".row_offsets I32 17", ".col_vals I32 4", ".in_perm I64 16"],
  ],
  [decoded(".B", "Marlin"), [".B I32 4 8", ".s F16 1 8", ".workspace I32 4"]],
  [decoded(".weight", "EETQ"), [".weight I8 4 8", ".weight_scales F16 8"]],
  [decoded(".weight._data", "Quanto"), [".weight._data I8 4 8", ".weight._scale F16 4 1", ".input_scale F32 1"]],
  [decoded(".weight._data", "Quanto"), [".weight._data F8_E4M3 4 8", ".weight._scale F16 4 1"]],
  [
    decoded(".weight._data._data", "Quanto"),
    [".weight._data._data U8 2 8", ".weight._scale F16 4 1", ".weight._shift F16 4 1"],
  ],
  [decoded(".weight", "BitNet"), [".weight U8 4 8", ".weight_scale F16 1"]],
  [decoded(".weight", "HIGGS"), [".weight I16 4 8", ".tables F16 4 2", ".tables2 F16 4 4", ".scales F16 4 8"]],
  [notDecoded("GPTQ, 5 bits"), [".qweight I32 10 32", ".qzeros I32 1 5", ".scales F16 1 32", ".g_idx I32 64"]],
  [
    notDecoded("GPTQ, repacked for Marlin"),
    [".qweight I32 4 32", ".qzeros I32 1 4", ".scales F16 1 32"],
    quantised({ quant_method: "gptq", checkpoint_format: "marlin" }),
  ],
  [
    notDecoded("AWQ, repacked for the fast GEMV kernel"),
    [".qweight I16 8 64", ".qzeros F16 8 32", ".scales F16 8 32"],
    quantised({ quant_method: "awq", version: "gemv_fast" }),
  ],
  [
    misfit("GPTQ", ".weight", ".scales of shape [3, 32]", "[8, 32]"),
    [".qweight I32 8 32", ".scales F16 3 32", ".qzeros I32 3 4"],
  ],
  [
    misfit("AWQ", ".weight", ".scales of shape [3, 32]", "[64, 4]"),
    [".qweight I32 64 4", ".scales F16 3 32", ".qzeros I32 3 4"],
  ],
  [
    misfit("AWQ, GEMV", ".weight", ".scales of shape [32, 9]", "[32, 16]"),
    [".qweight I32 32 16", ".scales F16 32 9", ".qzeros I32 32 1"],
    quantised({ quant_method: "awq", version: "gemv" }),
  ],
  [
    notDecoded("mlx, 7 bits"),
    [".weight U32 4 7", ".scales F16 4 1", ".biases F16 4 1"],
    { quantization: { bits: 7, group_size: 32 } },
  ],
  [
    notDecoded("mlx, mxfp4"),
    [".weight U32 4 8", ".scales U8 4 2"],
    { quantization: { bits: 4, group_size: 32, mode: "mxfp4" } },
  ],
  [notDecoded("mlx"), [".weight U32 4 8", ".scales F16 4 1", ".biases F16 4 1"]],
  [
    misfit("mlx", ".weight", ".scales of shape [4, 3]", "[4, 64]"),
    [".weight U32 4 8", ".scales F16 4 3", ".biases F16 4 3"],
    { quantization: { bits: 4, group_size: 64 } },
  ],
  [
    notDecoded("packed integers by activation order"),
    [".weight_packed I32 4 8", ".weight_scale F16 4 2", ".weight_g_idx I32 64", ".weight_shape I64 2"],
  ],
  [
    notDecoded("packed integers of 3 bits"),
    [".weight_packed I32 4 8", ".weight_scale F16 4 2"],
    quantised({ config_groups: { group_0: { weights: { num_bits: 3 } } } }),
  ],
  [
    misfit("packed integers", ".weight", ".weight_scale of shape [5, 2]", "[4, 64]"),
    [".weight_packed I32 4 8", ".weight_scale F16 5 2"],
  ],
  [
    misfit("FP8 E4M3", ".weight", ".weight_scale of shape [5, 1]", "[6, 8]"),
    [".weight F8_E4M3 6 8", ".weight_scale F32 5 1"],
  ],
  [notDecoded("INT8 with zero points"), [".weight I8 4 8", ".weight_scale F32 4 1", ".weight_zero_point I8 4 1"]],
  [misfit("MXFP4", "", "_scales of shape [4, 3]", "[4, 2, 16]"), ["_blocks U8 4 2 16", "_scales U8 4 3"]],
  [
    misfit("NF4", ".weight", ".weight.absmax of shape [7]", "[64]"),
    [
      ".weight U8 32 1",
      ".weight.absmax F32 7",
      ".weight.quant_map F32 16",
      ".weight.quant_state.bitsandbytes__nf4 U8 2",
    ],
  ],
  [
    `${M}.weight is quantised (FP4), and its nested scales are not complete.`,
    [
      ".weight U8 32 1",
      ".weight.absmax U8 1",
      ".weight.quant_map F32 16",
      ".weight.quant_state.bitsandbytes__fp4 U8 2",
    ],
  ],
  [
    `${M}.qweight is quantised (SPQR-X), and what decoding it takes is not all there.`,
    [".qweight I32 4 8"],
    quantised({ quant_method: "spqr-x" }),
  ],
  [`${M}_blocks is quantised (an unknown scheme), and what decoding it takes is not all there.`, ["_blocks U8 4 2 16"]],
];

test.each(REFUSED)("%s", (sentence, texts, config) => {
  const tensors = texts.map(tensor);
  const norm: FixtureTensor = { name: "model.norm.weight", dtype: "F16", shape: [4], data: new Uint8Array(8) };
  const { views, left } = viewsOf(checkpointOf([writeSafetensors([...tensors, norm])], config));
  expect(views.map(({ name }) => name)).toEqual(["model.norm.weight"]);
  expect(left).toEqual([{ name: tensors[0].name, reason: sentence }]);
});

test("a packed weight that cannot be turned round in memory is named", () => {
  const outputs = 2 ** 15;
  const inputs = WHOLE_BYTES / outputs + 128;
  const sizes = {
    qweight: [inputs / 8, outputs],
    qzeros: [inputs / 128, outputs / 8],
    scales: [inputs / 128, outputs],
  };
  let at = 0;
  const tensors = Object.entries(sizes).map(([ending, shape]) => {
    const [dtype, width] = ending === "scales" ? (["F16", 2] as const) : (["I32", 4] as const);
    const begin = at;
    at += width * shape[0] * shape[1];
    return { file: 0, tensor: { name: `${M}.${ending}`, dtype, shape, span: { begin, end: at } } };
  });
  const { views, left } = viewsOf({ ...checkpointOf([]), tensors });
  expect(views).toEqual([]);
  expect(left).toEqual([
    { name: `${M}.qweight`, reason: `${M}.weight is quantised (GPTQ) and too large to be turned round in memory.` },
  ]);
});
