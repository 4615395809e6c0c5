/** One histogram of relative changes t. */
export interface Histogram {
  /** 257 counts; bin i is centred at (i − 128)/128 and 1/128 wide. */
  bins: Float64Array;
  /** Counts left of the first and right of the last bin. */
  below: number;
  above: number;
  /** Elements the shares refer to; at least the sum of what is drawn, more where something was taken out. */
  total: number;
}

export const binCount = 257;

/** Where the bins lie, px. Bars for what is beyond ±1 stand apart at both ends. */
export interface BinAxis {
  /** x of a value of t. */
  x(t: number): number;
  /** Left edge of bin i; `binCount` gives the right edge of the last. −1 and `binCount` + 1 do not exist. */
  edge(bin: number): number;
  binWidth: number;
  /** The bars beyond; null when they are not shown. */
  below: { x: number; width: number } | null;
  above: { x: number; width: number } | null;
  ticks: { x: number; text: string; faint: boolean }[];
  /** What is at a pixel: a bin, −1 for below, `binCount` for above. Clamped, so that there is always an answer. */
  at(x: number): number;
}

const barWidth = 10;
/** Wide enough for `<−1` beside `−1`. */
const barGap = 20;

export function binAxis(left: number, right: number, showBeyond: boolean): BinAxis {
  const inset = showBeyond ? barWidth + barGap : 0;
  const from = left + inset;
  const binWidth = Math.max(1, right - left - 2 * inset) / binCount;
  const edge = (bin: number) => from + bin * binWidth;
  const x = (t: number) => edge(t * 128 + 128.5);
  const below = showBeyond ? { x: left, width: barWidth } : null;
  const above = showBeyond ? { x: right - barWidth, width: barWidth } : null;
  const marks = [
    [-1, "−1"],
    [-0.5, "−0.5"],
    [0, "0"],
    [0.5, "+0.5"],
    [1, "+1"],
  ] as const;
  return {
    x,
    edge,
    binWidth,
    below,
    above,
    ticks: [
      ...(below ? [{ x: below.x + barWidth / 2, text: "<−1", faint: true }] : []),
      ...marks.map(([t, text]) => ({ x: x(t), text, faint: false })),
      ...(above ? [{ x: above.x + barWidth / 2, text: ">+1", faint: true }] : []),
    ],
    at(px) {
      if (below && px < from - barGap / 2) return -1;
      if (above && px > edge(binCount) + barGap / 2) return binCount;
      return Math.min(binCount - 1, Math.max(0, Math.floor((px - from) / binWidth)));
    },
  };
}

/** A count that can be drawn: what is not finite, or negative, is none. */
export function drawable(count: number): number {
  return Number.isFinite(count) && count > 0 ? count : 0;
}

/** The range of t in words: `−0.496 to −0.488`, `below −1`, `above +1`. */
export function binWords(bin: number): string {
  if (bin < 0) return "below −1";
  if (bin >= binCount) return "above +1";
  return `${signed((bin - 128.5) / 128)} to ${signed((bin - 127.5) / 128)}`;
}

/** A signed number with three decimals, with a true minus sign. */
export function signed(t: number): string {
  const digits = Math.abs(t).toFixed(3);
  return Number(digits) === 0 ? "0" : `${t < 0 ? "−" : "+"}${digits}`;
}

/**
 * A share in words: `12 %`, `1.2 %`, `0.012 %`. What is there but too little to print, or nearly all but not all, says so:
 * `< 0.001 %`, `> 99.9 %`.
 */
export function shareWords(count: number, total: number): string {
  const percent = (100 * drawable(count)) / total;
  if (!Number.isFinite(percent) || percent === 0) return "0\u00a0%";
  if (percent < 0.001) return "<\u00a00.001\u00a0%";
  if (percent > 99.9 && percent < 100) return ">\u00a099.9\u00a0%";
  const decimals =
    percent >= 99.5 && percent < 100 ? 1 : percent >= 9.95 ? 0 : percent >= 0.995 ? 1 : percent >= 0.0995 ? 2 : 3;
  return `${percent.toFixed(decimals)}\u00a0%`;
}
