const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));

/**
 * The largest number of elements up to `most` that is whole rows and whole blocks at once, or the smallest such number where
 * that is larger: how to cut a DoRA's weight so that its sums still add up block by block.
 */
export function wholeRowStep(columns: number, block: number, most: number): number {
  const smallest = (columns / divisor(columns, block)) * block;
  return Math.max(1, Math.floor(most / smallest)) * smallest;
}
