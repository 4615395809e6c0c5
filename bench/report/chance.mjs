/**
 * How likely differences as large as these are where only chance decides which of two sides of a run is the greater: the
 * exact, one-sided signed-rank test (Wilcoxon 1945). Runs without a difference say nothing, and equal ones share their ranks.
 * One wild run counts no more than any other that is greatest.
 *
 * @param {readonly number[]} differences one for each run
 * @returns {number} from 2^-n, where all n of them are above 0, to 1
 */
export function chance(differences) {
  const sizes = differences.map(Math.abs).filter((size) => size > 0);
  /** Twice the rank of a size, which is whole even where it is shared. @param {number} size */
  const rank = (size) =>
    1 + 2 * sizes.filter((other) => other < size).length + sizes.filter((other) => other === size).length;
  const ranks = sizes.map(rank);
  const seen = differences.filter((difference) => difference > 0).reduce((sum, size) => sum + rank(size), 0);
  // Of all ways to give the ranks a sign, how many come to each sum of those above 0.
  const most = ranks.reduce((sum, each) => sum + each, 0);
  const ways = new Float64Array(most + 1);
  ways[0] = 1;
  for (const each of ranks) for (let sum = most; sum >= each; sum--) ways[sum] += ways[sum - each];
  return ways.subarray(seen).reduce((sum, count) => sum + count, 0) / 2 ** ranks.length;
}
