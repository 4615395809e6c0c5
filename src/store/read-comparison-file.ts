import { emptyPairStats, MAGNITUDE_SLOTS, type PairStats, RELATIVE_SLOTS } from "../kernels/pair-stats.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import { placeTensors } from "../taxonomy/place-tensors.ts";
import type { Comparison, OperandRecord, PairOutcome } from "./comparison.ts";
import {
  CONTRACT,
  type ComparisonFile,
  type FileOperand,
  type FilePair,
  type FilePairStats,
} from "./comparison-file.ts";

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
  if (!isComparison(parsed)) throw new ComparisonFileError("This JSON file is not a comparison saved by Auscult.");
  const { version, contract, pairs } = parsed;
  if (version !== 1 || contract !== CONTRACT)
    throw new ComparisonFileError(
      `This comparison was saved by another version of Auscult (version ${version}, ${contract}); this page reads version 1, ${CONTRACT}.`,
    );
  const broken = pairs.findIndex((pair) => !isPair(pair));
  if (broken >= 0) {
    const name =
      isRecord(pairs[broken]) && typeof pairs[broken].name === "string" ? pairs[broken].name : `pair ${broken}`;
    throw new ComparisonFileError(`What this file says of ${name} is incomplete or damaged.`);
  }
  return parsed as unknown as ComparisonFile;
}

type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isOperand = (value: unknown): boolean =>
  isRecord(value) && typeof value.ref === "string" && Array.isArray(value.files);

function isComparison(file: unknown): file is Json & { pairs: unknown[] } {
  if (!isRecord(file) || file.format !== "auscult-comparison") return false;
  const operands = isOperand(file.a) && (file.b === null || isOperand(file.b));
  return operands && Array.isArray(file.pairs) && Array.isArray(file.unpaired);
}

function isPair(pair: unknown): boolean {
  if (!isRecord(pair) || typeof pair.name !== "string" || typeof pair.nameB !== "string") return false;
  if (!Array.isArray(pair.shape) || !pair.shape.every(Number.isSafeInteger)) return false;
  return pair.stats === null || isStats(pair.stats);
}

/** JSON writes sums that left the range of numbers as null. */
const isSum = (value: unknown): boolean => value === null || Number.isFinite(value);

const SLOTS = { relative: ["positive", "negative"], magnitude: ["grow", "shrink"] } as const;
const LENGTH = { relative: RELATIVE_SLOTS, magnitude: MAGNITUDE_SLOTS } as const;
const SCALARS = Object.entries(emptyPairStats())
  .filter(([, value]) => typeof value === "number")
  .map(([key]) => key);

function isStats(stats: unknown): boolean {
  if (!isRecord(stats) || !SCALARS.every((key) => isSum(stats[key]) && stats[key] !== undefined)) return false;
  return (["relative", "magnitude"] as const).every((which) => {
    const histogram = stats[which];
    return (
      isRecord(histogram) &&
      SLOTS[which].every((half) => {
        const slots = histogram[half];
        return Array.isArray(slots) && slots.length === LENGTH[which] && slots.every(Number.isFinite);
      })
    );
  });
}

/** The numbers back in typed arrays; a sum that left the range of numbers is NaN. */
function statsFrom({ relative, magnitude, ...scalars }: FilePairStats): PairStats {
  const numbers = Object.fromEntries(Object.entries(scalars).map(([key, value]) => [key, value ?? Number.NaN]));
  return {
    ...(numbers as Omit<PairStats, "relative" | "magnitude">),
    relative: {
      positive: Float64Array.from(relative.positive),
      negative: Float64Array.from(relative.negative),
    },
    magnitude: { grow: Float64Array.from(magnitude.grow), shrink: Float64Array.from(magnitude.shrink) },
  };
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
          stats: statsFrom(pair.stats),
        }
      : null,
  );
  return {
    comparison: { id, a: operand(file.a), b: file.b ? operand(file.b) : null, pairs, unpaired: file.unpaired ?? [] },
    results,
  };
}
