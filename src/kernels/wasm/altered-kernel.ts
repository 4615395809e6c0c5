/** A kernel with a constant replaced by another of as many bytes, wherever it stands. Throws where it stands nowhere. */
function altered(binary: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(binary);
  let found = 0;
  for (let at = 0; at + from.length <= binary.length; at++) {
    if (!from.every((byte, i) => binary[at + i] === byte)) continue;
    result.set(to, at);
    found++;
  }
  if (found === 0)
    throw new Error(`The kernel has no constant ${[...from].map((byte) => byte.toString(16)).join(" ")}.`);
  return result;
}

const lanes = (word: number): Uint8Array => new Uint8Array(new Uint32Array(4).fill(word).buffer);
/** f64.const and its operand. */
const double = (value: number): Uint8Array => Uint8Array.of(0x44, ...new Uint8Array(new Float64Array([value]).buffer));

/** The kernel with one constant of all lanes (assembly/constants.ts) replaced: for tests that must notice. */
export const withLanes = (binary: Uint8Array, from: number, to: number): Uint8Array<ArrayBuffer> =>
  altered(binary, lanes(from), lanes(to));

/**
 * The kernel that takes the fast way through every block, whatever the squares sum up to (assembly/sums.ts): its counts
 * must be right all the same, as long as every d is finite. Its sums are not to be looked at.
 */
export const alwaysFast = (binary: Uint8Array): Uint8Array<ArrayBuffer> =>
  altered(altered(binary, double(2 ** 100), double(Number.POSITIVE_INFINITY)), double(2 ** -100), double(-1));
