import { DTYPE_BITS, type Dtype } from "./dtype.ts";

/** Why the elements of a dtype cannot be decoded yet; a dtype that is not here decodes. */
const UNDECODABLE: Partial<Record<Dtype, string>> = {
  BOOL: "The tensor holds truth values (BOOL), which have no size to compare.",
  C64: "The tensor holds complex numbers (C64), which are not decoded yet.",
  F4: "The tensor holds 4-bit floats (F4), which are not decoded yet.",
  F6_E2M3: "The tensor holds 6-bit floats (F6_E2M3), which are not decoded yet.",
  F6_E3M2: "The tensor holds 6-bit floats (F6_E3M2), which are not decoded yet.",
  F8_E5M2: "The tensor holds 8-bit floats (F8_E5M2), which are not decoded yet.",
  F8_E4M3: "The tensor holds 8-bit floats (F8_E4M3), which are not decoded yet.",
  F8_E8M0: "The tensor holds 8-bit scales (F8_E8M0), which are not decoded yet.",
  F8_E4M3FNUZ: "The tensor holds 8-bit floats (F8_E4M3FNUZ), which are not decoded yet.",
  F8_E5M2FNUZ: "The tensor holds 8-bit floats (F8_E5M2FNUZ), which are not decoded yet.",
};

const NARROW_FLOATS: ReadonlySet<Dtype> = new Set(["BF16", "F16", "F32"]);

export const isDecodable = (dtype: Dtype): boolean => !(dtype in UNDECODABLE);

/** A sentence for the person that says why `dtype` is not compared, or null where it is. */
export const undecodableReason = (dtype: Dtype): string | null => UNDECODABLE[dtype] ?? null;

/** Whether arithmetic on the decoded values is done in float64 (F64 and the integers) and not in float32. */
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

function decodeHalves(out: Float64Array, bits: Uint16Array): void {
  halves ??= halfValues();
  for (let i = 0; i < out.length; i++) out[i] = halves[bits[i]];
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
  // Typed arrays want their bytes aligned and in the machine's order, which is little-endian wherever WebAssembly runs.
  const whole = bytes.byteOffset % width === 0 ? bytes : bytes.slice(0, count * width);
  const place = [whole.buffer, whole.byteOffset, count] as const;
  const native = NATIVE[dtype];
  if (native) out.set(native(place));
  else if (dtype === "BF16") decodeBfloats(out, new Uint16Array(...place));
  else if (dtype === "F16") decodeHalves(out, new Uint16Array(...place));
  else decodeLongs(out, dtype === "I64" ? new BigInt64Array(...place) : new BigUint64Array(...place));
}

/** The first `count` elements of `bytes` as numbers; see `decodeInto`. */
export function decode(dtype: Dtype, bytes: Uint8Array, count: number): Float64Array {
  const out = new Float64Array(count);
  decodeInto(out, dtype, bytes);
  return out;
}
