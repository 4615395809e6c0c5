// The fast way through a block, eight elements a step in float32. While the places of this block's elements in the table
// are worked out, those of the block before are counted: the one is work for the vector units, the other for memory.
import { signBits16, sizeBits, threshold1e5, threshold1e6 } from "./constants";
import { firstSpecial, four, loadEight } from "./decode";
import { isBf16, isF32 } from "./dtype";
import {
  ABOVE_1E5,
  ABOVE_1E6,
  addTo,
  BLOCK,
  MAX_ABS_D,
  NO_PLACES,
  NOWHERE,
  PLACES_0,
  PLACES_1,
  raise,
  SUM_A2,
  SUM_ABS_D,
  SUM_AD,
  SUM_D,
  SUM_D2,
  ZERO_BASE,
  ZERO_BOTH,
  ZERO_TUNED,
} from "./layout";
import { countEight, mayLieOnEdge, places, quotient, settle } from "./places";
import { CHAIN, carry, inRange, largestLane, total, total32 } from "./sums";
import { countZeros, hasZero, noZeros, smaller, zeroBase, zeroBoth, zeroTuned } from "./zeros";

// Not all the same, or each would have to wait for the one before.
for (let i = 0; i < BLOCK; i++) store<u16>(NO_PLACES + (<usize>i << 1), <u16>(NOWHERE + 4 * (i & 63)));

/** The places that are yet to be counted. */
let pending: usize = NO_PLACES;

function countPlaces(p: usize, end: usize): void {
  for (; p < end; p += 16) countEight(p);
}

/** Forgets what is left over of a stretch that was not finished. */
export function dropPending(): void {
  pending = NO_PLACES;
}

/** Counts what is left over of the last block. */
export function countPending(): void {
  if (pending != NO_PLACES) countPlaces(pending, pending + 2 * BLOCK);
  pending = NO_PLACES;
}

/** The largest bits so far, doubled, of dtypes whose special numbers would go unnoticed otherwise (decode.ts). */
@inline
function larger<T>(largest: v128, eight: v128): v128 {
  if (isF32<T>() || isBf16<T>()) return largest;
  return v128.max<u16>(largest, v128.shl<i16>(eight, 1));
}

@inline
function hasSpecial<T>(largest: v128): bool {
  if (isF32<T>() || isBf16<T>()) return false;
  return v128.any_true(v128.ge<u16>(largest, i16x8.splat(<i16>firstSpecial<T>())));
}

/** The signs of eight elements, each in the upper bit of sixteen. */
@inline
function signs<T>(eight: v128, x0: v128, x1: v128): v128 {
  // Narrowing saturates, which keeps a float32's sign.
  return v128.and(isF32<T>() ? i16x8.narrow_i32x4_s(x0, x1) : eight, signBits16());
}

/**
 * One block of `count` ≤ 2048 elements. The bytes behind the last element, up to a multiple of eight elements, are zero.
 * False, and nothing of it has been counted, where the block has to go the slow way.
 */
export function fastBlock<A, B>(a: usize, b: usize, count: i32): bool {
  const zero = i32x4.splat(0);
  let sumA2 = zero, sumAD = zero, sumD2 = zero, sumD = zero, sumAbsD = zero;
  let largest = zero, above1e6 = zero, above1e5 = zero;
  let smallestA = i32x4.splat(-1), smallestB = smallestA, largestA = zero, largestB = zero;
  if (count < BLOCK) countPending();
  const own = pending == PLACES_0 ? PLACES_1 : PLACES_0;
  const steps = (count + 7) >> 3;
  let p = own, before = pending, atA = a, atB = b;
  for (let left = steps; left > 0; left -= CHAIN) {
    let a2 = zero, ad = zero, d2 = zero, dd = zero, absD = zero;
    for (const end = p + (<usize>min(left, CHAIN) << 4); p < end; p += 16) {
      const eightA = isF32<A>() ? zero : loadEight<A>(atA), eightB = isF32<B>() ? zero : loadEight<B>(atB);
      const x0 = four<A>(atA, eightA, 0), x1 = four<A>(atA, eightA, 1);
      const y0 = four<B>(atB, eightB, 0), y1 = four<B>(atB, eightB, 1);
      atA += 8 * sizeof<A>();
      atB += 8 * sizeof<B>();
      smallestA = smaller<A>(smallestA, eightA, x0, x1);
      // One minimum for both sides, where they are of one kind, leaves a register for something else.
      if (isF32<A>() == isF32<B>()) smallestA = smaller<B>(smallestA, eightB, y0, y1);
      else smallestB = smaller<B>(smallestB, eightB, y0, y1);
      largestA = larger<A>(largestA, eightA);
      largestB = larger<B>(largestB, eightB);

      const d0 = v128.sub<f32>(y0, x0), d1 = v128.sub<f32>(y1, x1);
      const size0 = v128.and(d0, sizeBits()), size1 = v128.and(d1, sizeBits());
      a2 = v128.add<f32>(a2, v128.add<f32>(v128.mul<f32>(x0, x0), v128.mul<f32>(x1, x1)));
      ad = v128.add<f32>(ad, v128.add<f32>(v128.mul<f32>(x0, d0), v128.mul<f32>(x1, d1)));
      d2 = v128.add<f32>(d2, v128.add<f32>(v128.mul<f32>(d0, d0), v128.mul<f32>(d1, d1)));
      dd = v128.add<f32>(dd, v128.add<f32>(d0, d1));
      absD = v128.add<f32>(absD, v128.add<f32>(size0, size1));
      largest = v128.pmax<f32>(largest, v128.pmax<f32>(size0, size1));

      countEight(before);
      before += 16;

      // A true comparison is -1 in its lane.
      const over0 = v128.gt<f32>(size0, threshold1e6()), over1 = v128.gt<f32>(size1, threshold1e6());
      above1e6 = v128.add<i32>(above1e6, v128.add<i32>(over0, over1));
      const far0 = v128.gt<f32>(size0, threshold1e5()), far1 = v128.gt<f32>(size1, threshold1e5());
      above1e5 = v128.add<i32>(above1e5, v128.add<i32>(far0, far1));

      let t0 = quotient(d0, x0), t1 = quotient(d1, x1);
      if (isF32<A>() && mayLieOnEdge(t0, t1, size0, size1)) {
        t0 = settle(t0, d0, x0);
        t1 = settle(t1, d1, x1);
      }
      v128.store(p, v128.or(places(t0, t1), signs<A>(eightA, x0, x1)));
    }
    sumA2 = carry(sumA2, a2);
    sumAD = carry(sumAD, ad);
    sumD2 = carry(sumD2, d2);
    sumD = carry(sumD, dd);
    sumAbsD = carry(sumAbsD, absD);
  }
  pending = NO_PLACES;
  if (hasSpecial<A>(largestA) || hasSpecial<B>(largestB)) return false;

  const padding = (steps << 3) - count;
  noZeros();
  if (hasZero<A>(smallestA) || hasZero<B>(smallestB)) countZeros<A, B>(a, b, own, steps);
  const squaresA = total(sumA2), squaresD = total(sumD2), sizes = total(sumAbsD);
  // A sum of squares may also be zero, but only where every term is, and none has underflowed.
  if (!(inRange(squaresA) || (squaresA == 0 && zeroBase - padding == count))) return false;
  if (!(inRange(squaresD) || (squaresD == 0 && sizes == 0))) return false;

  if (count < BLOCK) countPlaces(own, p);
  else pending = own;
  addTo(SUM_A2, squaresA);
  addTo(SUM_AD, total(sumAD));
  addTo(SUM_D2, squaresD);
  addTo(SUM_D, total(sumD));
  addTo(SUM_ABS_D, sizes);
  raise(MAX_ABS_D, largestLane(largest));
  addTo(ZERO_BASE, <f64>(zeroBase - padding));
  addTo(ZERO_BOTH, <f64>(zeroBoth - padding));
  addTo(ZERO_TUNED, <f64>zeroTuned);
  addTo(ABOVE_1E6, <f64>-total32(above1e6));
  addTo(ABOVE_1E5, <f64>-total32(above1e5));
  return true;
}
