/** How many pairs are read where none is named. */
const FEW = 3;

/** Bytes of an element in nearly all of the published checkpoints. */
const WIDTH = 2;

/**
 * Gigabytes that both sides of some pairs have together, at two bytes an element.
 *
 * @param {readonly import("./read-anchors.mjs").AnchorPair[]} pairs
 */
export const gigabytes = (pairs) => pairs.reduce((total, { billions }) => total + 2 * WIDTH * billions, 0);

/**
 * The pairs that have one of `names` in the repo of A or B, whatever the case, in the order given; without names the
 * smallest three.
 *
 * @param {readonly import("./read-anchors.mjs").AnchorPair[]} pairs
 * @param {readonly string[]} names
 * @throws {Error} with a sentence for the person, where a name fits no pair
 */
export function choosePairs(pairs, names) {
  if (names.length === 0) return [...pairs].sort((x, y) => x.billions - y.billions).slice(0, FEW);
  /** @type {(pair: { a: string, b: string }, name: string) => boolean} */
  const fits = ({ a, b }, name) => [a, b].some((repo) => repo.toLowerCase().includes(name.toLowerCase()));
  const unknown = names.filter((name) => !pairs.some((pair) => fits(pair, name)));
  if (unknown.length > 0)
    throw new Error(`Nothing is published here about ${unknown.join(", ")}: --list names every pair.`);
  return pairs.filter((pair) => names.some((name) => fits(pair, name)));
}
