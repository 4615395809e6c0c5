// Elements as float32 numbers.
//
// F16 and the 8-bit floats go one way. Their sign, exponent and fraction are put where float32 has its own; then a power of
// two makes up for the other bias of the exponent, and takes float32's subnormals to what they stand for. What is not
// finite becomes a finite number this way, beyond all others; whoever decodes looks for it by `firstSpecial`.
import { e4m3Bias, e4m3Smallest, halfBits, halfScale, sizeBits } from "./constants";
import { isBf16, isByte, isE4m3, isF32 } from "./dtype";

/**
 * The bits of eight elements at `p`, sixteen each. An 8-bit float becomes the F16 with its sign, exponent and fraction,
 * which for E4M3 is smaller by 2^8. Not for F32.
 */
@inline
export function loadEight<T>(p: usize): v128 {
  if (!isByte<T>()) return v128.load(p);
  const bits = v128.load_ext<i8>(p);
  if (!isE4m3<T>()) return v128.shl<i16>(bits, 8);
  // The sign has been extended over the upper byte; of its copies only the uppermost may stay.
  return v128.and(v128.shl<i16>(bits, 7), i16x8.splat(<i16>0xbf80));
}

/** Four of `loadEight`'s elements, each in the upper half of a lane. */
@inline
function upperHalves(eight: v128, part: i32): v128 {
  const zero = i16x8.splat(0);
  if (part == 0) return v128.shuffle<i16>(zero, eight, 0, 8, 1, 9, 2, 10, 3, 11);
  return v128.shuffle<i16>(zero, eight, 4, 12, 5, 13, 6, 14, 7, 15);
}

/**
 * The numbers of E4M3, from its bits in float32's places: its subnormals are common, and multiplying float32's is slow.
 * With a larger exponent, both readings are at hand: as a normal number, and as one behind the leading one of 2^-6, which
 * is taken off again. The smaller one is right.
 */
@inline
function e4m3(placed: v128): v128 {
  const size = v128.and(placed, sizeBits());
  const normal = v128.add<i32>(size, e4m3Bias());
  const subnormal = v128.sub<f32>(v128.add<i32>(size, e4m3Smallest()), e4m3Smallest());
  return v128.or(v128.pmin<f32>(normal, subnormal), v128.xor(placed, size));
}

@inline
function rebiased<T>(upper: v128): v128 {
  const placed = v128.and(v128.shr<i32>(upper, 3), halfBits());
  return isE4m3<T>() ? e4m3(placed) : v128.mul<f32>(placed, halfScale());
}

/** The elements 4·part to 4·part + 3 of the eight at `p`, which `loadEight` gave as `eight`. */
@inline
export function four<T>(p: usize, eight: v128, part: i32): v128 {
  if (isF32<T>()) return v128.load(p + (<usize>part << 4));
  const upper = upperHalves(eight, part);
  return isBf16<T>() ? upper : rebiased<T>(upper);
}

/** Bits from which on a number is not finite, doubled, so without the sign; of dtypes that `rebiased` decodes. */
@inline
export function firstSpecial<T>(): u32 {
  return isE4m3<T>() ? 2 * 0x3f80 : 2 * 0x7c00;
}

/** Element `i` of those at `p`, of the dtype that the host calls `dtype`; NaN where it is not finite. */
export function loadOne(dtype: i32, p: usize, i: i32): f32 {
  switch (dtype) {
    case 0: return reinterpret<f32>(<u32>load<u16>(p + (<usize>i << 1)) << 16);
    case 1: return oneHalf(load<u16>(p + (<usize>i << 1)), 0x7c00, 5.192296858534828e33);
    case 2: return load<f32>(p + (<usize>i << 2));
    case 3: {
      const bits = <u32>load<u8>(p + <usize>i);
      return oneHalf(((bits & 0x80) << 8) | ((bits & 0x7f) << 7), 0x3f80, 1.329227995784916e36);
    }
    default: return oneHalf(<u32>load<u8>(p + <usize>i) << 8, 0x7c00, 5.192296858534828e33);
  }
}

@inline
function oneHalf(bits: u32, special: u32, scale: f32): f32 {
  if ((bits & 0x7fff) >= special) return NaN;
  return reinterpret<f32>(((bits & 0x8000) << 16) | ((bits & 0x7fff) << 13)) * scale;
}
