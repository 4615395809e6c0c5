import { version } from "../../package.json";
import type { EngineName } from "../kernels/engine.ts";
import type { PairStats } from "../kernels/pair-stats.ts";
import type { Pair, Unpaired } from "../pairing/pair.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import type { Comparison, OperandRecord, PairOutcome } from "./comparison.ts";

/** Names this file's numbers; raised when a definition of PairStats changes. */
export const CONTRACT = "pair-stats-1";

export interface FileOperand {
  ref: string;
  revision: string | null;
  files: { path: string; size: number; hash: string | null }[];
}

export type FilePairStats = Omit<PairStats, "relative" | "magnitude"> & {
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
