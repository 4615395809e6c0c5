import { formatNumber, formatPercent, formatSigned } from "../../statistics/format-number.ts";
import type { MetricId } from "../../statistics/metric-id.ts";
import type { Metric } from "../../statistics/metrics.ts";

/** One row of the heatmap: the mean of its cells so far, and whether all of them are in. */
export interface HeadlineRow {
  module: string;
  value: number | null;
  complete: boolean;
}

/** A row whose value exists. */
interface Ranked {
  module: string;
  value: number;
}

interface Wording {
  /** The row with the largest value, when it stands out. */
  first(row: Ranked): string;
  /** Two rows ahead of the others. */
  two(a: Ranked, b: Ranked): string;
  /** All rows within a tenth; `range` is formatted, `all` is "All modules" or "Both modules". */
  alike(all: string, range: string): string;
  /** There is only one row. */
  only(row: Ranked): string;
  /** Below this the largest value is not worth a comparison, and what is said then. */
  slight?: { below: number; say(value: number): string };
  /** Every value is zero, at the end and while more is to come. */
  none: string;
  noneYet: string;
}

const percentRange = (range: string): string => range.replace(" %–", "–");

const WORDINGS: Record<MetricId, Wording> = {
  norm: {
    first: ({ module, value }) => `${module} moved most: ‖Δ‖ = ${formatNumber(value)} on average`,
    two: (a, b) =>
      `${a.module} and ${b.module} moved most: ‖Δ‖ = ${formatNumber(a.value)} and ${formatNumber(b.value)} on average`,
    alike: (all, range) => `${all} moved about alike: ‖Δ‖ = ${range} on average`,
    only: ({ module, value }) => `${module} moved by ‖Δ‖ = ${formatNumber(value)} on average`,
    none: "Nothing changed: every weight drawn here is the same in A and B",
    noneYet: "No change found",
  },
  relative: {
    first: ({ module, value }) => `${module} moved most: ${formatNumber(value)} of its own norm`,
    two: (a, b) =>
      `${a.module} and ${b.module} moved most: ${formatNumber(a.value)} and ${formatNumber(b.value)} of their norm`,
    alike: (all, range) => `${all} moved about alike: ${range} of their norm`,
    only: ({ module, value }) => `${module} moved by ${formatNumber(value)} of its own norm`,
    none: "Nothing changed: every weight drawn here is the same in A and B",
    noneYet: "No change found",
  },
  rescale: {
    first: ({ module, value }) => `${module} was rescaled most: k − 1 = ${formatSigned(value)}`,
    two: (a, b) =>
      `${a.module} and ${b.module} were rescaled most: k − 1 = ${formatSigned(a.value)} and ${formatSigned(b.value)}`,
    alike: (all, range) => `${all} were rescaled about alike: k − 1 = ${range}`,
    only: ({ module, value }) => `${module} was rescaled by k − 1 = ${formatSigned(value)}`,
    none: "No module was rescaled: k is 1 throughout",
    noneYet: "No rescale found",
  },
  changed: {
    first: ({ module, value }) => `${module} changed most: ${formatPercent(value)} of its weights`,
    two: (a, b) =>
      `${a.module} and ${b.module} changed most: ${formatPercent(a.value)} and ${formatPercent(b.value)} of their weights`,
    alike: (all, range) => `${all} changed about alike: ${percentRange(range)} of their weights`,
    only: ({ module, value }) => `${formatPercent(value)} of ${module}'s weights changed`,
    none: "Nothing changed: every weight drawn here is the same in A and B",
    noneYet: "No change found",
  },
  share: {
    first: ({ module, value }) =>
      `${module} moved most along itself: a rescale explains ${formatPercent(value)} of ‖Δ‖²`,
    two: (a, b) =>
      `${a.module} and ${b.module} moved most along themselves: a rescale explains ${formatPercent(a.value)} and ${formatPercent(b.value)} of ‖Δ‖²`,
    alike: (all, range) =>
      `${all} moved along themselves about alike: a rescale explains ${percentRange(range)} of ‖Δ‖²`,
    only: ({ module, value }) => `A rescale explains ${formatPercent(value)} of ‖Δ‖² in ${module}`,
    none: "No module moved along itself: a rescale explains nothing",
    noneYet: "No rescale found",
  },
  residual: {
    first: ({ module, value }) => `${module} moved most beside a rescale: ${formatNumber(value)} of its own norm`,
    two: (a, b) =>
      `${a.module} and ${b.module} moved most beside a rescale: ${formatNumber(a.value)} and ${formatNumber(b.value)} of their norm`,
    alike: (all, range) => `${all} moved about alike beside a rescale: ${range} of their norm`,
    only: ({ module, value }) => `Beside a rescale ${module} moved by ${formatNumber(value)} of its own norm`,
    none: "Nothing is left beside a rescale",
    noneYet: "Nothing found beside a rescale",
  },
  energy: {
    first: ({ module, value }) => `Most even steps: ${module}, whose signs keep ${formatPercent(value)} of ‖Δ‖²`,
    two: (a, b) =>
      `Most even steps: ${a.module} and ${b.module}, whose signs keep ${formatPercent(a.value)} and ${formatPercent(b.value)} of ‖Δ‖²`,
    alike: (all, range) => `${all} have about equally even steps: the signs keep ${percentRange(range)} of ‖Δ‖²`,
    only: ({ module, value }) => `The signs of ${module}'s change keep ${formatPercent(value)} of ‖Δ‖²`,
    none: "The signs of the change keep nothing of it",
    noneYet: "No change found",
  },
  dip: {
    first: ({ module, value }) => `${module} is farthest from one mode: dip ${formatNumber(value)} on average`,
    two: (a, b) =>
      `${a.module} and ${b.module} are farthest from one mode: dip ${formatNumber(a.value)} and ${formatNumber(b.value)} on average`,
    alike: (all, range) => `${all} are about equally far from one mode: dip ${range} on average`,
    only: ({ module, value }) => `${module} has a dip of ${formatNumber(value)} on average`,
    // Counting noise and the steps of 16-bit formats stay below it (docs/kinds.md).
    slight: { below: 0.01, say: (value) => `No module is far from one mode: dip ${formatNumber(value)} at most` },
    none: "Every distribution has one mode: the dip is 0 throughout",
    noneYet: "No dip found",
  },
  valley: {
    first: ({ module, value }) => `Deepest valley between two modes: ${module}, ${formatPercent(value)} on average`,
    two: (a, b) =>
      `Deepest valleys between two modes: ${a.module} and ${b.module}, ${formatPercent(a.value)} and ${formatPercent(b.value)} on average`,
    alike: (all, range) => `${all} have valleys about alike: ${percentRange(range)} deep on average`,
    only: ({ module, value }) => `The valley between ${module}'s modes is ${formatPercent(value)} deep on average`,
    none: "No distribution drawn here has two modes",
    noneYet: "No second mode found",
  },
  normA: {
    first: ({ module, value }) => `Largest norm: ${module}, ${formatNumber(value)} on average`,
    two: (a, b) =>
      `Largest norms: ${a.module} and ${b.module}, ${formatNumber(a.value)} and ${formatNumber(b.value)} on average`,
    alike: (all, range) => `${all} have about the same norm: ${range} on average`,
    only: ({ module, value }) => `The norm of ${module} is ${formatNumber(value)} on average`,
    none: "Every weight drawn here is zero",
    noneYet: "Only zeros",
  },
  adapter: {
    first: ({ module, value }) => `The adapter is nearest to B's change in ${module}: cosine ${formatSigned(value)}`,
    two: (a, b) =>
      `The adapter is nearest to B's change in ${a.module} and ${b.module}: cosines ${formatSigned(a.value)} and ${formatSigned(b.value)}`,
    alike: (all, range) => `The adapter's change lies about alike to B's in ${all.toLowerCase()}: cosine ${range}`,
    only: ({ module, value }) => `The adapter's change in ${module} is at a cosine of ${formatSigned(value)} to B's`,
    none: "The adapter's change is at right angles to B's throughout",
    noneYet: "Nothing in common found",
  },
};

/** How much larger the first is than the second, in words that are true to the digits they show. */
function ratioWords(first: Ranked, second: Ranked, metric: Metric): string {
  if (second.value === 0) return "; all other rows are zero";
  // Said of sizes: "twice" would mislead where one grew and the other shrank.
  if (first.value * second.value < 0) return `, against ${metric.format(second.value)} in ${second.module}`;
  const ratio = first.value / second.value;
  if (ratio >= 1.9 && ratio <= 2.1) return `, twice ${second.module}`;
  if (ratio >= 100) return `, more than 100 × ${second.module}`;
  return `, ${ratio < 9.95 ? ratio.toFixed(1) : ratio.toFixed(0)} × ${second.module}`;
}

function rangeWords(ranked: readonly Ranked[], metric: Metric): string {
  const values = ranked.map(({ value }) => value);
  const low = metric.format(Math.min(...values));
  const high = metric.format(Math.max(...values));
  if (low === high) return low;
  return metric.scale === "diverging" ? `${low} to ${high}` : `${low}–${high}`;
}

/** Whether all values are of one sign and within a tenth of their middle. */
function areAlike(ranked: readonly Ranked[]): boolean {
  const sizes = ranked.map(({ value }) => Math.abs(value));
  const most = Math.max(...sizes);
  const least = Math.min(...sizes);
  const oneSign = ranked.every(({ value }) => value > 0) || ranked.every(({ value }) => value < 0);
  return oneSign && most - least <= 0.1 * (most + least);
}

function finding(ranked: readonly Ranked[], metric: Metric): string {
  const wording = WORDINGS[metric.id];
  const [first, second, third] = ranked;
  if (!first) return "";
  if (wording.slight && Math.abs(first.value) < wording.slight.below) return wording.slight.say(first.value);
  if (!second) return wording.only(first);
  if (areAlike(ranked)) return wording.alike(third ? "All modules" : "Both modules", rangeWords(ranked, metric));
  const close = Math.abs(second.value) > 0.95 * Math.abs(first.value);
  return close ? wording.two(first, second) : wording.first(first) + ratioWords(first, second, metric);
}

/**
 * One sentence, without a full stop, that says what the rows of a heatmap show: which row has the largest mean, by how
 * much, or that none stands out. Rows of one group only. While a row is not complete it ends in ", so far".
 */
export function headline(rows: readonly HeadlineRow[], metric: Metric): string {
  const complete = rows.every((row) => row.complete);
  const ranked = rows
    .flatMap(({ module, value }): Ranked[] => (value === null ? [] : [{ module, value }]))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const [first] = ranked;
  if (!first) return complete ? `${metric.label} does not exist for any of these weights` : "Nothing read yet";
  if (first.value === 0) {
    const { none, noneYet } = WORDINGS[metric.id];
    return complete ? none : `${noneYet}, so far`;
  }
  return `${finding(ranked, metric)}${complete ? "" : ", so far"}`;
}
