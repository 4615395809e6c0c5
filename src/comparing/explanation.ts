import type { PairStats } from "../kernels/pair-stats.ts";
import { changeCounts } from "../statistics/change-counts.ts";
import { type DistributionShape, distributionShape, FEWEST_CHANGED } from "../statistics/distribution-shape.ts";
import { explain, type Finding, type KindId } from "../statistics/explain.ts";
import { FEW_ELEMENTS } from "../statistics/kinds/evidence.ts";
import type { Lattice } from "../statistics/lattice.ts";
import { latticeOfPairs } from "../statistics/lattice.ts";
import { type LogSpread, logSpread } from "../statistics/log-spread.ts";
import type { Inspection } from "./inspection.ts";
import { shapeVerdict } from "./words/shape-verdict.ts";

/** What the kinds of change are called on the page. */
const LABELS: Record<KindId, string> = {
  identical: "identical",
  replaced: "replaced",
  rescale: "rescale",
  "sign-like": "sign-like steps",
  mixture: "mixture",
  sparse: "sparse update",
  "format-limited": "format-limited",
  "noise-like": "noise-like",
  "clip-artefact": "clip artefact",
};

/** A storage format that limits a change is named: `BF16-limited`. */
const kindLabel = (kind: KindId, lattice: Lattice | null): string =>
  kind === "format-limited" && lattice ? `${lattice.dtype}-limited` : LABELS[kind];

/** One way to draw a distribution of relative changes, and what one then sees. Unchanged weights are taken out. */
export interface Way {
  denominator: "abs" | "signed";
  beyond: "drop" | "pile";
  /** Null where there is too little to see, or the format is too coarse. */
  shape: DistributionShape | null;
  /** A sentence without its full stop. */
  verdict: string;
}

/** A kind of change that was found, ready to be read. */
export interface NamedFinding {
  kind: KindId;
  label: string;
  sentence: string;
}

/** What kind of change a cell shows. */
export interface Explanation {
  /** The storage grid of its pairs; null where they have none, or not one and the same. */
  lattice: Lattice | null;
  /** The most telling first. */
  findings: readonly NamedFinding[];
  /** Said where nothing found is about the change itself: how much moved, and that no kind fits. */
  remark: string | null;
  /** Over |a| and over a, with what lies beyond ±1 dropped and then piled up; empty without histograms or changes. */
  ways: readonly Way[];
  spread: LogSpread | null;
}

const WAYS = [
  { denominator: "abs", beyond: "drop" },
  { denominator: "signed", beyond: "drop" },
  { denominator: "abs", beyond: "pile" },
  { denominator: "signed", beyond: "pile" },
] as const;

function waysOf(stats: PairStats, lattice: Lattice | null): Way[] {
  const shapes = WAYS.map((way) => distributionShape(stats, way, lattice));
  return WAYS.map((way, i) => {
    const shape = shapes[i];
    if (shape)
      return { ...way, shape, verdict: shapeVerdict(shape, way.beyond === "pile" ? shapes[i - 2] : undefined) };
    const isTooFew = changeCounts(stats, way, lattice).counted < FEWEST_CHANGED;
    const verdict = isTooFew ? "Too few changed to have a shape" : `${lattice?.dtype} is too coarse to show a shape`;
    return { ...way, shape, verdict };
  });
}

/** Where one side has nothing but zeros, or nothing that is a number, that is all there is to say. */
function isBare({ numbers, derived }: Inspection): boolean {
  if (!numbers) return true;
  const elements = numbers.count - numbers.nonFinite;
  return elements === 0 || (numbers.unchanged < elements && (numbers.zeroBase === elements || derived?.normB === 0));
}

/** How much moved, and what was looked for in vain; null where a finding says what the change is. */
function remarkOn({ sentence, numbers, stats }: Inspection, found: readonly Finding[], ways: readonly Way[]) {
  if (!sentence || !numbers || found.some(({ kind }) => kind !== "clip-artefact")) return null;
  const elements = numbers.count - numbers.nonFinite;
  if (elements < FEW_ELEMENTS) return `${sentence} That is too few to tell a kind of change from.`;
  if (!stats)
    return `${sentence} Its sums show no kind of change; those that only a distribution shows were not looked for.`;
  if (ways.every(({ shape }) => shape === null))
    return `${sentence} Its sums show no kind of change, and its distribution has no shape to tell one from.`;
  return `${sentence} None of the kinds of change that this page knows fits.`;
}

function explained(inspection: Inspection): Explanation {
  const { pairs, stats, numbers, identical, sentence } = inspection;
  const lattice = latticeOfPairs(pairs);
  if (identical && sentence) {
    const finding = { kind: "identical", label: kindLabel("identical", lattice), sentence } as const;
    return { lattice, findings: [finding], remark: null, ways: [], spread: null };
  }
  if (isBare(inspection)) return { lattice, findings: [], remark: sentence, ways: [], spread: null };
  const found = explain(stats ?? numbers, lattice);
  const ways = stats && stats.unchanged < stats.count - stats.nonFinite ? waysOf(stats, lattice) : [];
  return {
    lattice,
    findings: found.map(({ kind, sentence }) => ({ kind, label: kindLabel(kind, lattice), sentence })),
    remark: remarkOn(inspection, found, ways),
    ways,
    spread: stats && logSpread(stats),
  };
}

const known = new WeakMap<object, Explanation>();

/**
 * What kind of change a cell of two operands shows; null before anything is read of it, and of one operand alone. Worked
 * out once for each set of numbers: some milliseconds, so for the cell looked at and not for every cell.
 */
export function explanationOf(inspection: Inspection): Explanation | null {
  const { pairs, stats, numbers, identical } = inspection;
  if (!numbers || pairs[0].b === null) return null;
  if (identical) return explained(inspection);
  const source = stats ?? numbers;
  const before = known.get(source);
  if (before) return before;
  const explanation = explained(inspection);
  known.set(source, explanation);
  return explanation;
}
