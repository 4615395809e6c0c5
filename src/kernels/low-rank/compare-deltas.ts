import { applyDora } from "./apply-dora.ts";
import { type DeltaSums, mergeDeltaSums } from "./delta-sums.ts";
import type { Adapted } from "./low-rank-factors.ts";
import { lowRankProduct } from "./low-rank-product.ts";

type Elements = Float32Array | Float64Array;

/** Elements multiplied out at once: 64 KiB. */
const CHUNK = 8192;

/**
 * Adds a stretch of two changes to the same base: what an adapter adds to it, u, and that of a full fine-tune, d = tuned −
 * base, rounded to float32 as PairStats has it unless a side is of doubles. u is not rounded. The stretch is elements `from`
 * … `from + base.length` in row-major order, of a DoRA whole rows. Sums are cut inside a stretch at fixed places, so that the
 * same stretches in the same order give the same bits. Throws a RangeError beyond the matrix.
 */
export function addDeltas(sums: DeltaSums, adapted: Adapted, base: Elements, tuned: Elements, from: number): void {
  const { columns } = adapted.factors;
  // A DoRA's rows have norms: it is computed by whole rows.
  const step = adapted.magnitude ? Math.max(1, Math.floor(CHUNK / columns)) * columns : CHUNK;
  const change = new Float64Array(Math.min(step, base.length));
  const rounds = base instanceof Float32Array && tuned instanceof Float32Array;
  for (let at = 0; at < base.length; at += step) {
    const own = change.subarray(0, Math.min(step, base.length - at));
    const [a, b] = [base.subarray(at, at + own.length), tuned.subarray(at, at + own.length)];
    fillChange(own, adapted, a, from + at);
    mergeDeltaSums(sums, sumsOf(own, a, b, rounds));
  }
}

/** u, unrounded. */
function fillChange(u: Float64Array, { factors, magnitude }: Adapted, base: Elements, from: number): void {
  if (magnitude) {
    applyDora(u, base, factors, magnitude, from);
    for (let i = 0; i < u.length; i++) u[i] -= base[i];
  } else lowRankProduct(u, factors, from);
}

function sumsOf(u: Float64Array, a: Elements, b: Elements, rounds: boolean): DeltaSums {
  let count = 0;
  let sumU2 = 0;
  let sumD2 = 0;
  let sumUD = 0;
  for (let i = 0; i < u.length; i++) {
    const x = u[i];
    const y = rounds ? Math.fround(b[i] - a[i]) : b[i] - a[i];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    count++;
    sumU2 += x * x;
    sumD2 += y * y;
    sumUD += x * y;
  }
  return { count, nonFinite: u.length - count, sumU2, sumD2, sumUD };
}
