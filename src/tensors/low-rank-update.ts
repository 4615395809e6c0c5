import { needsFloat64 } from "../safetensors/decode.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import type { StoredTensor } from "../safetensors/stored-tensor.ts";

/** A tensor of the adapter as it is stored; `file` counts among the adapter's `files`. */
export interface StoredIn {
  file: number;
  tensor: StoredTensor;
}

/** One of the two small matrices. */
export interface Factor extends StoredIn {
  /** Stored the other way round than PyTorch's Linear has it: A as [in, rank], B as [rank, out]. */
  transposed: boolean;
}

/** How an adapter says which weight it changes. */
export type Target =
  /** By name: what the weight may be called in the base, likeliest first. */
  | { kind: "named"; names: readonly string[] }
  /** By the module's path with underscores for dots, the word for the part of the pipeline left out. */
  | { kind: "flat"; path: string }
  /** By its number in the order in which the training script came upon it, which no file tells. */
  | { kind: "numbered" };

/**
 * What an adapter adds to one weight: ΔW = s·B·A with A [rank, in] and B [out, rank], of shape [out, in, …kernel]. With
 * `magnitude` m (DoRA) the weight becomes m·(W + ΔW)/‖W + ΔW‖ instead, row by row.
 */
export interface LowRankUpdate {
  /** The module as the adapter calls it. */
  name: string;
  target: Target;
  rank: number;
  out: number;
  /** Columns of A: the inputs, times the size of the kernel where there is one. */
  in: number;
  /** What follows [out, in] in a convolution's shape; empty for a matrix. */
  kernel: readonly number[];
  a: Factor;
  b: Factor;
  /** ΔW lies in the base as [in, out]: a Conv1D of GPT-2 (`fan_in_fan_out`), or an embedding. */
  transposed: boolean;
  /** s is `alpha / divisor`; a stored alpha is one number that has to be read first. */
  alpha: number | StoredIn;
  divisor: number;
  /** One number per output row. */
  magnitude?: StoredIn;
  /** Which of a stack of experts it is for: the stored matrices are those of all, and `rank` is that of one. */
  expert?: { index: number; of: number };
}

/** s. `storedAlpha` is the number read from `update.alpha` where that is a stored tensor. Throws a RangeError without it. */
export function scaleOf(update: LowRankUpdate, storedAlpha?: number): number {
  const alpha = typeof update.alpha === "number" ? update.alpha : storedAlpha;
  if (alpha === undefined)
    throw new RangeError(`The alpha of ${update.name} has to be read before its scale is known.`);
  return alpha / update.divisor;
}

/** How long a row of ΔW is as it lies in the base, a kernel counted in. */
export const columnsOf = (update: LowRankUpdate): number => (update.transposed ? update.out : update.in);

/** The shape of ΔW as it lies in the base. */
export const shapeOfUpdate = (update: LowRankUpdate): number[] => {
  const kernelSize = update.kernel.reduce((product, size) => product * size, 1);
  if (update.transposed) return [update.in, update.out];
  return [update.out, update.in / kernelSize, ...update.kernel];
};

/** The type in which an adapted weight is computed, whatever the base is stored in. */
export const adaptedDtype = (base: Dtype): "F32" | "F64" => (needsFloat64(base) ? "F64" : "F32");
