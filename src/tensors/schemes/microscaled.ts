import type { MicroscaledEncoding } from "../encoding.ts";
import { auxiliary, countOf, misfit, type Scheme, type Stored } from "./scheme.ts";

/** Where the blocks, and so the scales, stand: what a name ends with, and what the scales' name ends with instead. */
const ENDINGS = [
  [/_blocks$/, "_scales"],
  [/\.blocks$/, ".scales"],
] as const;

function viewOf(
  packed: Stored,
  name: string,
  shape: readonly number[],
  scales: Stored,
  how: Omit<MicroscaledEncoding, "scheme" | "first" | "bits" | "auxiliary">,
  global?: Stored,
) {
  const per = { elements: how.group, entries: 1 };
  // Exponents are stored as plain bytes where the writer knows no E8M0.
  const dtype = scales.tensor.dtype === "U8" ? "F8_E8M0" : scales.tensor.dtype;
  const encoding: MicroscaledEncoding = {
    ...{ ...how, scheme: "microscaled", first: 0, bits: 4 },
    auxiliary: [{ ...auxiliary(scales, per), dtype }, ...(global ? [auxiliary(global)] : [])],
  };
  const { file, tensor } = packed;
  return { name, dtype: "F32", shape, count: countOf(shape), file, span: tensor.span, encoding } as const;
}

/** gpt-oss: [experts, rows, blocks, 16 bytes], and an exponent for each block of 32. */
const blocks: Scheme = (stored, { find }) => {
  const { name, dtype, shape } = stored.tensor;
  const ends = ENDINGS.find(([each]) => each.test(name));
  const scales = ends && dtype === "U8" ? find(name.replace(ends[0], ends[1])) : undefined;
  if (!ends || !scales) return null;
  const uses = [scales.tensor.name];
  const plain = name.replace(ends[0], "");
  if (shape.at(-1) !== 16 || countOf(scales.tensor.shape) * 16 !== countOf(shape))
    return { reason: misfit("MXFP4", plain, shape, scales), uses };
  const logical = [...shape.slice(0, -2), (shape.at(-2) ?? 1) * 32];
  return { view: viewOf(stored, plain, logical, scales, { name: "MXFP4", group: 32, global: null }), uses };
};

/** compressed-tensors' `weight_packed` and ModelOpt's `weight`: two elements to a byte, a scale for 16 or 32 of a row. */
const rows: Scheme = (stored, { find }) => {
  const { name, dtype, shape } = stored.tensor;
  const plain = name.replace(/_packed$/, "");
  const scales = dtype === "U8" ? find(`${plain}_scale`) : undefined;
  if (!scales || shape.length < 2) return null;
  const logical = [...shape.slice(0, -1), (shape.at(-1) ?? 0) * 2];
  const [divisor, factor] = [find(`${plain}_global_scale`), find(`${plain}_scale_2`)];
  const global = divisor ?? factor;
  const group = countOf(logical) / countOf(scales.tensor.shape);
  const nvidia = scales.tensor.dtype === "F8_E4M3" && group === 16 && global !== undefined;
  const open = ["U8", "F8_E8M0"].includes(scales.tensor.dtype) && group === 32;
  if (!nvidia && !open) return null;
  const activations = ["input_global_scale", "input_scale"].map((each) => plain.replace(/weight$/, each));
  const others = activations
    .filter((each) => find(each))
    .map((each) => ({ name: each, reason: `It scales the activations that ${plain} meets, and is no weight.` }));
  const uses = [scales, ...(nvidia ? [global] : [])].map(({ tensor }) => tensor.name);
  const how = nvidia
    ? ({ name: "NVFP4", group, global: divisor ? "divide" : "multiply" } as const)
    : ({ name: "MXFP4", group, global: null } as const);
  return { view: viewOf(stored, plain, logical, scales, how, nvidia ? global : undefined), uses, others };
};

/** 4-bit floats with a scale for a few of them: MXFP4 and NVFP4. */
export const microscaled: Scheme = (stored, around) => blocks(stored, around) ?? rows(stored, around);
