import { formatSigned, listText } from "../format-number.ts";
import type { Evidence, FindingOf } from "./evidence.ts";
import { replaced } from "./replaced.ts";
import { signLike } from "./sign-like.ts";

export type MixtureFinding = FindingOf<
  "mixture",
  {
    /** Where the modes over a lie, from left to right. */
    modes: readonly number[];
    /** Depth of the deepest valley between two of them. */
    valley: number;
  }
>;

/** More than one mode over a that no other kind accounts for: groups of weights that moved differently. */
export function mixture(evidence: Evidence): MixtureFinding | null {
  const shape = evidence.shapes?.signed;
  if (!shape?.valley || replaced(evidence) || signLike(evidence)) return null;
  const modes = shape.modes.map(({ at }) => at);
  // A mode nearer zero than half a bin is at zero.
  const places = modes.map((at) => (Math.abs(at) < 1 / 256 ? "0" : formatSigned(at)));
  return {
    kind: "mixture",
    numbers: { modes, valley: shape.valley.depth },
    sentence: `Groups that moved differently: over a the changes gather near ${listText(places)}.`,
  };
}
