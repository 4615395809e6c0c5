// Float32 sums of a block, and the float64 ones that take over from them.

/** Steps of eight elements after which float32 sums go into float64 ones; each lane then holds 2·16 additions. */
export const CHAIN: i32 = 16;

/** Squares of a block that sum up to more than this, or to its reciprocal or less, may have over- or underflowed. */
const LARGEST_SUM: f64 = 1.2676506002282294e30; // 2^100
const SMALLEST_SUM: f64 = 7.888609052210118e-31; // 2^-100

/** Whether a sum of squares can be trusted. False for NaN. */
@inline
export function inRange(sum: f64): bool {
  return sum > SMALLEST_SUM && sum <= LARGEST_SUM;
}

/** Two float64 sums with the four float32 ones of `chain` added. */
@inline
export function carry(sums: v128, chain: v128): v128 {
  const upper = v128.shuffle<i32>(chain, chain, 2, 3, 2, 3);
  return v128.add<f64>(
    sums,
    v128.add<f64>(f64x2.promote_low_f32x4(chain), f64x2.promote_low_f32x4(upper)),
  );
}

@inline
export function total(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

@inline
export function largestLane(v: v128): f64 {
  const first = max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1));
  return <f64>max(first, max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)));
}

@inline
export function total32(v: v128): i32 {
  return (
    i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3)
  );
}

@inline
export function total16(v: v128): i32 {
  return total32(i32x4.extadd_pairwise_i16x8_s(v));
}
