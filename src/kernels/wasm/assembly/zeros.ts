// Zeros are rare in most tensors: a step only notes the smallest bits it has seen, and a block that has a zero is looked
// through again.
import { loadEight } from "./decode";
import { isF32 } from "./dtype";
import { NOWHERE } from "./layout";
import { total16 } from "./sums";

/** The smaller ones of `smallest` and of eight elements' bits without their signs, which are 0 only where it is zero. */
@inline
export function smaller<T>(smallest: v128, eight: v128, x0: v128, x1: v128): v128 {
  if (!isF32<T>()) return v128.min<u16>(smallest, v128.shl<i16>(eight, 1));
  const bits0 = v128.shl<i32>(x0, 1), bits1 = v128.shl<i32>(x1, 1);
  return v128.min<u32>(smallest, v128.min<u32>(bits0, bits1));
}

@inline
export function hasZero<T>(smallest: v128): bool {
  return isF32<T>() ? !i32x4.all_true(smallest) : !i16x8.all_true(smallest);
}

/** A mask of sixteen bits for each of eight elements: all ones where it is zero. */
@inline
function zeros<T>(p: usize): v128 {
  const zero = i16x8.splat(0);
  if (isF32<T>()) {
    return i16x8.narrow_i32x4_s(v128.eq<f32>(v128.load(p), zero), v128.eq<f32>(v128.load(p, 16), zero));
  }
  return v128.eq<i16>(v128.shl<i16>(loadEight<T>(p), 1), zero);
}

/** What `countZeros` found: a = 0, a = 0 and b = 0, b = 0 and not a. */
export let zeroBase: i32 = 0;
export let zeroBoth: i32 = 0;
export let zeroTuned: i32 = 0;

export function noZeros(): void {
  zeroBase = zeroBoth = zeroTuned = 0;
}

/** Counts the zeros of `steps` times eight elements, and sends those with a = 0 from their places to nowhere. */
export function countZeros<A, B>(a: usize, b: usize, own: usize, steps: i32): void {
  let base = i16x8.splat(0), both = base, tuned = base;
  for (const end = own + (<usize>steps << 4); own < end; own += 16) {
    const zeroA = zeros<A>(a), zeroB = zeros<B>(b);
    a += 8 * sizeof<A>();
    b += 8 * sizeof<B>();
    // A true comparison is -1 in its lane.
    base = v128.sub<i16>(base, zeroA);
    both = v128.sub<i16>(both, v128.and(zeroA, zeroB));
    tuned = v128.sub<i16>(tuned, v128.andnot(zeroB, zeroA));
    v128.store(own, v128.bitselect(i16x8.splat(<i16>NOWHERE), v128.load(own), zeroA));
  }
  zeroBase = total16(base);
  zeroBoth = total16(both);
  zeroTuned = total16(tuned);
}
