/**
 * What is found out about one tensor, as far as published figures need it: counts of elements, sums over them.
 * `sumA2` is NaN where a tensor is known to be the same on both sides and was not read.
 *
 * @typedef {{ name: string, role: string, layer: number | null, elements: number, unchanged: number, above1e6: number, above1e5: number, maxAbsD: number, sumA2: number, sumD2: number }} ScannedTensor
 */

/** @param {readonly number[]} values */
const sum = (values) => values.reduce((total, value) => total + value, 0);
/** @param {readonly number[]} values */
const mean = (values) => sum(values) / values.length;

/**
 * r = ‖ΔW‖_F / ‖W_A‖_F of one tensor; 0 where nothing changed, whatever ‖W_A‖_F is.
 *
 * @param {ScannedTensor} tensor
 */
const relative = ({ sumA2, sumD2 }) => (sumD2 === 0 ? 0 : Math.sqrt(sumD2 / sumA2));

/**
 * The mean of r over the weights (no biases) that have a role in the layers.
 *
 * @param {readonly ScannedTensor[]} tensors
 * @param {string} wanted
 */
const roleMean = (tensors, wanted) =>
  mean(tensors.filter(({ role, layer }) => role === wanted && layer !== null).map(relative));

/**
 * A share of all elements in per cent.
 *
 * @param {readonly ScannedTensor[]} tensors
 * @param {(tensor: ScannedTensor) => number} count
 */
const percent = (tensors, count) => (100 * sum(tensors.map(count))) / sum(tensors.map(({ elements }) => elements));

/**
 * Each published quantity: what it is called, and how it comes out of the tensors that it is about (NaN where it does not
 * exist). All are plain numbers but the shares, which are in per cent. No words have a bar in them: they stand in tables.
 *
 * @type {Record<string, { words: string, of: (tensors: ScannedTensor[]) => number }>}
 */
export const QUANTITIES = {
  elements: { words: "elements", of: (tensors) => sum(tensors.map(({ elements }) => elements)) },
  above1e6: { words: "changed by more than 1e-6", of: (tensors) => sum(tensors.map(({ above1e6 }) => above1e6)) },
  largest: {
    words: "largest change",
    of: (tensors) => tensors.reduce((largest, { maxAbsD }) => Math.max(largest, maxAbsD), Number.NEGATIVE_INFINITY),
  },
  unchanged: { words: "% unchanged", of: (tensors) => percent(tensors, ({ unchanged }) => unchanged) },
  within1e6: {
    words: "% changed by 1e-6 at most",
    of: (tensors) => percent(tensors, ({ elements, above1e6 }) => elements - above1e6),
  },
  within1e5: {
    words: "% changed by 1e-5 at most",
    of: (tensors) => percent(tensors, ({ elements, above1e5 }) => elements - above1e5),
  },
  oq: {
    words: "mean r of o over mean r of q",
    of: (tensors) => roleMean(tensors, "attn.o") / roleMean(tensors, "attn.q"),
  },
  relative: { words: "r", of: (tensors) => mean(tensors.map(relative)) },
  "relative-mean": { words: "r, mean", of: (tensors) => mean(tensors.map(relative)) },
  "relative-min": { words: "r, least", of: (tensors) => Math.min(...tensors.map(relative)) },
  "relative-max": { words: "r, greatest", of: (tensors) => Math.max(...tensors.map(relative)) },
};
