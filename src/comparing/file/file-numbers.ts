import { emptyDeltaSums } from "../../kernels/low-rank/delta-sums.ts";
import { MAGNITUDE_SLOTS, type PairStats, RELATIVE_SLOTS } from "../../kernels/pair-stats.ts";
import type { Unpaired } from "../../pairing/pair.ts";
import { COUNT_NAMES, type Histograms, type PairNumbers, SUM_NAMES } from "../../statistics/pair-numbers.ts";
import type { FileHistograms, FilePair, FilePairStats, FileShared } from "./comparison-file.ts";

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** JSON writes sums that left the range of numbers as null. */
const isSum = (value: unknown): boolean => value === null || typeof value === "number";
const hasSums = (of: Record<string, unknown>, keys: readonly string[]): boolean => keys.every((key) => isSum(of[key]));

const SLOTS = { relative: ["positive", "negative"], magnitude: ["grow", "shrink"] } as const;
const LENGTH = { relative: RELATIVE_SLOTS, magnitude: MAGNITUDE_SLOTS } as const;
const DELTAS = Object.keys(emptyDeltaSums());

const isSlots = (slots: unknown, length: number): boolean =>
  slots instanceof Float64Array
    ? slots.length === length
    : Array.isArray(slots) && slots.length === length && slots.every(Number.isFinite);

const hasSlots = (of: Record<string, unknown>): boolean =>
  (["relative", "magnitude"] as const).every((which) => {
    const histogram = of[which];
    return isRecord(histogram) && SLOTS[which].every((half) => isSlots(histogram[half], LENGTH[which]));
  });

/** Whether a value has all the sums and counts of a pair, with histograms or with the counts that stand for them. */
export const isStats = (stats: unknown): boolean =>
  isRecord(stats) &&
  hasSums(stats, SUM_NAMES) &&
  (isRecord(stats.counts) ? hasSums(stats.counts, COUNT_NAMES) : hasSlots(stats));

/** Whether a file's element is a pair, of which all is said that must be. */
export function isPair(pair: unknown): pair is FilePair {
  if (!isRecord(pair) || typeof pair.name !== "string" || typeof pair.nameB !== "string") return false;
  if (!Array.isArray(pair.shape) || !pair.shape.every(Number.isSafeInteger)) return false;
  if (typeof pair.dtypeA !== "string" || typeof pair.dtypeB !== "string") return false;
  if (pair.deltas !== undefined && !(isRecord(pair.deltas) && hasSums(pair.deltas, DELTAS))) return false;
  return pair.stats === null || isStats(pair.stats);
}

export const isUnpaired = (one: unknown): one is Unpaired =>
  isRecord(one) && ["side", "name", "reason"].every((key) => typeof one[key] === "string");

export const isShared = (one: unknown): one is FileShared => isRecord(one) && hasSlots(one);

/** Histograms back in typed arrays. */
export const slotsFrom = ({ relative, magnitude }: FileHistograms): Histograms => ({
  relative: { positive: Float64Array.from(relative.positive), negative: Float64Array.from(relative.negative) },
  magnitude: { grow: Float64Array.from(magnitude.grow), shrink: Float64Array.from(magnitude.shrink) },
});

/** Sums as the page has them: one that left the range of numbers, null in JSON, is NaN. */
export function sumsFrom<Sums extends Record<keyof Sums, number>>(from: Sums): Sums {
  const sums = { ...from };
  for (const key of Object.keys(sums) as (keyof Sums)[]) sums[key] = (sums[key] ?? Number.NaN) as Sums[keyof Sums];
  return sums;
}

/** A pair's numbers as the page has them. */
export function numbersFrom(stats: FilePairStats | PairNumbers): PairStats | PairNumbers {
  if ("counts" in stats) {
    const { counts, ...sums } = stats;
    return { ...sumsFrom(sums), counts: sumsFrom(counts) };
  }
  const { relative, magnitude, ...sums } = stats;
  return { ...sumsFrom(sums), ...slotsFrom({ relative, magnitude }) };
}
