const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes in decimal units, three digits: `3.10 GB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** A duration in the two largest units: `29 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A count with thin spaces between thousands. */
export const countText = (count: number): string => Math.round(count).toLocaleString("en").replaceAll(",", "\u2009");

/** Keeps a number with its percent sign, and `k − 1`, on one line. */
export const unbroken = (text: string): string =>
  text.replaceAll(" %", "\u00a0%").replaceAll("k − 1", "k\u00a0−\u00a01");
