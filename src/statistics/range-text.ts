/**
 * The least and the greatest of some numbers in words: `0.61 to 0.63`, or the one where both read alike. `unit` is what
 * `format` puts behind a number, and is said once. Empty of no numbers.
 */
export function rangeText(values: readonly number[], format: (value: number) => string, unit = ""): string {
  if (values.length === 0) return "";
  const low = format(values.reduce((least, value) => Math.min(least, value)));
  const high = format(values.reduce((most, value) => Math.max(most, value)));
  if (low === high) return low;
  return `${unit !== "" && low.endsWith(unit) ? low.slice(0, -unit.length) : low} to ${high}`;
}
