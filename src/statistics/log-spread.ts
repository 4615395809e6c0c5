import { magnitudeEdge } from "../kernels/bins.ts";
import type { PairStats } from "../kernels/pair-stats.ts";

/** Where the sizes of the relative changes lie, as powers of two: −8 stands for |t| = 2^−8. Changed elements only. */
export interface LogSpread {
  median: number;
  /** 16 and 84 per cent of the changed elements are smaller: a standard deviation either side, were it a normal curve. */
  low: number;
  high: number;
  /** high − low, in octaves. Of a ratio of two independent Gaussians: 3.92. */
  octaves: number;
}

/** The size below which `share` of the elements lie, as a power of two; null where it lies in an end slot. */
function quantile(slots: Float64Array, total: number, share: number): number | null {
  let below = 0;
  let slot = 0;
  while (slot < slots.length - 1 && below + slots[slot] < share * total) below += slots[slot++];
  if (slot === 0 || slot === slots.length - 1) return null;
  const from = Math.log2(magnitudeEdge(slot));
  const to = Math.log2(magnitudeEdge(slot + 1));
  return from + (to - from) * ((share * total - below) / slots[slot]);
}

/**
 * The spread of |t| on a logarithmic scale, to a quarter of an octave or better (even within a slot). Null without changed
 * elements, and where a quantile lies outside 2^−20·1.25 … 2^9·1.75, the inner slots.
 */
export function logSpread({ magnitude }: Pick<PairStats, "magnitude">): LogSpread | null {
  const slots = magnitude.grow.map((count, slot) => count + magnitude.shrink[slot]);
  const total = slots.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const low = quantile(slots, total, 0.16);
  const median = quantile(slots, total, 0.5);
  const high = quantile(slots, total, 0.84);
  if (low === null || median === null || high === null) return null;
  return { median, low, high, octaves: high - low };
}
