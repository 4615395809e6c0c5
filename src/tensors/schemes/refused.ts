import type { Scheme } from "./scheme.ts";

/** Schemes that are known and not decoded: how their weights' names end, beside which tensor, and what else they bring. */
const KNOWN: { scheme: string; weight: string; beside: string; more?: string[] }[] = [
  { scheme: "AQLM", weight: "codes", beside: "codebooks", more: ["scales"] },
  { scheme: "HQQ", weight: "W_q", beside: "scale", more: ["zero", "shape", "nbits", "group_size", "axis", "packing"] },
  {
    ...{ scheme: "EXL2", weight: "q_weight", beside: "q_scale" },
    more: ["q_scale_max", "q_groups", "q_group_map", "q_invperm", "q_perm"],
  },
  { scheme: "EXL3", weight: "trellis", beside: "suh", more: ["svh", "su", "sv", "mcg", "mul1"] },
  { scheme: "QuIP#", weight: "Qidxs", beside: "SU", more: ["SV", "Wscale", "codebook_id"] },
  {
    ...{ scheme: "VPTQ", weight: "indices", beside: "centroids.weight" },
    more: [
      ...["res_indices", "res_centroids.weight", "outlier_indices", "outlier_centroids.weight"],
      ...["weight_scale", "weight_bias", "perm"],
    ],
  },
  { scheme: "SpQR", weight: "dense_weights", beside: "row_offsets", more: ["col_vals", "in_perm"] },
  { scheme: "Marlin", weight: "B", beside: "s", more: ["workspace"] },
  { scheme: "EETQ", weight: "weight", beside: "weight_scales" },
  { scheme: "Quanto", weight: "weight._data", beside: "weight._scale", more: ["input_scale", "output_scale"] },
  {
    ...{ scheme: "Quanto", weight: "weight._data._data", beside: "weight._scale" },
    more: ["weight._shift", "input_scale", "output_scale"],
  },
  { scheme: "BitNet", weight: "weight", beside: "weight_scale" },
  { scheme: "HIGGS", weight: "weight", beside: "tables", more: ["scales", "tables2"] },
];

const CODES: ReadonlySet<string> = new Set([
  ...["U8", "I8", "I16", "U16", "I32", "U32", "I64", "U64"],
  // Quanto scales these, too.
  ...["F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ"],
]);

/** Packed weights whose scheme can be named and not decoded. Taken for plain numbers they would be compared as nonsense. */
export const refused: Scheme = ({ tensor }, { find, quantisation }) => {
  const { name, dtype } = tensor;
  if (!CODES.has(dtype)) return null;
  for (const { scheme, weight, beside, more = [] } of KNOWN) {
    if (!name.endsWith(`.${weight}`)) continue;
    const module = name.slice(0, -weight.length);
    if (!find(module + beside)) continue;
    const uses = [beside, ...more].map((each) => module + each).filter((each) => find(each));
    return { reason: `${name} is quantised (${scheme}), which is not decoded. Choose the unquantised model.`, uses };
  }
  const packed = /\.(?:qweight|weight_packed)$/.test(name) || /_blocks$/.test(name);
  if (!packed) return null;
  const scheme = quantisation.method?.toUpperCase() ?? "an unknown scheme";
  const reason = `${name} is quantised (${scheme}), and what decoding it takes is not all there.`;
  return { reason, uses: [] };
};
