import { DTYPE_BITS } from "../../safetensors/dtype.ts";
import type { NarrowFloat } from "../narrow-float.ts";
import { roundToBits } from "../round-to-bits.ts";

/** u32s of a format in the shader's uniform. */
export const FORMAT_WORDS = 8;

interface Layout {
  exponentBits: number;
  fractionBits: number;
  /** Magnitudes, as bits without the sign, that are infinite or not a number: this one and all above. */
  nonFinite: number;
}

const LAYOUTS: Record<NarrowFloat, Layout> = {
  F32: { exponentBits: 8, fractionBits: 23, nonFinite: 0x7f800000 },
  BF16: { exponentBits: 8, fractionBits: 7, nonFinite: 0x7f80 },
  F16: { exponentBits: 5, fractionBits: 10, nonFinite: 0x7c00 },
  F8_E5M2: { exponentBits: 5, fractionBits: 2, nonFinite: 0x7c },
  // Has no infinities, and NaN in one place only.
  F8_E4M3: { exponentBits: 4, fractionBits: 3, nonFinite: 0x7f },
};

const BIAS = 127;
const FRACTION_BITS = 23;

/**
 * How the shader makes float32 bits of `dtype`'s bits, as its struct `Format` has it. A normal number's magnitude is
 * shifted by `widen` and moved by `rebias` to float32's exponents. Below `firstNormal` it counts units of
 * `subnormalUnit`; formats with float32's own exponents need none of that.
 */
export function formatWords(dtype: NarrowFloat): Uint32Array {
  const { exponentBits, fractionBits, nonFinite } = LAYOUTS[dtype];
  const bits = DTYPE_BITS[dtype];
  const wordShift = Math.log2(32 / bits);
  const magnitudeMask = 2 ** (bits - 1) - 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  const widen = FRACTION_BITS - fractionBits;
  const rebias = (BIAS - bias) * 2 ** FRACTION_BITS;
  const firstNormal = bias === BIAS ? 0 : 2 ** fractionBits;
  const subnormalUnit = roundToBits("F32", 2 ** (1 - bias - fractionBits));
  return new Uint32Array([wordShift, magnitudeMask, nonFinite, widen, rebias, firstNormal, subnormalUnit, 0]);
}
