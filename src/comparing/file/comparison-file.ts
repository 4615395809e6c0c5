import { version } from "../../../package.json";
import type { EngineName } from "../../kernels/engine.ts";
import type { DeltaSums } from "../../kernels/low-rank/delta-sums.ts";
import type { Pair, Unpaired } from "../../pairing/pair.ts";
import { type Histograms, hasHistograms, type PairNumbers, type PairSums } from "../../statistics/pair-numbers.ts";
import { storedType } from "../../tensors/view.ts";
import type { Comparison } from "../comparison.ts";
import type { OperandRecord } from "../operand-record.ts";
import type { OutcomeList } from "../outcome-list.ts";

/** Names this file's numbers; raised when a definition of PairStats changes. */
export const CONTRACT = "pair-stats-1";

/** `label` and `notes` are the page's words for it. */
export type FileOperand = Pick<OperandRecord, "ref" | "revision" | "files" | "adapter">;

export interface FileHistograms {
  relative: { positive: number[]; negative: number[] };
  magnitude: { grow: number[]; shrink: number[] };
}

export type FilePairStats = PairSums & FileHistograms;

/** One histogram of all the experts that one module has in one layer. */
export interface FileShared extends FileHistograms {
  stack: string;
  layer: number | null;
  role: string;
  module: string;
  /** How many pairs have their elements in it. */
  pairs: number;
}

export interface FilePair {
  name: string;
  nameB: string;
  layer: number | null;
  role: string;
  module: string;
  expert?: number;
  shape: number[];
  /** A dtype of the format, or the name of the scheme by which it is decoded. */
  dtypeA: string;
  dtypeB: string;
  coverage: number;
  /** Only where it differs from the comparison's. */
  engine?: EngineName;
  /** Known to be the same on both sides without being read. */
  identical?: true;
  /** Without histograms, and with the counts that depend on them, where those are in `shared`; null: not read. */
  stats: FilePairStats | PairNumbers | null;
  /** Where an adapter beside A and B changes it too: Σu², Σd², Σu·d of its change u and B's d. */
  deltas?: DeltaSums;
}

/** The comparison as an object and as a file (`.auscult.json`): what `window.auscult.comparison()` gives. */
export interface ComparisonFile {
  format: "auscult-comparison";
  version: 1;
  app: string;
  contract: string;
  a: FileOperand;
  b: FileOperand | null;
  /** An adapter over A whose change is compared with B's. */
  adapter?: FileOperand;
  /** The rule by which B's names were rewritten to find their partners (`pattern => replacement`). */
  rename?: string;
  engine: EngineName | null;
  pairs: FilePair[];
  unpaired: Unpaired[];
  /** Only where experts share histograms. */
  shared?: FileShared[];
}

function operandOf({ ref, revision, files, adapter }: OperandRecord): FileOperand {
  const operand: FileOperand = { ref, revision, files };
  if (adapter) operand.adapter = adapter;
  return operand;
}

const histogramsOf = ({ relative, magnitude }: Histograms): FileHistograms => ({
  relative: { positive: [...relative.positive], negative: [...relative.negative] },
  magnitude: { grow: [...magnitude.grow], shrink: [...magnitude.shrink] },
});

/** Keys stand in the order of the format; those that say nothing of a pair are left out. */
function pairOf(pair: Pair, results: OutcomeList, engine: EngineName | null): FilePair {
  const { layer, role, module, expert } = pair.place;
  const outcome = results.at(pair.index);
  const stats = outcome?.stats ?? null;
  const other = outcome?.engine && outcome.engine !== engine ? outcome.engine : null;
  return {
    name: pair.name,
    nameB: pair.nameB,
    layer,
    role,
    module,
    ...(expert === undefined ? {} : { expert }),
    shape: [...pair.a.shape],
    dtypeA: storedType(pair.a),
    dtypeB: storedType(pair.b ?? pair.a),
    coverage: outcome?.coverage ?? 0,
    ...(other ? { engine: other } : {}),
    ...(outcome?.identical ? { identical: true } : {}),
    stats: stats && hasHistograms(stats) ? { ...stats, ...histogramsOf(stats) } : stats,
    ...(outcome?.deltas ? { deltas: outcome.deltas } : {}),
  };
}

function* sharedOf({ pairs }: Comparison, results: OutcomeList, only?: ReadonlySet<string>): Generator<FileShared> {
  for (const shared of results.shared) {
    const { stack, layer, role, module } = pairs[shared.pairs[0]].place;
    const seen = shared.pairs.filter((pair) => results.elements(pair) > 0 && !results.isUnread(pair)).length;
    const wanted = only === undefined || shared.pairs.some((pair) => only.has(pairs[pair].name));
    if (seen > 0 && wanted) yield { stack, layer, role, module, pairs: seen, ...histogramsOf(shared) };
  }
}

export type FileHead = Omit<ComparisonFile, "pairs" | "unpaired" | "shared">;

/** What stands before the lists of a file. */
export function headOf({ a, b, adapter, rename }: Comparison, engine: EngineName | null): FileHead {
  const head: Omit<FileHead, "engine"> = {
    format: "auscult-comparison",
    version: 1,
    app: `auscult ${version}`,
    contract: CONTRACT,
    a: operandOf(a),
    b: b && operandOf(b),
  };
  if (adapter) head.adapter = operandOf(adapter);
  if (rename) head.rename = rename;
  return { ...head, engine };
}

/** The comparison as plain data, all at once: for scripts. `filter` picks pairs. */
export function comparisonFile(
  comparison: Comparison,
  results: OutcomeList,
  engine: EngineName | null,
  filter: (pair: FilePair) => boolean = () => true,
): ComparisonFile {
  const pairs = comparison.pairs.map((pair) => pairOf(pair, results, engine)).filter(filter);
  const file: ComparisonFile = { ...headOf(comparison, engine), pairs, unpaired: [...comparison.unpaired] };
  if (results.shared.length > 0)
    file.shared = [...sharedOf(comparison, results, new Set(pairs.map(({ name }) => name)))];
  return file;
}

function* listText(name: string, items: Iterable<unknown>): Generator<string> {
  yield `,"${name}":[`;
  let separator = "\n";
  for (const item of items) {
    yield separator + JSON.stringify(item);
    separator = ",\n";
  }
  yield "]";
}

function* each<Item, Made>(items: Iterable<Item>, make: (item: Item) => Made): Generator<Made> {
  for (const item of items) yield make(item);
}

/** The file's text in pieces of one pair each, made as they are asked for: 45,000 pairs never stand in one string. */
export function* comparisonText(
  comparison: Comparison,
  results: OutcomeList,
  engine: EngineName | null,
): Generator<string> {
  yield JSON.stringify(headOf(comparison, engine)).slice(0, -1);
  yield* listText("unpaired", comparison.unpaired);
  if (results.shared.length > 0) yield* listText("shared", sharedOf(comparison, results));
  yield* listText(
    "pairs",
    each(comparison.pairs, (pair) => pairOf(pair, results, engine)),
  );
  yield "}\n";
}
