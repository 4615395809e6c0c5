import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Comparison } from "../src/comparing/comparison.ts";
import type { FileHead, FilePair } from "../src/comparing/file/comparison-file.ts";
import { isRecord, isStats, numbersFrom, sumsFrom } from "../src/comparing/file/file-numbers.ts";
import { readComparisonFile } from "../src/comparing/file/read-comparison-file.ts";
import type { OutcomeList } from "../src/comparing/outcome-list.ts";
import type { PairStats } from "../src/kernels/pair-stats.ts";
import { Survey } from "../src/reading/survey.ts";
import { BadInput } from "./bad-input.ts";
import type { SegmentRecord } from "./ledger.ts";
import type { FileSegment, PartHead } from "./part-file.ts";

/** A part of a comparison, or an unfinished one, as it was put aside. */
export interface SavedPart {
  /** The file it was read from. */
  path: string;
  head: FileHead;
  part: PartHead;
  comparison: Comparison;
  outcomes: OutcomeList;
  segments: SegmentRecord[];
}

/** What a file is: a part, a comparison that is whole, or nothing of ours. */
export type Found = { kind: "part"; saved: SavedPart } | { kind: "whole" } | { kind: "foreign" } | { kind: "missing" };

/** Reads a file, gzipped or not. Rejects with `BadInput` where it is a part and damaged, or cannot be read. */
export async function readPart(path: string): Promise<Found> {
  const text = await textOf(path);
  if (text === null) return { kind: "missing" };
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return { kind: "foreign" };
  }
  if (!isRecord(file) || file.format !== "auscult-comparison") return { kind: "foreign" };
  if (file.part === undefined) return { kind: "whole" };
  return { kind: "part", saved: await savedPart(path, text, file) };
}

async function textOf(path: string): Promise<string | null> {
  try {
    const bytes = await readFile(path);
    const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isZipped ? await promisify(gunzip)(bytes) : bytes).toString();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new BadInput(`${path} cannot be read: ${code === "EISDIR" ? "it is a folder" : message}. Name a file.`, {
      cause,
    });
  }
}

async function savedPart(path: string, text: string, file: Record<string, unknown>): Promise<SavedPart> {
  const damaged = (cause?: unknown) =>
    new BadInput(
      `${path} is damaged: it was not written to its end, or changed since. Delete it and compute it again.`,
      { cause },
    );
  const { part, segments } = file;
  if (!isPartHead(part) || !Array.isArray(segments) || !segments.every(isSegment)) throw damaged();
  const { comparison, results } = await readComparisonFile(new Blob([text]), 1, place).catch((cause: unknown) => {
    throw damaged(cause);
  });
  const written = file.pairs as FilePair[];
  for (const [i, pair] of comparison.pairs.entries()) {
    // As it was worked out from all tensors of the model, those without a partner included.
    const { layer, role, module, expert } = written[i];
    Object.assign(pair.place, { layer, role, module }, expert === undefined ? {} : { expert });
  }
  return {
    ...{ path, part, comparison, outcomes: results },
    head: file as FileHead,
    segments: segments.map(segmentFrom),
  };
}

const nothing = async (): Promise<never> => {
  throw new RangeError("Nothing is opened to place tensors.");
};
const survey = new Survey({ open: nothing, relocate: nothing, search: nothing, hurry: () => {} });
const place: Survey["place"] = (names, shapes) => survey.place(names, shapes);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isPartHead(part: unknown): part is PartHead {
  if (!isRecord(part) || !isRecord(part.plan) || !isRecord(part.contents)) return false;
  const { index, of, left, plan, contents } = part;
  const counts = [index, of, left, plan.elements, plan.segments, plan.bytes];
  return counts.every(isCount) && Object.values(contents).every(Array.isArray);
}

const isSegment = (segment: unknown): segment is FileSegment =>
  isRecord(segment) && [segment.pair, segment.slice, segment.of].every(isCount) && isStats(segment.stats);

const segmentFrom = ({ stats, deltas, ...segment }: FileSegment): SegmentRecord => ({
  ...segment,
  stats: numbersFrom(stats) as PairStats,
  ...(deltas ? { deltas: sumsFrom(deltas) } : {}),
});
