import type { NormProfileData } from "../../charts/norm-profile.ts";
import type { Profile } from "../../reading/folds/profile-fold.ts";
import { formatPercent } from "../../statistics/format-number.ts";
import type { Axis, HeadBoundary } from "./head-boundaries.ts";
import type { ProfileOrder } from "./view-state.ts";

/** What is drawn of one axis, and what it says. */
export interface AxisPicture extends NormProfileData {
  /** By drawn position: the number of the row or column. */
  numbers: Uint32Array;
  /** The finding, in a sentence. */
  headline: string;
  /** What noise of the same size would do, in a sentence. */
  control: string;
}

/** Standard deviations of noise that the band spans to either side. */
const DEVIATIONS = 3;
/** The share of values of noise beyond it. */
const BEYOND = 0.0027;
/** The share of rows or columns whose part in ‖Δ‖² is told. */
const TOP = 0.01;

const NOUN = { rows: ["row", "rows"], columns: ["column", "columns"] } as const;

/** A picture of ‖Δ row‖ or ‖Δ column‖. */
export function axisPicture(
  { rows, columns }: Pick<Profile, "rows" | "columns">,
  axis: Axis,
  order: ProfileOrder,
  heads: readonly HeadBoundary[],
): AxisPicture {
  const [norms, across] = axis === "rows" ? [rows.d, columns.d.length] : [columns.d, rows.d.length];
  const numbers = Uint32Array.from(norms.keys());
  if (order === "sorted") numbers.sort((x, y) => norms[y] - norms[x] || x - y);
  const squares = norms.map((norm) => norm * norm);
  const total = squares.reduce((sum, square) => sum + square, 0);
  const middle = Math.sqrt(total / Math.max(1, norms.length));
  // The norm of n independent Gaussian numbers of deviation s is about s·√n, with a deviation of s/√2.
  const spread = DEVIATIONS / Math.sqrt(2 * across);
  const even = { middle, low: middle * Math.max(0, 1 - spread), high: middle * (1 + spread) };
  return {
    values: Float64Array.from(numbers, (number) => norms[number]),
    even,
    heads: order === "stored" ? heads : [],
    numbers,
    headline: headlineOf(squares, total, axis),
    control: controlOf(norms, even, axis),
  };
}

function headlineOf(squares: Float64Array, total: number, axis: Axis): string {
  const [one, many] = NOUN[axis];
  if (total === 0) return `Nothing changed: every ${one} of Δ is zero`;
  const most = Math.max(1, Math.round(squares.length * TOP));
  const share = [...squares]
    .sort((x, y) => y - x)
    .slice(0, most)
    .reduce((sum, square) => sum + square / total, 0);
  const which = most === 1 ? `The ${one} that moved most carries` : `The ${most} ${many} that moved most carry`;
  return `${which} ${formatPercent(share)} of ‖Δ‖², an even share would be ${formatPercent(most / squares.length)}`;
}

function controlOf(norms: Float64Array, { low, high }: AxisPicture["even"], axis: Axis): string {
  const [, many] = NOUN[axis];
  const outside = norms.reduce((count, norm) => count + (norm < low || norm > high ? 1 : 0), 0);
  const share = formatPercent(outside / Math.max(1, norms.length));
  return `${outside} of ${norms.length} ${many} (${share}) lie outside the band in which independent noise of the same size keeps all but ${formatPercent(BEYOND)}`;
}
