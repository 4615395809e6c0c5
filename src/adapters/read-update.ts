import { isDecodable, undecodableReason } from "../safetensors/decode.ts";
import type { LowRankUpdate, StoredIn } from "../tensors/low-rank-update.ts";
import type { Config } from "./adapter-scale.ts";
import type { Spelling } from "./part-of-module.ts";

/** The stored tensors of one module's update. */
export interface Factors {
  name: string;
  spelling: Spelling;
  embedding: boolean;
  a: StoredIn;
  b: StoredIn;
  magnitude?: StoredIn;
}

const text = ({ tensor }: StoredIn): string => `[${tensor.shape.join(", ")}]`;
const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

/** The update that two matrices make, without scale and target, or the sentence that says why they make none. */
export function updateOf(
  factors: Factors,
  config: Config | undefined,
): Omit<LowRankUpdate, "alpha" | "divisor" | "target"> | { reason: string } {
  const { name, spelling, embedding, a, b, magnitude } = factors;
  const odd = [a, b, ...(magnitude ? [magnitude] : [])].find(({ tensor }) => !isDecodable(tensor.dtype));
  if (odd) return { reason: undecodableReason(odd.tensor.dtype) ?? "" };
  const [shapeA, shapeB] = [a.tensor.shape, b.tensor.shape];
  const transposed = spelling === "mlx";
  if (shapeA.length < 2 || shapeB.length < 2 || (transposed && shapeA.length > 2))
    return {
      reason: `The two matrices have the shapes ${text(a)} and ${text(b)}, which are not those of a low-rank update.`,
    };
  const [inner, rank] = transposed ? shapeA : [shapeA[1], shapeA[0]];
  const [rankB, out] = transposed ? shapeB : [shapeB[1], shapeB[0]];
  const kernel = transposed ? [] : shapeA.slice(2);
  if (rank !== rankB || product(shapeB.slice(2)) !== 1)
    return {
      reason: `The two matrices do not fit each other: A of shape ${text(a)} has rank ${rank}, B of shape ${text(b)} has ${rankB}.`,
    };
  if (rank === 0 || product(shapeA) === 0 || out === 0)
    return { reason: `The two matrices have the shapes ${text(a)} and ${text(b)}, and so no elements.` };
  const wrong = magnitude && wrongMagnitude(magnitude, out, spelling);
  if (wrong) return { reason: wrong };
  return {
    name,
    rank,
    out,
    in: inner * product(kernel),
    kernel,
    a: { ...a, transposed },
    b: { ...b, transposed },
    transposed: kernel.length === 0 && (embedding || (spelling === "peft" && config?.fan_in_fan_out === true)),
    ...(magnitude ? { magnitude } : {}),
  };
}

/** LyCORIS writes [1, in, …] where it normalises the columns; PEFT's convolutions have [1, out, 1, 1] and mean the rows. */
function wrongMagnitude(magnitude: StoredIn, out: number, spelling: Spelling): string | undefined {
  const { shape } = magnitude.tensor;
  const isOfColumns = spelling === "kohya" && shape[0] === 1 && product(shape) > 1;
  if (isOfColumns) return "The update is a DoRA over the columns of the weight, which is not computed here.";
  if (product(shape) === out) return undefined;
  return `The magnitude of the DoRA has the shape ${text(magnitude)}, but the update has ${out} rows.`;
}
