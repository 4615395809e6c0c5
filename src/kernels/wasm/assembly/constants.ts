// Constants of every lane, kept in memory. Written as immediates, V8 makes each of them anew in every step of the inner
// loop, with three instructions where a load is one.

const LANES: usize = memory.data<u32>(
  [
    0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff, // a float32 without its sign
    0x80008000, 0x80008000, 0x80008000, 0x80008000, // the sign of sixteen bits
    0x358637bd, 0x358637bd, 0x358637bd, 0x358637bd, // 1e-6
    0x3727c5ac, 0x3727c5ac, 0x3727c5ac, 0x3727c5ac, // 1e-5
    0x7fff8000, 0x7fff8000, 0x7fff8000, 0x7fff8000, // the first nine bits of a float32's significand
    0x40004000, 0x40004000, 0x40004000, 0x40004000, // 2 + 1/256
    0x80818081, 0x80818081, 0x80818081, 0x80818081, // 2^15 + 129, sixteen bits each
    0x00007fff, 0x00007fff, 0x00007fff, 0x00007fff, // the other bits of a float32's significand
    0x8fffe000, 0x8fffe000, 0x8fffe000, 0x8fffe000, // where F16's bits are, moved from the top to float32's places
    0x77800000, 0x77800000, 0x77800000, 0x77800000, // 2^(127 - 15)
    0x3c000000, 0x3c000000, 0x3c000000, 0x3c000000, // the difference of E4M3's bias and float32's, as an exponent
    0x3c800000, 0x3c800000, 0x3c800000, 0x3c800000, // one more; also 2^-6, E4M3's smallest normal number
  ],
  64,
);

@inline
export function sizeBits(): v128 {
  return v128.load(LANES);
}
@inline
export function signBits16(): v128 {
  return v128.load(LANES, 0x10);
}
@inline
export function threshold1e6(): v128 {
  return v128.load(LANES, 0x20);
}
@inline
export function threshold1e5(): v128 {
  return v128.load(LANES, 0x30);
}
@inline
export function topBits(): v128 {
  return v128.load(LANES, 0x40);
}
@inline
export function twoAndHalfAStep(): v128 {
  return v128.load(LANES, 0x50);
}
@inline
export function lastStep16(): v128 {
  return v128.load(LANES, 0x60);
}
@inline
export function lowBits(): v128 {
  return v128.load(LANES, 0x70);
}
@inline
export function halfBits(): v128 {
  return v128.load(LANES, 0x80);
}
@inline
export function halfScale(): v128 {
  return v128.load(LANES, 0x90);
}
@inline
export function e4m3Bias(): v128 {
  return v128.load(LANES, 0xa0);
}
@inline
export function e4m3Smallest(): v128 {
  return v128.load(LANES, 0xb0);
}
