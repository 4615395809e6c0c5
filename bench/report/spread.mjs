/**
 * The middle and the ends of some measured values.
 *
 * @param {readonly number[]} values at least one
 * @returns {{ median: number, min: number, max: number }}
 */
export function spread(values) {
  const sorted = [...values].sort((x, y) => x - y);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}
