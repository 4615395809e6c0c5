import type { PairStats } from "../kernels/pair-stats.ts";
import { derive } from "./derive.ts";
import { distributionShape } from "./distribution-shape.ts";
import { type ClipArtefactFinding, clipArtefact } from "./kinds/clip-artefact.ts";
import type { Evidence } from "./kinds/evidence.ts";
import { type FormatLimitedFinding, formatLimited } from "./kinds/format-limited.ts";
import { type IdenticalFinding, identical } from "./kinds/identical.ts";
import { type MixtureFinding, mixture } from "./kinds/mixture.ts";
import { type NoiseLikeFinding, noiseLike } from "./kinds/noise-like.ts";
import { type ReplacedFinding, replaced } from "./kinds/replaced.ts";
import { type RescaleFinding, rescale } from "./kinds/rescale.ts";
import { type SignLikeFinding, signLike } from "./kinds/sign-like.ts";
import { type SparseFinding, sparse } from "./kinds/sparse.ts";
import type { Lattice } from "./lattice.ts";
import { hasHistograms, type PairNumbers } from "./pair-numbers.ts";

export type Finding =
  | IdenticalFinding
  | ReplacedFinding
  | RescaleFinding
  | SignLikeFinding
  | MixtureFinding
  | SparseFinding
  | FormatLimitedFinding
  | NoiseLikeFinding
  | ClipArtefactFinding;

export type KindId = Finding["kind"];

/** What says most about a change comes first. */
const KINDS: readonly ((evidence: Evidence) => Finding | null)[] = [
  replaced,
  rescale,
  signLike,
  mixture,
  sparse,
  formatLimited,
  noiseLike,
  clipArtefact,
];

function shapesOf(stats: PairStats | PairNumbers, lattice: Lattice | null): Evidence["shapes"] {
  if (!hasHistograms(stats)) return null;
  const abs = distributionShape(stats, { denominator: "abs", beyond: "drop" }, lattice);
  const signed = distributionShape(stats, { denominator: "signed", beyond: "drop" }, lattice);
  const piled = distributionShape(stats, { denominator: "abs", beyond: "pile" }, lattice);
  return abs && signed && piled && { abs, signed, piled };
}

/**
 * What kinds of change the numbers of one pair show, the most telling first. Several may hold, and none may: an empty
 * list says that nothing here is a kind this page knows. `stats` null: known to be identical. Without histograms
 * (`PairNumbers`) only kinds that sums tell are found. `lattice` is `latticeOf` the pair's dtypes.
 */
export function explain(stats: PairStats | PairNumbers | null, lattice: Lattice | null): Finding[] {
  const same = identical(stats && { stats });
  if (same || stats === null) return same ? [same] : [];
  const evidence: Evidence = { stats, numbers: derive(stats), lattice, shapes: shapesOf(stats, lattice) };
  return KINDS.flatMap((kind) => kind(evidence) ?? []);
}
