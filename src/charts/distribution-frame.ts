import { max } from "d3-array";
import { scaleLinear } from "d3-scale";
import { type BinAxis, binAxis, binCount, drawable, type Histogram } from "./bin-axis.ts";
import { textWidth } from "./text-width.ts";

/** What of a drawing says where everything goes. */
export interface FrameOptions {
  /** px; a legend of what is laid over the bars comes under it and makes the drawing higher. */
  width: number;
  height: number;
  /** Heights are log(1 + count). */
  log: boolean;
  /** What lies beyond ±1 gets bars of its own; else it is not drawn. */
  showBeyond: boolean;
  /** Writes a count, at the axis and in the readout. */
  format(count: number): string;
}

/** Where everything of a distribution goes, px. */
export interface DistributionFrame {
  left: number;
  right: number;
  top: number;
  bottom: number;
  axis: BinAxis;
  /** A count's height as a share of the room; above 1 for a bar beyond that is cut off. */
  share(count: number): number;
  ticks: number[];
}

/** Room that the places of the modes take between the title and the bins, px. */
export const MODES_HEIGHT = 16;

/** The counts beyond ±1. */
export function beyond({ below, above }: Histogram): [number, number] {
  return [drawable(below), drawable(above)];
}

/** The count of a bin; −1 is below, `binCount` above. */
export function countAt({ bins, below, above }: Histogram, bin: number): number {
  return drawable(bin < 0 ? below : bin >= binCount ? above : (bins[bin] ?? 0));
}

/** Pure; the drawing follows it. `hasModes`: their places are written above the bins. */
export function distributionFrame(
  data: Histogram,
  { width, height, log, showBeyond, format }: FrameOptions,
  hasModes: boolean,
): DistributionFrame {
  const inside = drawable(max(data.bins) ?? 0);
  const outside = showBeyond ? Math.max(...beyond(data)) : 0;
  // Heavy tails must not flatten the picture: a bar far taller than the bins is cut off, and its share is printed.
  const top = outside > inside * 1.5 && inside > 0 && !log ? inside : Math.max(inside, outside);
  const linear = scaleLinear([0, top], [0, 1]);
  const share = log ? (count: number) => Math.log1p(count) / Math.log1p(top) : (count: number) => linear(count);
  const ticks = log ? decades(top) : linear.ticks(height < 140 ? 2 : 4).filter((tick) => tick > 0 && tick % 1 === 0);
  const left = Math.ceil(max(ticks, (tick) => textWidth(format(tick), 11)) ?? 0) + 10;
  return {
    left,
    right: width - 10,
    // Above the bins: the title, under it the places of the modes, and under these the shares of the bars beyond.
    top: (showBeyond ? 38 : 24) + (hasModes ? MODES_HEIGHT : 0),
    bottom: Math.max(40, height - 36),
    axis: binAxis(left, width - 10, showBeyond),
    share,
    ticks,
  };
}

/** 1, 10, 100 … up to the top, thinned to at most five. */
function decades(top: number): number[] {
  const all = Array.from({ length: Math.floor(Math.log10(Math.max(1, top))) + 1 }, (_, power) => 10 ** power);
  const every = Math.ceil(all.length / 5);
  return all.filter((_, i) => (all.length - 1 - i) % every === 0);
}
