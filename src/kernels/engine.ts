import type { Dtype } from "../safetensors/dtype.ts";
import type { PairStats } from "./pair-stats.ts";

/** The names of all engines, the fastest first; they stand in links and files. */
export const ENGINES = ["wgsl", "wasm", "reference"] as const;
export type EngineName = (typeof ENGINES)[number];

/** A stretch of a pair: `count` elements of each side as they lie in the file, little-endian, at any byte alignment. */
export interface Stretch {
  dtypeA: Dtype;
  a: Uint8Array;
  dtypeB: Dtype;
  b: Uint8Array;
  /** Elements; a multiple of `BLOCK_ELEMENTS` except at the end of a tensor. */
  count: number;
}

/**
 * Computes PairStats of stretches. The bytes are only read, and only until the returned promise settles.
 * Calls may overlap; each resolves with the numbers of its own stretch.
 */
export interface Engine {
  readonly name: EngineName;
  pairStats(stretch: Stretch): PairStats | Promise<PairStats>;
  /** Frees what the engine holds; it is not used afterwards. */
  close(): void;
}
