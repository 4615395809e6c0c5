// Each dtype has a number type of its width to stand for it, so that the generic functions of the kernel are compiled
// for every dtype by itself; a question about the dtype costs nothing then.

export type BF16 = i16;
export type F16 = u16;
export type F32 = f32;
export type E4M3 = i8;
export type E5M2 = u8;

@inline
export function isF32<T>(): bool {
  return isFloat<T>();
}
@inline
export function isBf16<T>(): bool {
  return isInteger<T>() && isSigned<T>() && sizeof<T>() == 2;
}
@inline
export function isE4m3<T>(): bool {
  return isInteger<T>() && isSigned<T>() && sizeof<T>() == 1;
}
@inline
export function isByte<T>(): bool {
  return sizeof<T>() == 1;
}

/** The number by which the host calls a dtype. */
@inline
export function numberOf<T>(): i32 {
  if (isF32<T>()) return 2;
  if (isByte<T>()) return isE4m3<T>() ? 3 : 4;
  return isBf16<T>() ? 0 : 1;
}
