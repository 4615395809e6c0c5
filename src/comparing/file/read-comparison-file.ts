import type { DeltaSums } from "../../kernels/low-rank/delta-sums.ts";
import type { Pair } from "../../pairing/pair.ts";
import type { PackedPlaces, SurveyApi } from "../../reading/worker-contract.ts";
import { DTYPE_BITS, type Dtype } from "../../safetensors/dtype.ts";
import type { Place } from "../../taxonomy/place.ts";
import type { View } from "../../tensors/view.ts";
import type { Comparison, OperandRecord } from "../comparison.ts";
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

/** Characters looked at in one go. */
const STRETCH = 2 ** 17;

/** What a file holds, its lists element by element. */
interface Contents {
  rest: unknown;
  lists: Record<"pairs" | "unpaired" | "shared", unknown[]>;
  /** What the first damaged pair is called; null where all are whole. */
  damaged: string | null;
}

/** Parses the text as it is read, in short tasks: a file may have 45,000 pairs. Throws whatever parsing throws. */
async function parse(blob: Blob, tasks: ShortTasks): Promise<Contents> {
  const magic = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const isZipped = magic[0] === 0x1f && magic[1] === 0x8b;
  const stream = isZipped ? blob.stream().pipeThrough(new DecompressionStream("gzip")) : blob.stream();
  const lists: Contents["lists"] = { pairs: [], unpaired: [], shared: [] };
  let damaged: string | null = null;
  const takePair = (pair: unknown) => {
    // Histograms as numbers, not as lists of anything: 45,000 pairs of an old file have 34 million of them.
    if (isPair(pair)) lists.pairs.push(pair.stats ? { ...pair, stats: numbersFrom(pair.stats) } : pair);
    else damaged ??= isRecord(pair) && typeof pair.name === "string" ? pair.name : `pair ${lists.pairs.length}`;
  };
  const splitter = new ListSplitter(Object.keys(lists), (list, text) => {
    const element: unknown = JSON.parse(text);
    if (list === "pairs") takePair(element);
    else lists[list as "unpaired" | "shared"].push(element);
  });
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  const take = async (text: string) => {
    for (let at = 0; at < text.length; at += STRETCH) {
      splitter.push(text.slice(at, at + STRETCH));
      if (tasks.full) await tasks.next();
    }
  };
  for (let part = await reader.read(); !part.done; part = await reader.read())
    await take(decoder.decode(part.value, { stream: true }));
  await take(decoder.decode());
  return { rest: JSON.parse(splitter.end()), lists, damaged };
}

/**
 * Reads a comparison file, gzipped or not; its bytes are elsewhere: it can be looked at, not scanned. `place` says where
 * its tensors stand. Rejects with a ComparisonFileError.
 */
export async function readComparisonFile(blob: Blob, id: number, place: SurveyApi["place"]): Promise<SavedComparison> {
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
  requireWhole(lists, damaged);
  const file = { ...rest, ...lists } as unknown as ComparisonFile;
  return restore(file, id, place, tasks);
}

const isOperand = (value: unknown): boolean =>
  isRecord(value) && typeof value.ref === "string" && Array.isArray(value.files);

function isComparison(file: unknown): file is Record<string, unknown> {
  if (!isRecord(file) || file.format !== "auscult-comparison") return false;
  const operands =
    isOperand(file.a) &&
    (file.b === null || isOperand(file.b)) &&
    (file.adapter === undefined || isOperand(file.adapter));
  if (file.rename !== undefined && typeof file.rename !== "string") return false;
  const hasShared = file.shared === undefined || Array.isArray(file.shared);
  return operands && Array.isArray(file.pairs) && Array.isArray(file.unpaired) && hasShared;
}

function requireWhole({ unpaired, shared }: Contents["lists"], pair: string | null): void {
  const left = unpaired.every(isUnpaired) ? null : "the tensors without a partner";
  const what = pair ?? left ?? (shared.every(isShared) ? null : "the histograms that experts share");
  if (what !== null) throw new ComparisonFileError(`What this file says of ${what} is incomplete or damaged.`);
}

const sizeOf = ({ shape }: FilePair): number => shape.reduce((product, n) => product * n, 1);

function placeAt({ rows, columns }: PackedPlaces, index: number): Place {
  const [row, layer, expert] = columns.subarray(3 * index, 3 * index + 3);
  return { ...rows[row], layer: layer < 0 ? null : layer, ...(expert < 0 ? {} : { expert }) };
}

async function restore(
  file: ComparisonFile,
  id: number,
  place: SurveyApi["place"],
  tasks: ShortTasks,
): Promise<SavedComparison> {
  const shapes = Float64Array.from(file.pairs.flatMap(({ shape }) => [shape.length, ...shape]));
  const places = await place(
    file.pairs.map(({ name }) => name),
    shapes,
  );
  if (tasks.full) await tasks.next();
  const pairs: Pair[] = [];
  for (const [index, pair] of file.pairs.entries()) {
    pairs.push(pairFrom(pair, index, placeAt(places, index), file.b === null));
    if (tasks.full) await tasks.next();
  }
  const [a, b] = [operandFrom(file.a), file.b && operandFrom(file.b)];
  const beside = file.adapter && operandFrom(file.adapter);
  const { unpaired, rename = "" } = file;
  const comparison = { id, a, b, ...(beside ? { adapter: beside } : {}), pairs, unpaired, rename };
  if (tasks.full) await tasks.next();
  const results = new OutcomeList(pairs);
  for (const [index, { stats, coverage, engine, deltas }] of file.pairs.entries()) {
    const by = engine ?? file.engine ?? "reference";
    const beside = deltas ? { deltas: sumsFrom(deltas) as unknown as DeltaSums } : {};
    if (stats) results.set(index, { stats: stats as ReturnType<typeof numbersFrom>, coverage, engine: by, ...beside });
    if (tasks.full) await tasks.next();
  }
  if (file.shared?.length) restoreShared(file.shared, pairs, results);
  // Worked out here, in short tasks, rather than all of them in the first drawing.
  for (const shared of results.shared) {
    results.pooled(shared.pairs);
    if (tasks.full) await tasks.next();
  }
  return { comparison, results, engine: file.engine };
}

const operandFrom = (from: FileOperand): OperandRecord => ({
  ...from,
  label: from.ref.replace(/@[0-9a-f]{40}/, ""),
  notes: [],
});

/** What is no dtype of the format was decoded by a scheme, which always gives float32. */
const typeFrom = (stored: string): Pick<View, "dtype" | "storedAs"> =>
  stored in DTYPE_BITS ? { dtype: stored as Dtype } : { dtype: "F32", storedAs: stored };

function pairFrom(pair: FilePair, index: number, place: Place, isAlone: boolean): Pair {
  const count = sizeOf(pair);
  const view = (name: string, stored: string) => ({
    ...{ name, ...typeFrom(stored), shape: pair.shape, count, file: 0, span: { begin: 0, end: 0 } },
  });
  return {
    ...{ index, name: pair.name, nameB: pair.nameB, place, count },
    a: view(pair.name, pair.dtypeA),
    b: isAlone ? null : view(pair.nameB, pair.dtypeB),
    adapter: null,
    ...(pair.identical ? { identical: true } : {}),
  };
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
