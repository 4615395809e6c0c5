import { DTYPE_BITS, type Dtype } from "./dtype.ts";

/** Why the elements of a dtype cannot be decoded yet; a dtype that is not here decodes. */
const UNDECODABLE: Partial<Record<Dtype, string>> = {
  BOOL: "The tensor holds truth values (BOOL), which have no size to compare.",
  C64: "The tensor holds complex numbers (C64), which are not decoded yet.",
};

const NARROW_FLOATS: ReadonlySet<Dtype> = new Set(["BF16", "F16", "F32", "F8_E4M3", "F8_E5M2"]);

export const isDecodable = (dtype: Dtype): boolean => !(dtype in UNDECODABLE);

/** A sentence for the person that says why `dtype` is not compared, or null where it is. */
export const undecodableReason = (dtype: Dtype): string | null => UNDECODABLE[dtype] ?? null;

/**
 * Whether a kernel computes with such elements in float64, which only the reference engine does: F64 and the integers, and
 * the rare narrow floats, which views hand to kernels as F32.
 */
export const needsFloat64 = (dtype: Dtype): boolean => isDecodable(dtype) && !NARROW_FLOATS.has(dtype);

const word = new Uint32Array(1);
const wordAsFloat = new Float32Array(word.buffer);

/** A table of every F16 value by its bits. */
function halfValues(): Float32Array {
  const values = new Float32Array(65536);
  for (let bits = 0; bits < 32768; bits++) {
    const exponent = bits >> 10;
    // The fraction moves up to float32's, the exponent from a bias of 15 to one of 127; 31 is infinity or NaN in both.
    word[0] = (bits << 13) + (exponent === 31 ? 0x70000000 : 0x38000000);
    values[bits] = exponent === 0 ? bits * 2 ** -24 : wordAsFloat[0];
    values[bits + 32768] = -values[bits];
  }
  return values;
}

let halves: Float32Array | null = null;

/** The layout of a narrow float: a sign, `exponentBits`, `fractionBits`. */
interface NarrowFormat {
  exponentBits: number;
  fractionBits: number;
  bias: number;
  /** Magnitudes from this code on are not finite; infinity, if there is one, comes first. None where absent. */
  special?: number;
  infinities?: boolean;
}

/** Every value of a narrow float by its bits. */
function narrowValues({ exponentBits, fractionBits, bias, special = 256, infinities = false }: NarrowFormat) {
  const half = 2 ** (exponentBits + fractionBits);
  const values = new Float32Array(2 * half);
  const ones = 2 ** fractionBits;
  for (let bits = 0; bits < half; bits++) {
    const exponent = bits >> fractionBits;
    const significand = (bits % ones) + (exponent === 0 ? 0 : ones);
    values[bits] = significand * 2 ** (Math.max(1, exponent) - bias - fractionBits);
    if (bits >= special) values[bits] = infinities && bits === special ? Number.POSITIVE_INFINITY : Number.NaN;
    values[bits + half] = -values[bits];
  }
  return values;
}

/** The variants without a negative zero, whose code is the only NaN (arXiv 2206.02915, which PyTorch calls fnuz). */
function unsignedZeroValues(format: NarrowFormat): Float32Array {
  const values = narrowValues(format);
  values[128] = Number.NaN;
  return values;
}

/** Powers of two without a sign, 2^(bits − 127), and one NaN (OCP Microscaling Formats 1.0, 5.4.1). */
const powersOfTwo = (): Float32Array =>
  Float32Array.from({ length: 256 }, (_, bits) => (bits === 255 ? Number.NaN : 2 ** (bits - 127)));

const TABLES: Partial<Record<Dtype, Float32Array>> = {
  // OCP 8-bit floating point specification 1.0. The variant without infinities, which PyTorch calls float8_e4m3fn.
  F8_E4M3: narrowValues({ exponentBits: 4, fractionBits: 3, bias: 7, special: 0x7f }),
  F8_E5M2: narrowValues({ exponentBits: 5, fractionBits: 2, bias: 15, special: 0x7c, infinities: true }),
  F8_E4M3FNUZ: unsignedZeroValues({ exponentBits: 4, fractionBits: 3, bias: 8 }),
  F8_E5M2FNUZ: unsignedZeroValues({ exponentBits: 5, fractionBits: 2, bias: 16 }),
  F8_E8M0: powersOfTwo(),
  // OCP Microscaling Formats 1.0, 5.3: finite all of them.
  F6_E2M3: narrowValues({ exponentBits: 2, fractionBits: 3, bias: 1 }),
  F6_E3M2: narrowValues({ exponentBits: 3, fractionBits: 2, bias: 3 }),
  F4: narrowValues({ exponentBits: 2, fractionBits: 1, bias: 1 }),
};

type Place = readonly [buffer: ArrayBufferLike, offset: number, count: number];

/** The typed array that reads `dtype`, for those that have one. */
const NATIVE: Partial<Record<Dtype, (place: Place) => ArrayLike<number>>> = {
  F64: (place) => new Float64Array(...place),
  F32: (place) => new Float32Array(...place),
  I8: (place) => new Int8Array(...place),
  U8: (place) => new Uint8Array(...place),
  I16: (place) => new Int16Array(...place),
  U16: (place) => new Uint16Array(...place),
  I32: (place) => new Int32Array(...place),
  U32: (place) => new Uint32Array(...place),
};

function decodeBfloats(out: Float64Array, bits: Uint16Array): void {
  for (let i = 0; i < out.length; i++) {
    word[0] = bits[i] << 16;
    out[i] = wordAsFloat[0];
  }
}

function decodeByTable(out: Float64Array, values: Float32Array, bits: Uint16Array | Uint8Array): void {
  for (let i = 0; i < out.length; i++) out[i] = values[bits[i]];
}

/** Elements narrower than a byte, one behind the other, the first in the lowest bits. */
function decodeBits(out: Float64Array, values: Float32Array, bits: number, bytes: Uint8Array): void {
  const mask = 2 ** bits - 1;
  for (let i = 0; i < out.length; i++) {
    const at = Math.floor((i * bits) / 8);
    const two = bytes[at] | ((bytes[at + 1] ?? 0) << 8);
    out[i] = values[(two >> ((i * bits) % 8)) & mask];
  }
}

function decodeLongs(out: Float64Array, longs: BigInt64Array | BigUint64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Number(longs[i]);
}

/**
 * Decodes the first `out.length` elements of `bytes` (little-endian, any alignment) into `out`.
 * Exact, but for I64 and U64 beyond 2^53, which become the nearest double. Throws a RangeError where `bytes` is too
 * short or `dtype` cannot be decoded.
 */
export function decodeInto(out: Float64Array, dtype: Dtype, bytes: Uint8Array): void {
  const count = out.length;
  const width = DTYPE_BITS[dtype] / 8;
  if (!isDecodable(dtype)) throw new RangeError(undecodableReason(dtype) ?? dtype);
  if (bytes.byteLength < count * width) throw new RangeError(`${bytes.byteLength} bytes hold no ${count} ${dtype}.`);
  const table = TABLES[dtype];
  if (table && width < 1) {
    decodeBits(out, table, DTYPE_BITS[dtype], bytes);
    return;
  }
  // Typed arrays want their bytes aligned and in the machine's order, which is little-endian wherever WebAssembly runs.
  const whole = bytes.byteOffset % width === 0 ? bytes : bytes.slice(0, count * width);
  const place = [whole.buffer, whole.byteOffset, count] as const;
  const native = NATIVE[dtype];
  if (native) out.set(native(place));
  else if (table) decodeByTable(out, table, new Uint8Array(...place));
  else if (dtype === "BF16") decodeBfloats(out, new Uint16Array(...place));
  else if (dtype === "F16") {
    halves ??= halfValues();
    decodeByTable(out, halves, new Uint16Array(...place));
  } else decodeLongs(out, dtype === "I64" ? new BigInt64Array(...place) : new BigUint64Array(...place));
}

/** The first `count` elements of `bytes` as numbers; see `decodeInto`. */
export function decode(dtype: Dtype, bytes: Uint8Array, count: number): Float64Array {
  const out = new Float64Array(count);
  decodeInto(out, dtype, bytes);
  return out;
}
