import type { Encoding } from "../encoding.ts";
import { WHOLE_BYTES } from "../view.ts";
import { auxiliary, misfit, type Scheme, type Stored, type Surroundings } from "./scheme.ts";

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
  if (![2, 4, 8].includes(width) || !Number.isInteger(group) || Math.ceil(inputs / group) !== groups) return null;
  const ordered = order !== undefined && quantisation.ordered !== false;
  const read = [scales, zeros, ...(order && ordered ? [order] : [])].map((each) => auxiliary(each));
  const encoding: Encoding = {
    ...{ scheme: "gptq", name: `GPTQ, ${width} bits in groups of ${group}`, first: 0, bits: null, width, group },
    ...{ inputs, outputs, ordered, lessOne: quantisation.variant !== "gptq_v2", auxiliary: read },
  };
  return { inputs, encoding };
}

/** `qweight` [inputs, outputs / 8]. */
function awq({ packed, scales, zeros, groups, outputs }: Parts, { quantisation }: Surroundings) {
  const [inputs] = packed.tensor.shape;
  const group = inputs / groups;
  const fits = zeros.tensor.shape[1] === packed.tensor.shape[1] && quantisation.variant !== "gemv";
  if (!fits || !Number.isInteger(group)) return null;
  const encoding: Encoding = {
    ...{ scheme: "awq", name: `AWQ, 4 bits in groups of ${group}`, first: 0, bits: null, outputs, group },
    auxiliary: [auxiliary(scales), auxiliary(zeros)],
  };
  return { inputs, encoding };
}

/**
 * GPTQ and AWQ, which share their names and differ in the axis along which they pack: that is the axis of `qweight` that is
 * shorter than `scales` says. Both store [inputs, outputs], so the view turns them round.
 */
export const gptqOrAwq: Scheme = (stored, around) => {
  const { name, shape, span } = stored.tensor;
  const module = name.replace(/\.qweight$/, "");
  const { find } = around;
  if (module === name || shape.length !== 2) return null;
  const [scales, zeros, order] = [".scales", ".qzeros", ".g_idx"].map((ending) => find(module + ending));
  if (!scales || !zeros) return null;
  const uses = [scales, zeros, order].flatMap((each) => each?.tensor.name ?? []);
  const [groups = 0, outputs = 0] = scales.tensor.shape;
  const parts = { packed: stored, scales, zeros, order, groups, outputs };
  const scheme = shape[1] === outputs ? "GPTQ" : "AWQ";
  const plain = `${module}.weight`;
  if (around.quantisation.variant === "marlin")
    return { reason: `${plain} is quantised (GPTQ, repacked for Marlin), which is not decoded.`, uses };
  const width = (zeros.tensor.shape[1] * 32) / outputs;
  if (scheme === "GPTQ" && [3, 5, 6].includes(width))
    return { reason: `${plain} is quantised (GPTQ, ${width} bits), which is not decoded.`, uses };
  const fitting = scheme === "GPTQ" || shape[1] * 8 === outputs;
  const found = fitting ? (scheme === "GPTQ" ? gptq : awq)(parts, around) : null;
  if (!found) return { reason: misfit(scheme, plain, shape, scales), uses };
  if (span.end - span.begin > WHOLE_BYTES)
    return { reason: `${plain} is quantised (${scheme}) and too large to be turned round in memory.`, uses };
  const { inputs, encoding } = found;
  const [sizes, count] = [[outputs, inputs], outputs * inputs];
  const turned = { sizes, strides: [1, outputs], offset: 0 };
  const view = { name: plain, dtype: "F32", shape: sizes, count, file: stored.file, span, encoding } as const;
  return { view: { ...view, order: turned }, uses };
};
