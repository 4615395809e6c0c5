import { spanLength } from "../../bytes/span.ts";
import type { Encoding, GroupedEncoding } from "../encoding.ts";
import { WHOLE_BYTES } from "../view.ts";
import { auxiliary, countOf, misfit, type Scheme, type Stored, type Surroundings } from "./scheme.ts";

interface Parts {
  packed: Stored;
  scales: Stored;
  zeros: Stored;
  order: Stored | undefined;
  groups: number;
  outputs: number;
}

/** `qweight` [inputs · bits / 32, outputs]. */
function gptq({ packed, scales, zeros, order, groups, outputs }: Parts, { quantisation }: Surroundings) {
  const [words] = packed.tensor.shape;
  const width = (zeros.tensor.shape[1] * 32) / outputs;
  const inputs = (words * 32) / width;
  const group = quantisation.group ?? inputs / groups;
  const fits = [2, 3, 4, 8].includes(width) && Number.isInteger(inputs) && Number.isInteger(group);
  if (!fits || Math.ceil(inputs / group) !== groups) return null;
  const ordered = order !== undefined && quantisation.ordered !== false;
  const read = [scales, zeros, ...(order && ordered ? [order] : [])].map((each) => auxiliary(each));
  const encoding: Encoding = {
    ...{ scheme: "gptq", name: `GPTQ, ${width} bits in groups of ${group}`, first: 0, bits: null, width, group },
    ...{ inputs, outputs, ordered, lessOne: quantisation.variant !== "gptq_v2", auxiliary: read },
  };
  return { inputs, encoding };
}

/** `qweight` [inputs, outputs / 8]. */
function awq({ packed, scales, zeros, groups, outputs }: Parts) {
  const [inputs] = packed.tensor.shape;
  const group = inputs / groups;
  if (zeros.tensor.shape[1] !== packed.tensor.shape[1] || !Number.isInteger(group)) return null;
  const encoding: Encoding = {
    ...{ scheme: "awq", name: `AWQ, 4 bits in groups of ${group}`, first: 0, bits: null, outputs, group },
    auxiliary: [auxiliary(scales), auxiliary(zeros)],
  };
  return { inputs, encoding };
}

/**
 * AWQ as AutoAWQ's GEMV kernel has it: `qweight` [outputs, inputs / 8] in plain order, zero points packed along each row, and
 * scales padded to as many as those words have room for. It lies as an nn.Linear does, so it comes in a stream.
 */
function gemv({ packed, scales, zeros }: Parts, { quantisation }: Surroundings): GroupedEncoding | null {
  const [outputs, words] = packed.tensor.shape;
  const [places, columns] = [scales.tensor.shape[1], words * 8];
  const group = quantisation.group ?? 128;
  const fits = scales.tensor.shape[0] === outputs && zeros.tensor.shape[0] === outputs;
  if (!fits || zeros.tensor.shape[1] * 8 !== places || columns % group !== 0 || columns / group > places) return null;
  const [perScales, perZeros] = [places, places / 8].map((entries) => ({ elements: columns, entries }));
  return {
    ...{ scheme: "grouped", name: `AWQ (GEMV), 4 bits in groups of ${group}`, first: 0, bits: 4, columns, group },
    ...{
      places,
      zero: 0,
      extra: "zeros by row",
      auxiliary: [auxiliary(scales, perScales), auxiliary(zeros, perZeros)],
    },
  };
}

/** Variants whose words are shuffled for one kernel. */
const REPACKED: Record<string, string> = {
  marlin: "repacked for Marlin",
  gemv_fast: "repacked for the fast GEMV kernel",
  exllama: "repacked for ExLlama",
  exllamav2: "repacked for ExLlama",
  ipex: "repacked for IPEX",
};

/**
 * GPTQ and AWQ, which share their names and differ in the axis along which they pack: that is the axis of `qweight` that is
 * shorter than `scales` says. Both store [inputs, outputs], so the view turns them round; AWQ's GEMV variant does not.
 */
export const gptqOrAwq: Scheme = (stored, around) => {
  const { name, shape, span } = stored.tensor;
  const module = name.replace(/\.qweight$/, "");
  const { find, quantisation } = around;
  if (module === name || shape.length !== 2) return null;
  const [scales, zeros, order] = [".scales", ".qzeros", ".g_idx"].map((ending) => find(module + ending));
  if (!scales || !zeros) return null;
  const uses = [scales, zeros, order].flatMap((each) => each?.tensor.name ?? []);
  const [groups = 0, outputs = 0] = scales.tensor.shape;
  const parts = { packed: stored, scales, zeros, order, groups, outputs };
  const plain = `${module}.weight`;
  const { method, variant = "" } = quantisation;
  const repacked = REPACKED[variant];
  const scheme = variant === "gemv" || (repacked ? method === "awq" : shape[1] !== outputs) ? "AWQ" : "GPTQ";
  if (repacked) return { reason: `${plain} is quantised (${scheme}, ${repacked}), which is not decoded.`, uses };
  const common = { name: plain, dtype: "F32", file: stored.file, span } as const;
  if (variant === "gemv") {
    const encoding = gemv(parts, around);
    if (!encoding) return { reason: misfit("AWQ, GEMV", plain, shape, scales), uses };
    const own = [shape[0], encoding.columns];
    return { view: { ...common, shape: own, count: countOf(own), encoding }, uses };
  }
  const width = (zeros.tensor.shape[1] * 32) / outputs;
  if (scheme === "GPTQ" && [5, 6].includes(width))
    return { reason: `${plain} is quantised (GPTQ, ${width} bits), which is not decoded.`, uses };
  const fitting = scheme === "GPTQ" || shape[1] * 8 === outputs;
  const found = fitting ? (scheme === "GPTQ" ? gptq(parts, around) : awq(parts)) : null;
  if (!found) return { reason: misfit(scheme, plain, shape, scales), uses };
  // Both sides may be stored so.
  if (spanLength(span) > WHOLE_BYTES / 2)
    return { reason: `${plain} is quantised (${scheme}) and too large to be turned round in memory.`, uses };
  const { inputs, encoding } = found;
  const sizes = [outputs, inputs];
  const turned = { sizes, strides: [1, outputs], offset: 0 };
  return { view: { ...common, shape: sizes, count: countOf(sizes), encoding, order: turned }, uses };
};
