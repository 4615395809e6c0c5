import type { FixtureTensor } from "./fixtures/write-safetensors.ts";

/** PairStats as a comparison file has them. */
export interface OracleStats {
  count: number;
  nonFinite: number;
  unchanged: number;
  zeroBase: number;
  zeroTuned: number;
  sumA2: number;
  sumAD: number;
  sumD2: number;
  sumD: number;
  sumAbsD: number;
  maxAbsD: number;
  above1e6: number;
  above1e5: number;
  relative: { positive: number[]; negative: number[] };
  magnitude: { grow: number[]; shrink: number[] };
}

/** The same where histograms are arrays of any kind, as an engine has them. */
export type CountedStats = Omit<OracleStats, "relative" | "magnitude"> & {
  relative: Record<"positive" | "negative", ArrayLike<number>>;
  magnitude: Record<"grow" | "shrink", ArrayLike<number>>;
};

/** Where slot 129 + j of a relative histogram begins, by j from 1: 1/256, 3/256 … 257/256. */
const relativeEdges = Array.from({ length: 129 }, (_, j) => (2 * j + 1) / 256);
/** Where a slot of a magnitude histogram begins; the first also takes what lies below. */
const magnitudeEdges = Array.from(
  { length: 120 },
  (_, i) => 2 ** (Math.floor(i / 4) - 20) * [1, 1.25, 1.5, 1.75][i % 4],
);

function float16(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

function bfloat16(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 7) & 255;
  const fraction = bits & 127;
  if (exponent === 255) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -133 : (128 + fraction) * 2 ** (exponent - 134));
}

/** The eight-bit floats: OCP's E4M3 has no infinities and one NaN of either sign, its E5M2 is half of a float16. */
function float8e4m3(bits: number): number {
  const sign = bits >> 7 ? -1 : 1;
  const exponent = (bits >> 3) & 15;
  const fraction = bits & 7;
  if (exponent === 15 && fraction === 7) return Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -9 : (8 + fraction) * 2 ** (exponent - 10));
}

const readers: Record<string, [width: number, read: (view: DataView, at: number) => number]> = {
  BF16: [2, (view, at) => bfloat16(view.getUint16(at, true))],
  F16: [2, (view, at) => float16(view.getUint16(at, true))],
  F8_E4M3: [1, (view, at) => float8e4m3(view.getUint8(at))],
  F8_E5M2: [1, (view, at) => float16(view.getUint8(at) << 8)],
  F32: [4, (view, at) => view.getFloat32(at, true)],
  F64: [8, (view, at) => view.getFloat64(at, true)],
  I64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  I32: [4, (view, at) => view.getInt32(at, true)],
  I16: [2, (view, at) => view.getInt16(at, true)],
  U8: [1, (view, at) => view.getUint8(at)],
};

/** The elements of a tensor as doubles, all of which a double holds exactly (I64 up to 2^53). */
export function valuesOf({ dtype, shape, data }: FixtureTensor): number[] {
  const reader = readers[dtype];
  if (!reader) throw new Error(`The oracle does not read ${dtype}.`);
  const [width, read] = reader;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = shape.reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, i) => read(view, i * width));
}

const isNarrow = ({ dtype }: FixtureTensor): boolean => ["BF16", "F16", "F32", "F8_E4M3", "F8_E5M2"].includes(dtype);

/** How many of the ascending edges, times `base`, are at most `size`. Products are exact for |a| of up to 44 bits. */
function passed(edges: readonly number[], base: number, size: number): number {
  let slot = 0;
  while (slot < edges.length && size >= edges[slot] * base) slot++;
  return slot;
}

/**
 * The numbers of one pair, straight from its bytes by the definitions of the contract: one element after the other, sums
 * in float64. Shares no code with the engines.
 */
export function oracleStats(a: FixtureTensor, b: FixtureTensor): OracleStats {
  const left = valuesOf(a);
  const right = valuesOf(b);
  // A float64 difference of two float32 numbers, rounded once more, is their float32 difference (53 ≥ 2·24 + 2).
  const difference =
    isNarrow(a) && isNarrow(b) ? (x: number, y: number) => Math.fround(y - x) : (x: number, y: number) => y - x;
  const stats: OracleStats = {
    ...{ count: left.length, nonFinite: 0, unchanged: 0, zeroBase: 0, zeroTuned: 0 },
    ...{ sumA2: 0, sumAD: 0, sumD2: 0, sumD: 0, sumAbsD: 0, maxAbsD: 0, above1e6: 0, above1e5: 0 },
    relative: { positive: new Array(259).fill(0), negative: new Array(259).fill(0) },
    magnitude: { grow: new Array(120).fill(0), shrink: new Array(120).fill(0) },
  };
  for (let i = 0; i < left.length; i++) {
    const x = left[i];
    const y = right[i];
    const d = difference(x, y);
    if (!Number.isFinite(x) || !Number.isFinite(y) || !Number.isFinite(d)) {
      stats.nonFinite++;
      continue;
    }
    const size = Math.abs(d);
    if (x === y) stats.unchanged++;
    if (x === 0) stats.zeroBase++;
    else if (y === 0) stats.zeroTuned++;
    stats.sumA2 += x * x;
    stats.sumAD += x * d;
    stats.sumD2 += d * d;
    stats.sumD += d;
    stats.sumAbsD += size;
    stats.maxAbsD = Math.max(stats.maxAbsD, size);
    if (size > Math.fround(1e-6)) stats.above1e6++;
    if (size > Math.fround(1e-5)) stats.above1e5++;
    if (x === 0) continue;
    const j = passed(relativeEdges, Math.abs(x), size);
    stats.relative[x > 0 ? "positive" : "negative"][d < 0 ? 129 - j : 129 + j]++;
    if (d === 0) continue;
    const slot = Math.max(0, passed(magnitudeEdges, Math.abs(x), size) - 1);
    stats.magnitude[d > 0 === x > 0 ? "grow" : "shrink"][slot]++;
  }
  return stats;
}

/** Where `stats` are not what the contract allows them to be: counts equal, sums within 1e-6. Empty when all is well. */
export function breaches(stats: CountedStats, oracle: OracleStats): string[] {
  const found: string[] = [];
  const { sumA2, sumD2, sumAbsD } = oracle;
  const room = {
    ...{ sumA2: 1e-6 * sumA2, sumD2: 1e-6 * sumD2, sumAbsD: 1e-6 * sumAbsD },
    ...{ sumAD: 1e-6 * Math.sqrt(sumA2 * sumD2), sumD: 1e-6 * sumAbsD },
  };
  for (const key of ["sumA2", "sumAD", "sumD2", "sumD", "sumAbsD"] as const) {
    // Written so that NaN is a breach.
    if (!(Math.abs(stats[key] - oracle[key]) <= room[key])) found.push(`${key}: ${stats[key]}, not ${oracle[key]}`);
  }
  const counts = "count nonFinite unchanged zeroBase zeroTuned above1e6 above1e5 maxAbsD".split(" ");
  for (const key of counts as (keyof OracleStats & ("count" | "nonFinite" | "maxAbsD"))[]) {
    if (stats[key] !== oracle[key]) found.push(`${key}: ${stats[key]}, not ${oracle[key]}`);
  }
  const histograms = [
    ["relative.positive", stats.relative.positive, oracle.relative.positive],
    ["relative.negative", stats.relative.negative, oracle.relative.negative],
    ["magnitude.grow", stats.magnitude.grow, oracle.magnitude.grow],
    ["magnitude.shrink", stats.magnitude.shrink, oracle.magnitude.shrink],
  ] as const;
  for (const [name, counted, expected] of histograms) {
    const slot = expected.findIndex((value, i) => counted[i] !== value);
    if (counted.length !== expected.length) found.push(`${name}: ${counted.length} slots, not ${expected.length}`);
    else if (slot >= 0) found.push(`${name}[${slot}]: ${counted[slot]}, not ${expected[slot]}`);
  }
  return found;
}

/** Compares a whole comparison with the tensors that it was made of; each breach with its tensor's name in front. */
export function comparisonBreaches(
  pairs: readonly { name: string; coverage: number; stats: OracleStats | object | null }[],
  a: readonly FixtureTensor[],
  b: readonly FixtureTensor[],
): string[] {
  const found: string[] = [];
  const compared = new Map(pairs.map((pair) => [pair.name, pair]));
  for (const left of a) {
    const right = b.find(({ name }) => name === left.name);
    const pair = compared.get(left.name);
    compared.delete(left.name);
    if (!right || !pair) found.push(`${left.name}: is ${pair ? "" : "not "}in the comparison`);
    else if (pair.coverage !== 1 || !pair.stats || !("relative" in pair.stats))
      found.push(`${left.name}: coverage ${pair.coverage}`);
    else found.push(...breaches(pair.stats, oracleStats(left, right)).map((breach) => `${left.name}: ${breach}`));
  }
  return [...found, ...[...compared.keys()].map((name) => `${name}: is in neither model`)];
}
