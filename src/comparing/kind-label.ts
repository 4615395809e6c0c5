import type { KindId } from "../statistics/explain.ts";
import type { Lattice } from "../statistics/lattice.ts";

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

/** What a kind of change is called on the page; a storage format that limits it is named: `BF16-limited`. */
export const kindLabel = (kind: KindId, lattice: Lattice | null): string =>
  kind === "format-limited" && lattice ? `${lattice.dtype}-limited` : LABELS[kind];
