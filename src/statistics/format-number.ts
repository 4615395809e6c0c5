const MINUS = "−";

/** A number too small or too large for plain digits: `1.2e−7`. */
function scientific(size: number): string {
  const [digits, exponent = "0"] = size.toExponential(1).split("e");
  return `${digits}e${exponent.startsWith("-") ? MINUS + exponent.slice(1) : exponent.slice(1)}`;
}

function unsigned(size: number): string {
  if (size === 0) return "0";
  if (size < 1e-4 || size >= 1e6) return scientific(size);
  if (size >= 999.95) return size.toFixed(0);
  if (size >= 99.995) return size.toFixed(1);
  if (size >= 9.9995) return size.toFixed(2);
  if (size >= 0.09995) return size.toFixed(3);
  return size.toPrecision(3);
}

/** About three or four digits with a true minus sign, for tabular figures: `0.374`, `21.84`, `0.0288`, `1.2e−7`. Null: a dash. */
export function formatNumber(value: number | null): string {
  if (value === null) return "–";
  return value < 0 ? MINUS + unsigned(-value) : unsigned(value);
}

/** As `formatNumber`, with a plus where the number is positive: `+0.363`, `−0.372`. */
export function formatSigned(value: number | null): string {
  return value !== null && value > 0 ? `+${unsigned(value)}` : formatNumber(value);
}

/** A share in [0, 1] as per cent. `0 %` and `100 %` are said of exactly none and all: `96.4 %`, `0.30 %`, `> 99.99 %`. */
export function formatPercent(share: number | null): string {
  if (share === null) return "–";
  if (share === 0 || share === 1) return `${share * 100} %`;
  const percent = share * 100;
  if (percent < 0.01) return "< 0.01 %";
  if (percent > 99.99) return "> 99.99 %";
  return `${percent.toFixed(percent < 0.995 || percent > 99 ? 2 : 1)} %`;
}

/** k as a factor, `1.36` or `1.0042`: as many decimals as show two digits of k − 1, and at least two. */
export function formatFactor(k: number): string {
  const decimals = k === 1 ? 2 : Math.min(12, Math.max(2, 1 - Math.floor(Math.log10(Math.abs(k - 1)))));
  return k.toFixed(decimals).replace("-", MINUS);
}

/** A power of two as a fraction, `1/128`; from 1 on as it is. */
export const formatFraction = (size: number): string => (size < 1 ? `1/${1 / size}` : String(size));

/** `one`, `one and two`, `one, two and three`; empty of none. */
export const listText = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

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
