import type { GroupedEncoding } from "../encoding.ts";
import { auxiliary, countOf, misfit, type Scheme, type Stored } from "./scheme.ts";

function viewOf(packed: Stored, name: string, shape: readonly number[], encoding: GroupedEncoding) {
  const { file, tensor } = packed;
  return { name, dtype: "F32", shape, count: countOf(shape), file, span: tensor.span, encoding } as const;
}

/** compressed-tensors' `pack-quantized`: `weight_packed` I32 [out, in · bits / 32], `weight_scale` [out, groups]. */
const compressed: Scheme = (stored, { find, quantisation }) => {
  const { name, dtype, shape } = stored.tensor;
  const plain = name.replace(/_packed$/, "");
  const scales = plain !== name && dtype === "I32" && shape.length === 2 ? find(`${plain}_scale`) : undefined;
  if (!scales) return null;
  const [rest, order] = [["_shape", "_zero_point"].map((each) => plain + each), find(`${plain}_g_idx`)];
  const uses = [scales.tensor.name, ...rest, `${plain}_g_idx`].filter((each) => find(each));
  if (order)
    return { reason: `${plain} is quantised (packed integers by activation order), which is not decoded.`, uses };
  const groups = scales.tensor.shape.at(-1) ?? 1;
  // Four bits is what the format is used with where nothing is said.
  const bits = quantisation.bits ?? 4;
  if (![2, 4, 8].includes(bits))
    return { reason: `${plain} is quantised (packed integers of ${bits} bits), which is not decoded.`, uses };
  const columns = (shape[1] * 32) / bits;
  const group = columns / groups;
  const fits = scales.tensor.shape.length === 2 && scales.tensor.shape[0] === shape[0] && Number.isInteger(group);
  if (!fits) return { reason: misfit("packed integers", plain, [shape[0], columns], scales), uses };
  const zeros = find(`${plain}_zero_point`);
  const perZeros = { elements: columns * (32 / bits), entries: groups };
  return {
    view: viewOf(stored, plain, [shape[0], columns], {
      ...{ scheme: "grouped", name: `INT${bits} in groups of ${group}`, first: 0, bits, columns, group },
      ...{ places: groups, zero: 2 ** (bits - 1), extra: zeros ? "zeros" : null },
      auxiliary: [auxiliary(scales, { elements: group, entries: 1 }), ...(zeros ? [auxiliary(zeros, perZeros)] : [])],
    }),
    uses,
  };
};

/** mlx: `weight` U32 [.., in · bits / 32], `scales` and `biases` [.., groups]; bits and group stand in the config only. */
const mlx: Scheme = (stored, { find, quantisation }) => {
  const { name, dtype, shape } = stored.tensor;
  const module = name.replace(/\.weight$/, "");
  const [scales, biases] = dtype === "U32" ? [find(`${module}.scales`), find(`${module}.biases`)] : [];
  if (module === name || !scales) return null;
  const uses = [scales, ...(biases ? [biases] : [])].map(({ tensor }) => tensor.name);
  const packing = quantisation.packing(module);
  const bits = packing?.bits ?? 0;
  const affine = (packing?.mode ?? "affine") === "affine";
  if (!biases || !packing || !affine || ![2, 3, 4, 5, 6, 8].includes(bits)) {
    const how = affine ? `${bits} bits` : packing?.mode;
    return { reason: `${name} is quantised (mlx${packing ? `, ${how}` : ""}), which is not decoded.`, uses };
  }
  const columns = ((shape.at(-1) ?? 0) * 32) / bits;
  const logical = [...shape.slice(0, -1), columns];
  const { group } = packing;
  const expected = countOf(logical) / group;
  if (countOf(scales.tensor.shape) !== expected || countOf(biases.tensor.shape) !== expected)
    return { reason: misfit("mlx", name, logical, scales), uses };
  const per = { elements: group, entries: 1 };
  return {
    view: viewOf(stored, name, logical, {
      ...{ scheme: "grouped", name: `mlx, ${bits} bits in groups of ${group}`, first: 0, bits, columns, group },
      ...{
        places: columns / group,
        zero: 0,
        extra: "bias",
        auxiliary: [auxiliary(scales, per), auxiliary(biases, per)],
      },
    }),
    uses,
  };
};

/** Whole numbers in 32-bit words along the rows: compressed-tensors and mlx. */
export const packedIntegers: Scheme = (stored, around) => compressed(stored, around) ?? mlx(stored, around);
