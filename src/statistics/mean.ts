/** The plain mean of those values that exist, each counting once; null where none does. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? null : present.reduce((sum, value) => sum + value, 0) / present.length;
}

/**
 * The mean of one module's values over the layers, as a multiple of another's: of relative norms, o_proj over q_proj is the
 * "O/Q ratio" of published reports. Values that do not exist are left out; null where a mean is missing or the second is 0.
 */
export function ratioOfMeans(values: readonly (number | null)[], others: readonly (number | null)[]): number | null {
  const mean = meanOf(values);
  const other = meanOf(others);
  return mean === null || other === null || other === 0 ? null : mean / other;
}
