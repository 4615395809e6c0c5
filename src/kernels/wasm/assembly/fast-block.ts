// The fast way through a block: eight elements a step in float32, indices first, then the counting.
import { F32, loadFour, log2Width } from "./decode";
import {
  ABOVE_1E5,
  ABOVE_1E6,
  addTo,
  INDICES,
  MAX_ABS_D,
  NEGATIVE_BASE,
  NOWHERE,
  raise,
  SUM_A2,
  SUM_ABS_D,
  SUM_AD,
  SUM_D,
  SUM_D2,
  TABLE_0,
  TABLE_1,
  ZERO_BASE,
  ZERO_BOTH,
  ZERO_TUNED,
} from "./layout";

/** Steps of eight elements after which float32 sums go into float64 ones; each lane then holds 2·16 additions. */
const CHAIN: i32 = 16;

/** Squares of a block that sum up to this or more, or to its reciprocal or less, may have over- or underflowed. */
const LARGEST_SUM: f64 = 1.2676506002282294e30; // 2^100
const SMALLEST_SUM: f64 = 7.888609052210118e-31; // 2^-100

@inline
function inRange(sum: f64): bool {
  return sum > SMALLEST_SUM && sum < LARGEST_SUM; // false for NaN
}

@inline
function lanes(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) +
    <f64>f32x4.extract_lane(v, 1) +
    (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3))
  );
}

@inline
function largestLane(v: v128): f64 {
  const first = max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1));
  return <f64>max(first, max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)));
}

@inline
function count32(v: v128): i32 {
  return (
    i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3)
  );
}

@inline
function count16(v: v128): i32 {
  return count32(i32x4.extadd_pairwise_i16x8_s(v));
}

/**
 * An upper bound for the relative step in the lower bits of a float32 sum: with 2 + 1/256 added, the upper bits of the
 * fraction count 128ths. Bits of t below the ninth are dropped first, so that the sum cannot round up onto an edge; t
 * is cut off at the last edge, constant first, so that NaN is too. What remains of the 2 is bit 15, shifted out later.
 */
@inline
function relativeStep(t: v128): v128 {
  const top = v128.and(t, i32x4.splat(0x7fff8000));
  const bounded = v128.pmin<f32>(f32x4.splat(1.00390625), top);
  return v128.shr<u32>(v128.add<f32>(bounded, f32x4.splat(2.00390625)), 15);
}

const LANES: usize = memory.data(48, 16);

/**
 * A float32 base times an edge has up to 33 bits, so the rounded quotient may lie on an edge that the real one stays
 * below. Such lanes are moved down by one ulp. (A BF16 or F16 base times an edge is a float32 number; the quotient then
 * rounds onto an edge only from above or when it is the edge.)
 */
function settle(t: v128, d: v128, a: v128): v128 {
  v128.store(LANES, t);
  v128.store(LANES, d, 16);
  v128.store(LANES, a, 32);
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const bits = load<u32>(LANES + lane);
    const edge = abs(<f64>reinterpret<f32>(bits));
    const change = abs(<f64>load<f32>(LANES + lane, 16)), base = abs(<f64>load<f32>(LANES + lane, 32));
    if ((bits & 0x7fff) == 0 && change < edge * base) store<u32>(LANES + lane, bits - 1);
  }
  return v128.load(LANES);
}

/** t = d/|a| for four elements, on the right side of every edge. Not a number, or infinite, where a = 0. */
@inline
function quotient(dtypeA: i32, d: v128, a: v128): v128 {
  const t = v128.div<f32>(d, v128.and(a, i32x4.splat(0x7fffffff)));
  if (dtypeA != F32) return t;
  const zero = i32x4.splat(0);
  const onEdge = v128.eq<i32>(v128.and(t, i32x4.splat(0x7fff)), zero);
  const candidates = v128.and(onEdge, v128.and(v128.ne<f32>(d, zero), v128.ne<f32>(a, zero)));
  return v128.any_true(candidates) ? settle(t, d, a) : t;
}

@inline
function bump(table: usize, offset: u32): void {
  store<u32>(table + <usize>offset, load<u32>(table + <usize>offset) + 1);
}

function countIndices(end: usize): void {
  for (let p = INDICES; p < end; p += 8) {
    const four = load<u64>(p);
    bump(TABLE_0, <u32>four & 0xffff);
    bump(TABLE_1, <u32>(four >> 16) & 0xffff);
    bump(TABLE_0, <u32>(four >> 32) & 0xffff);
    bump(TABLE_1, <u32>(four >> 48));
  }
}

/**
 * One block of `count` ≤ 2048 elements. The bytes behind the last element, up to a multiple of eight elements, are zero.
 * False, and nothing has been counted, where the block has to go the slow way.
 */
@inline
export function fastBlock(dtypeA: i32, dtypeB: i32, a: usize, b: usize, count: i32): bool {
  const zero = i32x4.splat(0), sizeBits = i32x4.splat(0x7fffffff);
  const first = f32x4.splat(1e-6), second = f32x4.splat(1e-5);
  let sumA2: f64 = 0, sumAD: f64 = 0, sumD2: f64 = 0, sumD: f64 = 0, sumAbsD: f64 = 0;
  let largest = zero, above1e6 = zero, above1e5 = zero, zerosA = zero, zerosB = zero, zerosBoth = zero;
  let steps = (count + 7) >> 3;
  const padding = (steps << 3) - count;
  let p = INDICES;
  while (steps > 0) {
    let a2 = zero, ad = zero, d2 = zero, dd = zero, absD = zero;
    const chain = min(steps, CHAIN);
    steps -= chain;
    for (const end = p + (<usize>chain << 4); p < end; p += 16) {
      const x0 = loadFour(dtypeA, a, 0), x1 = loadFour(dtypeA, a, 1);
      const y0 = loadFour(dtypeB, b, 0), y1 = loadFour(dtypeB, b, 1);
      a += 8 << log2Width(dtypeA);
      b += 8 << log2Width(dtypeB);
      const d0 = v128.sub<f32>(y0, x0), d1 = v128.sub<f32>(y1, x1);
      const size0 = v128.and(d0, sizeBits), size1 = v128.and(d1, sizeBits);

      a2 = v128.add<f32>(a2, v128.add<f32>(v128.mul<f32>(x0, x0), v128.mul<f32>(x1, x1)));
      ad = v128.add<f32>(ad, v128.add<f32>(v128.mul<f32>(x0, d0), v128.mul<f32>(x1, d1)));
      d2 = v128.add<f32>(d2, v128.add<f32>(v128.mul<f32>(d0, d0), v128.mul<f32>(d1, d1)));
      dd = v128.add<f32>(dd, v128.add<f32>(d0, d1));
      absD = v128.add<f32>(absD, v128.add<f32>(size0, size1));
      largest = v128.pmax<f32>(largest, v128.pmax<f32>(size0, size1));

      // A true comparison is -1 in its lane.
      above1e6 = v128.add<i32>(above1e6, v128.add<i32>(v128.gt<f32>(size0, first), v128.gt<f32>(size1, first)));
      above1e5 = v128.add<i32>(above1e5, v128.add<i32>(v128.gt<f32>(size0, second), v128.gt<f32>(size1, second)));
      const noBase = i16x8.narrow_i32x4_s(v128.eq<f32>(x0, zero), v128.eq<f32>(x1, zero));
      const noTuned = i16x8.narrow_i32x4_s(v128.eq<f32>(y0, zero), v128.eq<f32>(y1, zero));
      zerosA = v128.add<i16>(zerosA, noBase);
      zerosB = v128.add<i16>(zerosB, noTuned);
      zerosBoth = v128.add<i16>(zerosBoth, v128.and(noBase, noTuned));

      const t0 = quotient(dtypeA, d0, x0), t1 = quotient(dtypeA, d1, x1);
      const index0 = v128.add<i32>(v128.shr<u32>(t0, 21), relativeStep(t0));
      const index1 = v128.add<i32>(v128.shr<u32>(t1, 21), relativeStep(t1));
      // Narrowing saturates, which keeps a float32's sign.
      const negative = v128.shr<i16>(i16x8.narrow_i32x4_s(x0, x1), 15);
      const index = v128.add<i16>(
        i16x8.narrow_i32x4_u(index0, index1),
        v128.and(negative, i16x8.splat(<i16>NEGATIVE_BASE)),
      );
      v128.store(p, v128.shl<i16>(v128.bitselect(i16x8.splat(<i16>NOWHERE), index, noBase), 2));
    }
    sumA2 += lanes(a2);
    sumAD += lanes(ad);
    sumD2 += lanes(d2);
    sumD += lanes(dd);
    sumAbsD += lanes(absD);
  }

  const zeroBase = -count16(zerosA) - padding, zeroBoth = -count16(zerosBoth) - padding;
  // A sum of squares may also be zero, but only where every term is, and none has underflowed.
  if (!(inRange(sumA2) || (sumA2 == 0 && zeroBase == count))) return false;
  if (!(inRange(sumD2) || (sumD2 == 0 && sumAbsD == 0))) return false;

  countIndices(p);
  addTo(SUM_A2, sumA2);
  addTo(SUM_AD, sumAD);
  addTo(SUM_D2, sumD2);
  addTo(SUM_D, sumD);
  addTo(SUM_ABS_D, sumAbsD);
  raise(MAX_ABS_D, largestLane(largest));
  addTo(ZERO_BASE, <f64>zeroBase);
  addTo(ZERO_BOTH, <f64>zeroBoth);
  addTo(ZERO_TUNED, <f64>(-count16(zerosB) - padding - zeroBoth));
  addTo(ABOVE_1E6, <f64>-count32(above1e6));
  addTo(ABOVE_1E5, <f64>-count32(above1e5));
  return true;
}
