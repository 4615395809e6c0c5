import type { NarrowFloat, NarrowPair } from "../../kernels/narrow-float.ts";
import { BLOCK_ELEMENTS, type PairStats } from "../../kernels/pair-stats.ts";
import { createReferenceEngine } from "../../kernels/reference/reference-engine.ts";
import { roundToBits, valueOfBits } from "../../kernels/round-to-bits.ts";
import { DTYPE_BITS } from "../../safetensors/dtype.ts";
import type { PlantedChange } from "./planted-changes.ts";

/** Elements of a planted tensor. */
export const PLANTED_ELEMENTS = 50 * BLOCK_ELEMENTS;

/** Dtypes of A and B that changes are planted in. */
export const PLANTED_DTYPES: readonly NarrowPair[] = [
  ["BF16", "BF16"],
  ["F16", "F16"],
  ["F32", "F32"],
  ["BF16", "F32"],
  ["F32", "BF16"],
  ["F8_E4M3", "F8_E4M3"],
  ["F8_E5M2", "F8_E5M2"],
];

/** `BF16`, or `F32 → BF16` where they differ. */
export const label = ([dtypeA, dtypeB]: NarrowPair): string => (dtypeA === dtypeB ? dtypeA : `${dtypeA} → ${dtypeB}`);

/** Standard deviations of A, powers of two so that dividing by them is exact: what checkpoints have, and for 8 bits what scaling makes of it, well above the subnormals. */
const sizeOf = (dtype: NarrowFloat): number => (dtype.startsWith("F8") ? 4 : 2 ** -6);

const ARRAYS = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array };

const bytesOf = ({ buffer }: { buffer: ArrayBuffer }): Uint8Array => new Uint8Array(buffer);

/**
 * The numbers of a planted change in tensors of these dtypes, by the reference engine. A is rounded to its dtype before B
 * is made from it as `change` says, and B is then rounded to its own; the same in every run. `size`: the standard
 * deviation of A.
 */
export function plantedStats(
  change: Pick<PlantedChange, "draw">,
  [dtypeA, dtypeB]: NarrowPair,
  seed: number,
  { elements = PLANTED_ELEMENTS, size = sizeOf(dtypeA) } = {},
): PairStats {
  const a = new ARRAYS[DTYPE_BITS[dtypeA]](elements);
  const b = new ARRAYS[DTYPE_BITS[dtypeB]](elements);
  const draw = change.draw(seed);
  for (let i = 0; i < a.length; i++) {
    a[i] = roundToBits(dtypeA, draw.a() * size);
    b[i] = roundToBits(dtypeB, draw.b(valueOfBits(dtypeA, a[i]) / size) * size);
  }
  return createReferenceEngine().pairStats({ dtypeA, a: bytesOf(a), dtypeB, b: bytesOf(b), count: a.length });
}
