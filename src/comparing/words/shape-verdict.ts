import type { DistributionShape } from "../../statistics/distribution-shape.ts";
import { LEAST_DEPTH, LEAST_DEVIATIONS, lowest } from "../../statistics/find-modes.ts";
import { listText } from "../../statistics/format-number.ts";
import { type End, hasPeakNear } from "../../statistics/kinds/clip-artefact.ts";
import { binCentre, RELATIVE_BINS } from "../../statistics/relative-histogram.ts";

type Modes = Pick<DistributionShape, "modes" | "pair" | "bandwidth" | "smoothed">;

/** `+0.37`; what is nearer zero than half a bandwidth is at `0`. */
function placeOf(at: number, bandwidth: number): string {
  if (Math.abs(at) < bandwidth / 2) return "0";
  return `${at < 0 ? "−" : "+"}${Math.abs(at).toFixed(2)}`;
}

/** A mode whose top is wider than this many bandwidths has no place to speak of. */
const SHARP = 8;

/**
 * How well the place of the only mode is known. `broad`: its top, where the curve is less below it than makes a valley, is
 * so wide that its highest bin is chance. `flat`: all of the curve may be its top by chance. Null: it has a place, or there
 * is not one mode.
 */
function topOf({
  modes,
  bandwidth,
  smoothed,
}: Modes): { is: "flat" } | { is: "broad"; from: number; to: number } | null {
  if (modes.length !== 1) return null;
  const [{ at, height }] = modes;
  const peak = Math.round(at * 128) + (RELATIVE_BINS - 1) / 2;
  // What rises again beyond the lowest places belongs to the ends.
  const low = lowest(smoothed, peak, 0);
  const high = lowest(smoothed, peak, RELATIVE_BINS - 1);
  const least = Math.min(smoothed[low], smoothed[high]);
  // Variance of the smoothed counts: those of a bin by the sum of the squared weights of a normal curve.
  const variance = (height + least) / (2 * Math.sqrt(Math.PI) * bandwidth * 128);
  // A mode stands out of counting noise as far as it must from another mode.
  if (height - least < LEAST_DEVIATIONS * Math.sqrt(variance)) return { is: "flat" };
  const isTop = (bin: number) => smoothed[bin] >= (1 - LEAST_DEPTH) * height;
  let from = low;
  let to = high;
  while (from < peak && !isTop(from)) from++;
  while (to > peak && !isTop(to)) to--;
  return to - from > SHARP * bandwidth * 128 ? { is: "broad", from: binCentre(from), to: binCentre(to) } : null;
}

/** Each mode with its place in words, from left to right; a broad one stands in its middle, one that is chance nowhere. */
export function modeMarks(shape: Modes): { at: number; text: string }[] {
  const { modes, bandwidth } = shape;
  const top = topOf(shape);
  if (top?.is === "flat") return [];
  if (top) {
    const text = `${placeOf(top.from, bandwidth)} to ${placeOf(top.to, bandwidth)}`;
    return [{ at: (top.from + top.to) / 2, text }];
  }
  return modes.map(({ at }) => ({ at, text: placeOf(at, bandwidth) }));
}

/** Where the modes lie: `−0.37`, `±0.37`, `0 and ±0.37`, `−0.40, 0 and +0.20`, of a broad one `−0.12 to 0`. Empty without any. */
export function modePlaces(shape: Modes): string {
  const { modes, pair } = shape;
  if (pair !== null) return `${modes.length > 2 ? "0 and " : ""}±${pair.toFixed(2)}`;
  return listText(modeMarks(shape).map(({ text }) => text));
}

const COUNTS = ["no mode inside ±1", "one mode", "two modes", "three modes", "four modes"];

/** `two modes, at ±0.37`, `one broad mode, −0.12 to 0`, `no mode that stands out`, `no mode inside ±1`. */
export function modeWords(shape: Modes): string {
  const { length } = shape.modes;
  const top = topOf(shape);
  if (top) return top.is === "flat" ? "no mode that stands out" : `one broad mode, ${modePlaces(shape)}`;
  const count = COUNTS[length] ?? `${length} modes`;
  return length > 0 ? `${count}, at ${modePlaces(shape)}` : count;
}

const endWords = (ends: readonly End[]): string => (ends.length === 2 ? "±1" : ends[0] === "low" ? "−1" : "+1");

/**
 * What one distribution looks like, as the beginning of a sentence without its full stop: `Two modes, at ±0.37; humps at ±1
 * only by piling up`. Where `shape` has what lies beyond ±1 piled up, `dropped` is that of the same data with it left out, null
 * where too little is left for a shape: so a hump at an end is told from one that piling up makes.
 */
export function shapeVerdict(shape: DistributionShape, dropped?: DistributionShape | null): string {
  const words = modeWords(shape);
  const inside = `${words[0].toUpperCase()}${words.slice(1)}`;
  const ends = (["low", "high"] as const).filter((end) => shape.peakAtEnd[end]);
  if (ends.length === 0) return inside;
  const isOwn = (end: End) => dropped === undefined || (dropped !== null && hasPeakNear(dropped, end));
  const made = ends.filter((end) => !isOwn(end));
  const own = ends.filter(isOwn);
  const said: string[] = [];
  if (made.length > 0) said.push(`${made.length > 1 ? "humps" : "a hump"} at ${endWords(made)} only by piling up`);
  if (own.length > 0) said.push(`still rising towards ${endWords(own)}`);
  return `${inside}; ${said.join(", ")}`;
}
