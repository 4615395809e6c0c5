import { AdapterError } from "../adapters/adapter-error.ts";
import type { Adapter } from "../adapters/read-adapter.ts";
import type { Checkpoint } from "../hub/checkpoint.ts";
import { viewsOf } from "../tensors/views-of.ts";
import type { Pairing } from "./pair.ts";
import { adapterAlone, pairAdapter } from "./pair-adapter.ts";
import { pairViews } from "./pair-views.ts";
import { NothingInCommon, requireCommon } from "./pairing-error.ts";
import type { RenameRule } from "./rename-rule.ts";
import { withAdapter } from "./with-adapter.ts";

/** An opened checkpoint, read as an adapter where it is one. */
export interface Operand {
  checkpoint: Checkpoint;
  adapter: Adapter | null;
}

/**
 * Pairs two operands, or one alone (`b` null): model with model, or a model with an adapter that is applied to it. Throws
 * `NothingInCommon` where nothing of the one belongs to the other, and `AdapterError` where an adapter stands where none can.
 * An adapter `beside` two models marks the pairs that it would change in A.
 */
export function pairOperands(
  a: Operand,
  b: Operand | null,
  rename: RenameRule | null = null,
  beside: Operand | null = null,
): Pairing {
  const [nameA, nameB] = [a.checkpoint.label, (b ?? a).checkpoint.label];
  if (a.adapter && b) throw misplaced(nameA, nameB, b.adapter !== null);
  if (a.adapter) return requireAny(a.adapter, adapterAlone(a.adapter), nameA);
  if (b?.adapter) {
    if (beside) throw twoAdapters(nameB, beside.checkpoint.label);
    const pairing = requireAny(b.adapter, pairAdapter(viewsOf(a.checkpoint), b.adapter, rename), nameB);
    const example = pairing.unpaired.find(({ side }) => side === "b");
    if (pairing.pairs.every(({ identical }) => identical))
      throw new NothingInCommon(
        `Nothing of the adapter ${nameB} belongs to ${nameA}, for example ${example?.name}: ${example?.reason}`,
      );
    return pairing;
  }
  const viewsA = viewsOf(a.checkpoint);
  const pairing = pairViews(viewsA, b && viewsOf(b.checkpoint), rename);
  requireCommon(pairing, nameA, nameB);
  return beside?.adapter ? withAdapter(pairing, viewsA, beside.adapter) : pairing;
}

function misplaced(nameA: string, nameB: string, both: boolean): AdapterError {
  return both
    ? new AdapterError(
        "AdapterOverAdapter",
        `${nameA} and ${nameB} are both adapters, and an adapter changes a model, not another adapter. Put the base model into A.`,
      )
    : new AdapterError(
        "AdapterAsBase",
        `${nameA} is an adapter, which can only stand in B. Swap the two, with the base model in A.`,
      );
}

const twoAdapters = (nameB: string, beside: string): AdapterError =>
  new AdapterError(
    "AdapterOverAdapter",
    `${nameB} in B is an adapter, and so is ${beside} beside it. Put a whole model into B, or leave out one of the two.`,
  );

/** Throws AdapterError where an adapter has nothing that can be computed. */
function requireAny({ updates, stacked = [], replaced }: Adapter, pairing: Pairing, name: string): Pairing {
  const [example] = pairing.unpaired.filter(({ side }) => side === (pairing.pairs[0]?.b ? "b" : "a"));
  if (updates.length + stacked.length + replaced.length > 0 && pairing.pairs.length > 0) return pairing;
  const why = example ? `, for example ${example.name}: ${example.reason}` : ".";
  throw new AdapterError("NothingToApply", `Nothing in the adapter ${name} can be computed here${why}`);
}
