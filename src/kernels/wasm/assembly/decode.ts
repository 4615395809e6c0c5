// Elements as float32 numbers. A dtype is a constant wherever it is asked about, so the compiler drops the other cases.

export const BF16: i32 = 0;
export const F16: i32 = 1;
export const F32: i32 = 2;

@inline
export function log2Width(dtype: i32): usize {
  return dtype == F32 ? 2 : 1;
}

/** Four F16 in the lower halves of the lanes. No float32 subnormal appears on the way. */
@inline
function halves(h: v128): v128 {
  const size = v128.shl<i32>(v128.and(h, i32x4.splat(0x7fff)), 13);
  const exponent = v128.and(size, i32x4.splat(0x7c00 << 13));
  const normal = v128.add<i32>(size, i32x4.splat((127 - 15) << 23));
  // The fraction of a subnormal is put behind the leading one of 2^-14, which is then taken off again.
  const subnormal = v128.sub<f32>(v128.add<i32>(size, i32x4.splat((127 - 14) << 23)), f32x4.splat(6.103515625e-5));
  const special = v128.or(size, i32x4.splat(0x7f800000));
  let value = v128.bitselect(subnormal, normal, v128.eq<i32>(exponent, i32x4.splat(0)));
  value = v128.bitselect(special, value, v128.eq<i32>(exponent, i32x4.splat(0x7c00 << 13)));
  return v128.or(value, v128.shl<i32>(v128.and(h, i32x4.splat(0x8000)), 16));
}

/** Elements 4·part to 4·part + 3 of those at `p`. */
@inline
export function loadFour(dtype: i32, p: usize, part: usize): v128 {
  if (dtype == F32) return v128.load(p + (part << 4));
  const bits = v128.load_ext<u16>(p + (part << 3));
  return dtype == BF16 ? v128.shl<i32>(bits, 16) : halves(bits);
}

/** Element `i` of those at `p`. */
export function loadOne(dtype: i32, p: usize, i: i32): f32 {
  if (dtype == F32) return load<f32>(p + (<usize>i << 2));
  const bits = <u32>load<u16>(p + (<usize>i << 1));
  if (dtype == BF16) return reinterpret<f32>(bits << 16);
  return f32x4.extract_lane(halves(i32x4.splat(bits)), 0);
}
