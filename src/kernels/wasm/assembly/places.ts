// Where t = d/|a| belongs in the table, eight elements at a time, and the counting there.
import { lastStep16, lowBits, sizeBits, topBits, twoAndHalfAStep } from "./constants";
import { TABLE_0, TABLE_1 } from "./layout";

/** t = d/|a| for four elements. Not a number, or infinite, where a = 0. */
@inline
export function quotient(d: v128, a: v128): v128 {
  return v128.div<f32>(d, v128.and(a, sizeBits()));
}

/**
 * The relative step and 2^15, from a float32 sum: with 2 + 1/256 added, the upper bits of the fraction count 128ths.
 * Bits of t below the ninth are dropped first, so that the sum cannot round up onto an edge. Too large where t is.
 */
@inline
function step(t: v128): v128 {
  return v128.shr<u32>(v128.add<f32>(v128.and(t, topBits()), twoAndHalfAStep()), 15);
}

/** The places of eight quotients, in the half of the table for a > 0 (layout.ts). */
@inline
export function places(t0: v128, t1: v128): v128 {
  const quarters = i16x8.narrow_i32x4_u(v128.shr<u32>(t0, 21), v128.shr<u32>(t1, 21));
  const steps = v128.min<u16>(i16x8.narrow_i32x4_u(step(t0), step(t1)), lastStep16());
  // Times four, as there are four bytes to a counter. The 2^15 is lost here.
  return v128.shl<i16>(v128.add<i16>(quarters, steps), 2);
}

/*
 * A float32 base times an edge has up to 33 bits, so the rounded quotient may lie on an edge that the real one stays below.
 * Such quotients are moved down by one ulp. (A base of fewer bits times an edge is a float32 number; the quotient then
 * rounds onto an edge only from above or when it is the edge.)
 */

/** Whether one of eight changed elements has a quotient of nine bits, as all edges are; `size` is |d|. */
@inline
export function mayLieOnEdge(t0: v128, t1: v128, size0: v128, size1: v128): bool {
  const rest = i16x8.narrow_i32x4_u(v128.and(t0, lowBits()), v128.and(t1, lowBits()));
  const unchanged = v128.eq<i16>(i16x8.narrow_i32x4_u(size0, size1), i16x8.splat(0));
  return !i16x8.all_true(v128.or(rest, unchanged));
}

const LANES: usize = memory.data(48, 16);

/** Four quotients on the right side of every edge. */
export function settle(t: v128, d: v128, a: v128): v128 {
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

@inline
function countTwo(two: u32): void {
  const place0 = <usize>(two & 0xffff), place1 = <usize>(two >> 16);
  store<u32>(place0, load<u32>(place0, TABLE_0) + 1, TABLE_0);
  store<u32>(place1, load<u32>(place1, TABLE_1) + 1, TABLE_1);
}

/** Counts the eight elements whose places lie at `p`. */
@inline
export function countEight(p: usize): void {
  countTwo(load<u32>(p));
  countTwo(load<u32>(p, 4));
  countTwo(load<u32>(p, 8));
  countTwo(load<u32>(p, 12));
}
