/** Draws of the bell curve that every weight is picked from. */
const TABLE = 65536;
/** Deviation of a weight, and of its change: about what tuning does to a matrix of a language model. */
const SPREAD = 0.02;
const CHANGE = 4e-4;

/** A 32-bit xorshift (Marsaglia 2003). @param {number} seed */
function xorshift(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** The bits of a finite number in BF16, to nearest even. @param {number} value */
export function bf16Bits(value) {
  float[0] = value;
  return (word[0] + 0x7fff + ((word[0] >>> 16) & 1)) >>> 16;
}

/**
 * Weights of a base model and of one tuned from it, the same for the same seed, millions a second. In BF16 one
 * change in eleven is too small to be seen.
 *
 * @typedef {Uint8Array | Uint16Array | Uint32Array} Bits
 *
 * @param {number} seed
 * @returns {(a: Bits, b: Bits, encode: (value: number) => number, mean?: number) => void}
 *   fills two arrays of equal length with the bits that `encode` gives
 */
export function tunedNumbers(seed) {
  const next = xorshift(seed);
  const bell = new Float64Array(TABLE);
  for (let i = 0; i < TABLE; i++) {
    const radius = Math.sqrt(-2 * Math.log((next() + 1) / 2 ** 32));
    bell[i] = radius * Math.cos((2 * Math.PI * next()) / 2 ** 32);
  }
  return (a, b, encode, mean = 0) => {
    for (let i = 0; i < a.length; i++) {
      const draw = next();
      const base = mean + SPREAD * bell[draw & 0xffff];
      a[i] = encode(base);
      b[i] = encode(base + CHANGE * bell[draw >>> 16]);
    }
  };
}
