import type { StoredTensor } from "../../safetensors/stored-tensor.ts";
import type { Auxiliary } from "../encoding.ts";
import type { View } from "../view.ts";
import type { Quantisation } from "./quantisation.ts";

/** A stored tensor and the index of its file. */
export interface Stored {
  file: number;
  tensor: StoredTensor;
}

/** What a scheme may look at besides the tensor in hand. */
export interface Surroundings {
  /** The first tensor of this name. */
  find(name: string): Stored | undefined;
  quantisation: Quantisation;
}

/**
 * What came of a tensor that carries a scheme's weights: its view, or the sentence for why there is none. `uses` names the
 * tensors that belong to it and are no weights of their own; `others`, of those, the ones that a comparison has no use for,
 * each with a sentence.
 */
export type Found = ({ view: View } | { reason: string }) & {
  uses: string[];
  others?: { name: string; reason: string }[];
};

/** Recognises one way of storing weights by names, dtypes and shapes; null where the tensor is not stored so. */
export type Scheme = (stored: Stored, around: Surroundings) => Found | null;

export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export const shapeText = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** A stored tensor as one that decoding takes, read in step with the weights where `per` is given. */
export function auxiliary({ file, tensor }: Stored, per?: Auxiliary["per"]): Auxiliary {
  const { span, dtype } = tensor;
  return { file, span, dtype, ...(per ? { per } : {}) };
}

/** Why scales that do not fit cannot be used. */
export const misfit = (scheme: string, name: string, own: readonly number[], scales: Stored): string =>
  `${name} is quantised (${scheme}), and its scales ${scales.tensor.name} of shape ${shapeText(scales.tensor.shape)} do not fit its shape ${shapeText(own)}.`;
