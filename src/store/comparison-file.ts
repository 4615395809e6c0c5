import { version } from "../../package.json";
import type { EngineName } from "../kernels/engine.ts";
import { MAGNITUDE_SLOTS, type PairStats, RELATIVE_SLOTS } from "../kernels/pair-stats.ts";
import type { Pair, Unpaired } from "../pairing/pair.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import { placeTensors } from "../taxonomy/place-tensors.ts";
import type { Comparison, OperandRecord, PairOutcome } from "./comparison.ts";

/** Names this file's numbers; raised when a definition of PairStats changes. */
export const CONTRACT = "pair-stats-1";

interface FileOperand {
  ref: string;
  revision: string | null;
  files: { path: string; size: number; hash: string | null }[];
}

type FilePairStats = Omit<PairStats, "relative" | "magnitude"> & {
  relative: { positive: number[]; negative: number[] };
  magnitude: { grow: number[]; shrink: number[] };
};

export interface FilePair {
  name: string;
  nameB: string;
  layer: number | null;
  role: string;
  module: string;
  expert?: number;
  shape: number[];
  dtypeA: Dtype;
  dtypeB: Dtype;
  coverage: number;
  /** Only where it differs from the comparison's. */
  engine?: EngineName;
  stats: FilePairStats | null;
}

/** The comparison as an object and as a file (`.auscult.json`): what `window.auscult.comparison()` gives. */
export interface ComparisonFile {
  format: "auscult-comparison";
  version: 1;
  app: string;
  contract: string;
  a: FileOperand;
  b: FileOperand | null;
  engine: EngineName | null;
  pairs: FilePair[];
  unpaired: Unpaired[];
}

const operandOf = ({ ref, revision, files }: OperandRecord): FileOperand => ({ ref, revision, files });

function statsOf(stats: PairStats): FilePairStats {
  const { relative, magnitude } = stats;
  return {
    ...stats,
    relative: { positive: [...relative.positive], negative: [...relative.negative] },
    magnitude: { grow: [...magnitude.grow], shrink: [...magnitude.shrink] },
  };
}

function pairOf(pair: Pair, outcome: PairOutcome | null, engine: EngineName | null): FilePair {
  const { layer, role, module, expert } = pair.place;
  return {
    name: pair.name,
    nameB: pair.nameB,
    layer,
    role,
    module,
    ...(expert === undefined ? {} : { expert }),
    shape: [...pair.a.shape],
    dtypeA: pair.a.dtype,
    dtypeB: (pair.b ?? pair.a).dtype,
    coverage: outcome?.coverage ?? 0,
    ...(outcome && outcome.engine !== engine ? { engine: outcome.engine } : {}),
    stats: outcome ? statsOf(outcome.stats) : null,
  };
}

/** The comparison as plain data; `filter` picks pairs. */
export function comparisonFile(
  comparison: Comparison,
  results: readonly (PairOutcome | null)[],
  engine: EngineName | null,
  filter: (pair: FilePair) => boolean = () => true,
): ComparisonFile {
  return {
    format: "auscult-comparison",
    version: 1,
    app: `auscult ${version}`,
    contract: CONTRACT,
    a: operandOf(comparison.a),
    b: comparison.b ? operandOf(comparison.b) : null,
    engine,
    pairs: comparison.pairs.map((pair) => pairOf(pair, results[pair.index] ?? null, engine)).filter(filter),
    unpaired: [...comparison.unpaired],
  };
}

/** The file's text, in pieces of one pair each, so that a model of 45,000 pairs never stands in one string. */
export function comparisonText(file: ComparisonFile): string[] {
  const { pairs, ...rest } = file;
  const head = JSON.stringify(rest).slice(0, -1);
  return [
    `${head},"pairs":[\n`,
    ...pairs.map((pair, i) => `${JSON.stringify(pair)}${i < pairs.length - 1 ? ",\n" : ""}`),
    "]}\n",
  ];
}

/** A file that is no comparison; the message says what is wrong with it. */
export class ComparisonFileError extends Error {
  override readonly name = "ComparisonFileError";
}

/** Reads a comparison file, gzipped or not. Rejects with a ComparisonFileError. */
export async function readComparisonFile(blob: Blob): Promise<ComparisonFile> {
  let parsed: unknown;
  try {
    const magic = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
    const gzipped = magic[0] === 0x1f && magic[1] === 0x8b;
    const stream = gzipped ? blob.stream().pipeThrough(new DecompressionStream("gzip")) : blob.stream();
    parsed = JSON.parse(await new Response(stream).text());
  } catch (cause) {
    throw new ComparisonFileError(
      "This file is not readable as JSON. Drop a comparison saved by Auscult (.auscult.json).",
      { cause },
    );
  }
  const file = parsed as Partial<ComparisonFile> | null;
  if (file?.format !== "auscult-comparison" || !Array.isArray(file.pairs) || !file.a)
    throw new ComparisonFileError("This JSON file is not a comparison saved by Auscult.");
  if (file.version !== 1 || file.contract !== CONTRACT)
    throw new ComparisonFileError(
      `This comparison was saved by another version of Auscult (version ${file.version}, ${file.contract}); this page reads version 1, ${CONTRACT}.`,
    );
  const broken = file.pairs.find((pair) => pair.stats !== null && !isStats(pair.stats));
  if (broken) throw new ComparisonFileError(`The numbers of ${broken.name} in this file are incomplete or damaged.`);
  return file as ComparisonFile;
}

function isStats(stats: FilePairStats): boolean {
  const slots: [number[] | undefined, number][] = [
    [stats.relative?.positive, RELATIVE_SLOTS],
    [stats.relative?.negative, RELATIVE_SLOTS],
    [stats.magnitude?.grow, MAGNITUDE_SLOTS],
    [stats.magnitude?.shrink, MAGNITUDE_SLOTS],
  ];
  const lists = slots.every(
    ([list, length]) => Array.isArray(list) && list.length === length && list.every(Number.isFinite),
  );
  return (
    lists && [stats.count, stats.sumA2, stats.sumAD, stats.sumD2, stats.sumAbsD, stats.unchanged].every(Number.isFinite)
  );
}

/** A saved comparison back in the form the page works with. Its bytes are elsewhere: it can be looked at, not scanned. */
export function comparisonFromFile(
  file: ComparisonFile,
  id: number,
): { comparison: Comparison; results: (PairOutcome | null)[] } {
  const operand = (from: FileOperand): OperandRecord => ({
    ...from,
    label: from.ref.replace(/@[0-9a-f]{40}/, ""),
    notes: [],
  });
  const places = placeTensors(file.pairs);
  const count = (pair: FilePair) => pair.shape.reduce((product, n) => product * n, 1);
  const view = (pair: FilePair, name: string, dtype: Dtype) => ({
    name,
    dtype,
    shape: pair.shape,
    count: count(pair),
    file: 0,
    span: { begin: 0, end: 0 },
  });
  const pairs = file.pairs.map((pair, index) => ({
    index,
    name: pair.name,
    nameB: pair.nameB,
    a: view(pair, pair.name, pair.dtypeA),
    b: file.b ? view(pair, pair.nameB, pair.dtypeB) : null,
    place: places[index],
    count: count(pair),
  }));
  const results = file.pairs.map((pair): PairOutcome | null =>
    pair.stats
      ? {
          coverage: pair.coverage,
          engine: pair.engine ?? file.engine ?? "reference",
          stats: {
            ...pair.stats,
            relative: {
              positive: Float64Array.from(pair.stats.relative.positive),
              negative: Float64Array.from(pair.stats.relative.negative),
            },
            magnitude: {
              grow: Float64Array.from(pair.stats.magnitude.grow),
              shrink: Float64Array.from(pair.stats.magnitude.shrink),
            },
          },
        }
      : null,
  );
  return {
    comparison: { id, a: operand(file.a), b: file.b ? operand(file.b) : null, pairs, unpaired: file.unpaired ?? [] },
    results,
  };
}
