import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const RELATIVE_SLOTS = 259;
const MAGNITUDE_SLOTS = 120;
/** Different outlines of a distribution, taken by pairs in turn. */
const OUTLINES = 16;

/**
 * Shares of a bell curve over some slots; they add up to 1.
 *
 * @type {(slots: number, middle: number, width: number) => number[]}
 */
const bell = (slots, middle, width) => {
  const weights = Array.from({ length: slots }, (_, slot) => Math.exp(-(((slot - middle) / width) ** 2) / 2));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
};

/** @type {{ relative: number[], magnitude: number[] }[]} */
const outlines = Array.from({ length: OUTLINES }, (_, index) => ({
  relative: bell(RELATIVE_SLOTS, 129, 8 + 3 * index),
  magnitude: bell(MAGNITUDE_SLOTS, 50 + index, 9),
}));

/**
 * Numbers such as a scan would have found for a pair of `count` elements; not those of any weights.
 *
 * @param {number} count
 * @param {number} index the pair's
 */
function statsOf(count, index) {
  const { relative, magnitude } = outlines[index % OUTLINES];
  const change = 1e-3 * (1 + (index % 97));
  /** @param {readonly number[]} shares */
  const half = (shares) => shares.map((share) => Math.round((share * count) / 2));
  const sumA2 = 4e-4 * count;
  return {
    ...{ count, nonFinite: 0, unchanged: Math.floor(count / 11), zeroBase: 0, zeroTuned: 0 },
    ...{ sumA2, sumAD: 0.01 * change * sumA2, sumD2: change ** 2 * sumA2, sumD: 1e-7 * change * count },
    ...{ sumAbsD: 0.016 * change * count, maxAbsD: 0.09 * change },
    ...{ above1e6: Math.floor((10 * count) / 11), above1e5: Math.floor(count / 2) },
    relative: { positive: half(relative), negative: half(relative) },
    magnitude: { grow: half(magnitude), shrink: half(magnitude) },
  };
}

/**
 * A saved comparison as far as it is read here; the rest is only copied.
 *
 * @typedef {{ pairs: ({ shape: number[] } & Record<string, unknown>)[] } & Record<string, unknown>} Saved
 */

/**
 * A saved comparison, gzipped or not.
 *
 * @param {string} path
 * @returns {Saved}
 */
export function readSaved(path) {
  const bytes = readFileSync(path);
  return JSON.parse((bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString());
}

/**
 * Writes the comparison that was saved at `from` to `to` as if every pair had been read to its end.
 *
 * @param {string} from
 * @param {string} to
 * @returns {{ pairs: number, bytes: number }}
 */
export function writeWhole(from, to) {
  const { format, version, app, contract, a, b, engine, pairs, unpaired } = readSaved(from);
  const file = openSync(to, "w");
  const head = JSON.stringify({ format, version, app, contract, a, b, engine, unpaired }).slice(0, -1);
  let bytes = writeSync(file, `${head},"pairs":[\n`);
  for (const [index, { name, nameB, layer, role, module, expert, shape, dtypeA, dtypeB }] of pairs.entries()) {
    const count = shape.reduce((product, size) => product * size, 1);
    const about = { name, nameB, layer, role, module, expert, shape, dtypeA, dtypeB };
    const pair = JSON.stringify({ ...about, coverage: 1, stats: statsOf(count, index) });
    bytes += writeSync(file, `${pair}${index < pairs.length - 1 ? ",\n" : ""}`);
  }
  bytes += writeSync(file, "]}\n");
  closeSync(file);
  return { pairs: pairs.length, bytes };
}
