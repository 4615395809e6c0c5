import type { DistributionOverlays } from "../../charts/distribution-overlays.ts";
import type { Explanation } from "../../comparing/explanation.ts";
import { modeMarks, modeWords } from "../../comparing/words/shape-verdict.ts";
import type { PairStats } from "../../kernels/pair-stats.ts";
import type { DistributionShape } from "../../statistics/distribution-shape.ts";
import type { Lattice } from "../../statistics/lattice.ts";
import { nullBinMasses } from "../../statistics/null-model.ts";
import { relativeCount, unchangedNonZero } from "../../statistics/relative-counts.ts";
import type { ViewState } from "./view-state.ts";

/** Formats with more bits have a band that would be thinner than any line. */
const COARSE_BITS = 7;

/**
 * What the weights drawn would look like had they moved by independent noise of the size that they did: all that have a
 * relative change, or of these the ones that changed, which then moved further.
 */
function modelOf(
  stats: PairStats,
  relativeNorm: number | null,
  { beyond, unchanged }: Pick<ViewState, "beyond" | "unchanged">,
): DistributionOverlays["model"] {
  if (relativeNorm === null || relativeNorm === 0) return undefined;
  const elements = stats.count - stats.nonFinite;
  const hidden = unchanged === "hide" ? unchangedNonZero(stats) : 0;
  const count = relativeCount(stats) - hidden;
  const stretch = hidden > 0 ? Math.sqrt(elements / (elements - stats.unchanged)) : 1;
  const masses = nullBinMasses(relativeNorm * stretch);
  const bins = masses.bins.map((mass) => mass * count);
  const [below, above] = [masses.below * count, masses.above * count];
  if (beyond === "pile") {
    bins[0] += below;
    bins[bins.length - 1] += above;
  }
  const name = hidden > 0 ? "independent noise in the weights that changed" : "independent noise of the same size";
  return { name, bins, below, above };
}

function modesOf(shape: DistributionShape | null): DistributionOverlays["modes"] {
  const marks = shape ? modeMarks(shape) : [];
  return shape && marks.length > 0 ? { name: modeWords(shape), marks } : undefined;
}

function bandOf(lattice: Lattice | null): DistributionOverlays["band"] {
  if (lattice?.side !== "both" || lattice.fractionBits > COARSE_BITS) return undefined;
  const steps = 2 ** (lattice.fractionBits + 1);
  return { name: `no ${lattice.dtype} change is below 1/${steps}`, to: 1 / steps };
}

/** What the large histogram of a cell is explained by, drawn over |a| or over a. */
export function explainedOverlays(
  stats: PairStats,
  relativeNorm: number | null,
  { ways, lattice }: Explanation,
  denominator: "abs" | "signed",
  view: Pick<ViewState, "beyond" | "unchanged">,
): DistributionOverlays {
  const seen = view.beyond === "pile" ? "pile" : "drop";
  const way = ways.find((one) => one.denominator === denominator && one.beyond === seen);
  const overlays: DistributionOverlays = {};
  const model = modelOf(stats, relativeNorm, view);
  const modes = modesOf(way?.shape ?? null);
  const band = bandOf(lattice);
  if (model) overlays.model = model;
  if (modes) overlays.modes = modes;
  if (band) overlays.band = band;
  return overlays;
}
