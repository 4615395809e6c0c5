import type { ScaledEncoding } from "../encoding.ts";
import { auxiliary, countOf, misfit, type Scheme, type Stored, type Surroundings } from "./scheme.ts";

const NAMES: Record<string, string> = {
  F8_E4M3: "FP8 E4M3",
  F8_E5M2: "FP8 E5M2",
  F8_E4M3FNUZ: "FP8 E4M3 FNUZ",
  F8_E5M2FNUZ: "FP8 E5M2 FNUZ",
  I8: "INT8",
};

const USUAL_BLOCKS = [128, 64, 32, 16, 256, 512];

/**
 * How many elements share a scale along an axis of `size`, of `scales` scales; null where it cannot be told. Three scales for
 * fused q, k and v, say, are of parts that need not be equal.
 */
function blockAlong(size: number, scales: number, stated: number | undefined): number | null {
  if (scales === 1) return size;
  if (scales === size) return 1;
  const fits = (block: number | undefined) => block !== undefined && Math.ceil(size / block) === scales;
  return [stated, ...USUAL_BLOCKS].find(fits) ?? null;
}

/** The axes of scales as those of the weight: a list stands for rows, a single number for everything. */
function gridOf(scales: readonly number[], rank: number): number[] {
  if (countOf(scales) === 1) return new Array<number>(rank).fill(1);
  return scales.length === rank - 1 ? [...scales, 1] : [...scales];
}

function layoutOf(shape: readonly number[], scales: readonly number[], stated: readonly number[] = []) {
  const own = shape.length === 1 ? [...shape, 1] : shape;
  const grid = gridOf(scales, own.length);
  const [rows, columns] = own.slice(-2);
  const [gridRows, gridColumns] = grid.slice(-2);
  const block = [blockAlong(rows, gridRows, stated[0]), blockAlong(columns, gridColumns, stated[1])] as const;
  const matrices = countOf(own.slice(0, -2));
  const stacked = countOf(grid.slice(0, -2)) === matrices;
  if (grid.length !== own.length || !stacked || block[0] === null || block[1] === null) return null;
  const whole = countOf(scales) === 1;
  return {
    ...{ rows: whole ? rows * matrices : rows, columns, grid: [gridRows, gridColumns] as const },
    ...{ block: [whole ? rows * matrices : block[0], block[1]] as const, matrices: whole ? 1 : matrices },
  };
}

/** bitsandbytes keeps the largest magnitude of a row, which stands for 127. */
function scalesOf({ tensor }: Stored, { find }: Surroundings): [scales: Stored, factor: number] | null {
  const { name, dtype } = tensor;
  const found = find(`${name}_scale_inv`) ?? find(`${name}_scale`);
  if (found) return [found, 1];
  const row = dtype === "I8" && /\bweight$/.test(name) ? find(name.replace(/weight$/, "SCB")) : undefined;
  return row ? [row, 1 / 127] : null;
}

/** Words of bookkeeping that belong to a scaled weight: what its activations are scaled by, how its bytes are laid out. */
const ACTIVATIONS = ["input_scale", "input_zero_point", "activation_scale"];

/** Bytes that are multiplied by a scale: FP8 and INT8 by block, row or tensor. */
export const scaled: Scheme = (stored, around) => {
  const { name, dtype, shape, span } = stored.tensor;
  const scheme = NAMES[dtype];
  const found = scheme === undefined || shape.length === 0 ? null : scalesOf(stored, around);
  if (!found) return null;
  const [scales, factor] = found;
  const module = name.replace(/weight$/, "");
  const uses = [scales.tensor.name, `${module}weight_format`].filter((each) => around.find(each));
  const others = ACTIVATIONS.map((each) => module + each)
    .filter((each) => around.find(each))
    .map((each) => ({ name: each, reason: `It scales the activations that ${name} meets, and is no weight.` }));
  if (around.find(`${name}_zero_point`))
    return {
      reason: `${name} is quantised (${scheme} with zero points), which is not decoded.`,
      uses: [...uses, `${name}_zero_point`],
      others,
    };
  const layout = layoutOf(shape, scales.tensor.shape, around.quantisation.block);
  if (!layout) return { reason: misfit(scheme, name, shape, scales), uses, others };
  const { matrices, ...place } = layout;
  const { rows, columns, grid, block } = place;
  // Blocks that end with their matrix, so that scales come in step with rows.
  const inStep = (matrices === 1 || rows % block[0] === 0) && countOf(grid) > 1;
  const per = inStep ? { elements: block[0] * columns, entries: grid[1] } : undefined;
  const encoding: ScaledEncoding = {
    ...{ scheme: "scaled", name: `${scheme}, ${blockText(layout)}`, first: 0, bits: 8, dtype, ...place, factor },
    auxiliary: [auxiliary(scales, per)],
  };
  const view = { name, dtype: "F32", shape, count: countOf(shape), file: stored.file, span, encoding } as const;
  return { view, uses, others };
};

function blockText({ rows, columns, block }: Pick<ScaledEncoding, "rows" | "columns" | "block">): string {
  if (block[0] >= rows && block[1] >= columns) return "one scale";
  if (block[0] === 1 && block[1] >= columns) return "a scale a row";
  if (block[0] >= rows && block[1] === 1) return "a scale a column";
  return `blocks of ${block[0]} × ${block[1]}`;
}
