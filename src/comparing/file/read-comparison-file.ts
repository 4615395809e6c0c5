import type { PairStats } from "../../kernels/pair-stats.ts";
import type { Pair, Unpaired } from "../../pairing/pair.ts";
import { DTYPE_BITS, type Dtype } from "../../safetensors/dtype.ts";
import type { PairNumbers } from "../../statistics/pair-numbers.ts";
import { type PackedPlaces, placeAt } from "../../taxonomy/packed-places.ts";
import type { Place } from "../../taxonomy/place.ts";
import type { View } from "../../tensors/view.ts";
import type { Comparison } from "../comparison.ts";
import type { OperandRecord } from "../operand-record.ts";
import { OutcomeList } from "../outcome-list.ts";
import { ShortTasks } from "../short-tasks.ts";
import { CONTRACT, type ComparisonFile, type FileOperand, type FilePair, type FileShared } from "./comparison-file.ts";
import { isPair, isRecord, isShared, isUnpaired, numbersFrom, slotsFrom, sumsFrom } from "./file-numbers.ts";
import { ListSplitter } from "./list-splitter.ts";

/** A file that is no comparison; the message says what is wrong with it. */
export class ComparisonFileError extends Error {
  override readonly name = "ComparisonFileError";
}

/** A saved comparison in the form the page works with. */
export interface SavedComparison {
  comparison: Comparison;
  results: OutcomeList;
  engine: ComparisonFile["engine"];
}

/**
 * Where tensors stand, by names and shapes; `shapes` has of each its rank and its sizes. Whoever reads a file has the rules of
 * names at hand, or a worker that has.
 */
export type PlaceTensors = (names: string[], shapes: Float64Array) => Promise<PackedPlaces>;

/** Characters looked at in one go. */
const STRETCH = 2 ** 17;

/** A pair as a file has it, its numbers as the page has them. */
interface ReadPair extends Omit<FilePair, "stats"> {
  stats: PairStats | PairNumbers | null;
}

/** A file's lists, those elements that are whole. */
interface Lists {
  pairs: ReadPair[];
  unpaired: Unpaired[];
  shared: FileShared[];
}

type Head = Omit<ComparisonFile, keyof Lists | "version" | "contract"> & { version: unknown; contract: unknown };

/** What a file holds, its lists element by element. */
interface Contents {
  rest: unknown;
  lists: Lists;
  /** What of a list is not whole, in words: the first of it. */
  damaged: Partial<Record<keyof Lists, string>>;
}

/** Parses the text as it is read, in short tasks: a file may have 45,000 pairs. Throws whatever parsing throws. */
async function parse(blob: Blob, tasks: ShortTasks): Promise<Contents> {
  const magic = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const isZipped = magic[0] === 0x1f && magic[1] === 0x8b;
  const stream = isZipped ? blob.stream().pipeThrough(new DecompressionStream("gzip")) : blob.stream();
  const lists: Lists = { pairs: [], unpaired: [], shared: [] };
  const damaged: Contents["damaged"] = {};
  const take: Record<keyof Lists, (element: unknown) => void> = {
    pairs(pair) {
      // Histograms as numbers, not as lists of anything: 45,000 pairs of an old file have 34 million of them.
      if (isPair(pair)) lists.pairs.push({ ...pair, stats: pair.stats && numbersFrom(pair.stats) });
      else damaged.pairs ??= isRecord(pair) && typeof pair.name === "string" ? pair.name : `pair ${lists.pairs.length}`;
    },
    unpaired(one) {
      if (isUnpaired(one)) lists.unpaired.push(one);
      else damaged.unpaired = "the tensors without a partner";
    },
    shared(one) {
      if (isShared(one)) lists.shared.push(one);
      else damaged.shared = "the histograms that experts share";
    },
  };
  const splitter = new ListSplitter(Object.keys(take), (list, text) => take[list as keyof Lists](JSON.parse(text)));
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  const push = async (text: string) => {
    for (let at = 0; at < text.length; at += STRETCH) {
      splitter.push(text.slice(at, at + STRETCH));
      if (tasks.full) await tasks.next();
    }
  };
  for (let part = await reader.read(); !part.done; part = await reader.read())
    await push(decoder.decode(part.value, { stream: true }));
  await push(decoder.decode());
  return { rest: JSON.parse(splitter.end()), lists, damaged };
}

/**
 * Reads a comparison file, gzipped or not; its bytes are elsewhere: it can be looked at, not scanned. `place` says where
 * its tensors stand. Rejects with a ComparisonFileError.
 */
export async function readComparisonFile(blob: Blob, id: number, place: PlaceTensors): Promise<SavedComparison> {
  const tasks = new ShortTasks();
  const { rest, lists, damaged } = await parse(blob, tasks).catch((cause: unknown) => {
    throw new ComparisonFileError(
      "This file is not readable as JSON. Drop a comparison saved by Auscult (.auscult.json).",
      { cause },
    );
  });
  if (!isComparison(rest)) throw new ComparisonFileError("This JSON file is not a comparison saved by Auscult.");
  const { version, contract } = rest;
  if (version !== 1 || contract !== CONTRACT)
    throw new ComparisonFileError(
      `This comparison was saved by another version of Auscult (version ${version}, ${contract}); this page reads version 1, ${CONTRACT}.`,
    );
  const what = damaged.pairs ?? damaged.unpaired ?? damaged.shared;
  if (what !== undefined) throw new ComparisonFileError(`What this file says of ${what} is incomplete or damaged.`);
  return restore(rest, lists, id, place, tasks);
}

const isOperand = (value: unknown): boolean =>
  isRecord(value) && typeof value.ref === "string" && Array.isArray(value.files);

function isComparison(file: unknown): file is Head {
  if (!isRecord(file) || file.format !== "auscult-comparison") return false;
  const operands =
    isOperand(file.a) &&
    (file.b === null || isOperand(file.b)) &&
    (file.adapter === undefined || isOperand(file.adapter));
  if (file.rename !== undefined && typeof file.rename !== "string") return false;
  const hasShared = file.shared === undefined || Array.isArray(file.shared);
  return operands && Array.isArray(file.pairs) && Array.isArray(file.unpaired) && hasShared;
}

const sizeOf = ({ shape }: Pick<FilePair, "shape">): number => shape.reduce((product, n) => product * n, 1);

async function restore(
  head: Head,
  { pairs: read, unpaired, shared }: Lists,
  id: number,
  place: PlaceTensors,
  tasks: ShortTasks,
): Promise<SavedComparison> {
  const shapes = Float64Array.from(read.flatMap(({ shape }) => [shape.length, ...shape]));
  const places = await place(
    read.map(({ name }) => name),
    shapes,
  );
  if (tasks.full) await tasks.next();
  const pairs: Pair[] = [];
  for (const [index, pair] of read.entries()) {
    pairs.push(pairFrom(pair, index, placeAt(places, index), head.b === null));
    if (tasks.full) await tasks.next();
  }
  const { rename = "" } = head;
  const a = operandFrom(head.a);
  const b = head.b && operandFrom(head.b);
  const adapter = head.adapter ? operandFrom(head.adapter) : null;
  const comparison = { id, a, b, adapter, pairs, unpaired, rename };
  if (tasks.full) await tasks.next();
  const results = new OutcomeList(pairs);
  for (const [index, { stats, coverage, engine, deltas }] of read.entries()) {
    const by = engine ?? head.engine ?? "reference";
    if (stats) results.set(index, { stats, coverage, engine: by, deltas: deltas && sumsFrom(deltas) });
    if (tasks.full) await tasks.next();
  }
  restoreShared(shared, pairs, results);
  // Worked out here, in short tasks, rather than all of them in the first drawing.
  for (const shared of results.shared) {
    results.pooled(shared.pairs);
    if (tasks.full) await tasks.next();
  }
  return { comparison, results, engine: head.engine };
}

const operandFrom = (from: FileOperand): OperandRecord => ({
  ...from,
  label: from.ref.replace(/@[0-9a-f]{40}/, ""),
  notes: [],
});

/** What is no dtype of the format was decoded by a scheme, which always gives float32. */
const typeFrom = (stored: string): Pick<View, "dtype" | "storedAs"> =>
  stored in DTYPE_BITS ? { dtype: stored as Dtype } : { dtype: "F32", storedAs: stored };

function pairFrom(read: ReadPair, index: number, place: Place, isAlone: boolean): Pair {
  const { name, nameB, shape } = read;
  const count = sizeOf(read);
  const view = (name: string, stored: string): View => ({
    name,
    ...typeFrom(stored),
    shape,
    count,
    file: 0,
    span: { begin: 0, end: 0 },
  });
  const pair: Pair = {
    index,
    name,
    nameB,
    a: view(name, read.dtypeA),
    b: isAlone ? null : view(nameB, read.dtypeB),
    adapter: null,
    place,
    count,
  };
  if (read.identical) pair.identical = true;
  return pair;
}

function restoreShared(shared: readonly FileShared[], pairs: readonly Pair[], results: OutcomeList): void {
  const keyOf = ({ stack, layer, module }: Pick<Place, "stack" | "layer" | "module">) =>
    JSON.stringify([stack, layer, module]);
  const first = new Map(results.shared.map((one) => [keyOf(pairs[one.pairs[0]].place), one.pairs[0]]));
  for (const one of shared) {
    const pair = first.get(keyOf(one));
    if (pair !== undefined) results.addShared(pair, slotsFrom(one));
  }
}
