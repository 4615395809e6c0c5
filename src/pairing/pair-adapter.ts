import { adaptedView, updateView } from "../adapters/adapted-view.ts";
import { matchStacks } from "../adapters/match-stacks.ts";
import { matchTargets } from "../adapters/match-targets.ts";
import type { Adapter, Replacement } from "../adapters/read-adapter.ts";
import { turnedForDora } from "../adapters/turned-for-dora.ts";
import { isDecodable, undecodableReason } from "../safetensors/decode.ts";
import type { Place } from "../taxonomy/place.ts";
import { placeTensors } from "../taxonomy/place-tensors.ts";
import { type LowRankUpdate, shapeOfUpdate } from "../tensors/low-rank-update.ts";
import { partOf } from "../tensors/part-of.ts";
import type { View } from "../tensors/view.ts";
import type { Views } from "../tensors/views-of.ts";
import { fitsMemory } from "./orient.ts";
import type { Pair, Pairing, Unpaired } from "./pair.ts";
import { type RenameRule, renamed } from "./rename-rule.ts";

const withRule = (update: LowRankUpdate, rename: RenameRule | null): LowRankUpdate => {
  const { target } = update;
  if (target.kind !== "named") return update;
  return { ...update, target: { ...target, names: target.names.map((name) => renamed(name, rename)) } };
};

/** The replacements that can be read, the others into `unpaired`. */
function decodable(replaced: readonly Replacement[], unpaired: Unpaired[]): Replacement[] {
  return replaced.filter(({ name, stored: { tensor } }) => {
    if (isDecodable(tensor.dtype)) return true;
    unpaired.push({ side: "b", name, reason: undecodableReason(tensor.dtype) ?? "" });
    return false;
  });
}

/** A base's view as it is computed with: one that does not tell its shape has that of the update. */
function shaped(view: View, update: LowRankUpdate): View {
  const { unshaped, ...rest } = view;
  return unshaped ? { ...rest, shape: shapeOfUpdate(update) } : view;
}

/**
 * Pairs the views of A with what an adapter makes of them, in A's order: every view is in a pair. B of one that is updated is
 * computed from A's elements; of one that is replaced it lies in the adapter's files; of all others it is A's own view, and
 * the pair is identical. Names that the adapter has for the base's tensors are rewritten by `rename`. What of the adapter has no
 * place in the base, or is not understood, is listed with a sentence.
 */
export function pairAdapter(a: Views, adapter: Adapter, rename: RenameRule | null = null): Pairing {
  const unpaired: Unpaired[] = a.left.map(({ name, reason }) => ({ side: "a", name, reason }));
  const { updates: settled, views } = turnedForDora(
    adapter.updates.map((update) => withRule(update, rename)),
    a.views,
    fitsMemory,
  );
  const matched = matchTargets(
    {
      updates: settled,
      replaced: decodable(adapter.replaced, unpaired).map((each) => ({
        ...each,
        names: each.names.map((name) => renamed(name, rename)),
      })),
    },
    views,
  );
  const updates = new Map(matched.updates.map(({ view, update }) => [view, update]));
  const replaced = new Map(matched.replaced.map(({ view, replacement }) => [view, replacement]));
  const stacks = matchStacks(
    (adapter.stacked ?? []).map(({ parameters, ...rest }) => ({
      ...rest,
      parameters: parameters.map((name) => renamed(name, rename)),
    })),
    views,
  );
  const places = placeTensors(a.views);
  const unnumbered = views.flatMap((view, i): Omit<Pair, "index">[] => {
    const ofExperts = stacks.updates.get(view);
    return ofExperts ? expertPairs(view, places[i], ofExperts) : [pairOf(view, places[i])];
  });
  const pairs = unnumbered.map((pair, index): Pair => ({ index, ...pair }));
  for (const { name, reason } of [...matched.unmatched, ...stacks.unmatched, ...adapter.left])
    unpaired.push({ side: "b", name, reason });
  return { pairs, unpaired };

  function pairOf(view: View, place: Place): Omit<Pair, "index"> {
    const { name, count } = view;
    const common = { name, place, count, adapter: null };
    const update = updates.get(view);
    if (update) {
      const own = shaped(view, update);
      return { ...common, nameB: update.name, a: own, b: adaptedView(own, update) };
    }
    const replacement = replaced.get(view);
    if (replacement) return { ...common, nameB: name, a: view, b: replacement };
    return { ...common, nameB: name, a: view, b: view, identical: true };
  }
}

/** A stack of experts, each with its own update. */
function expertPairs(view: View, place: Place, updates: readonly LowRankUpdate[]): Omit<Pair, "index">[] {
  return updates.map((update, expert) => {
    const own = partOf(view, { at: expert });
    const { name, count } = own;
    return {
      name,
      nameB: update.name,
      a: own,
      b: adaptedView(own, update),
      place: { ...place, expert },
      count,
      adapter: null,
    };
  });
}

/** What an update's ΔW is called by itself: as the weight that it is for. */
const nameOf = ({ name, target }: LowRankUpdate): string => (target.kind === "named" ? target.names[0] : name);

/** A DoRA's update alone does not say how far the weights move, since they are scaled by their own norms. */
const NEEDS_BASE = "How far a DoRA moves a weight depends on that weight. Compare the adapter with its base.";
const NEEDS_STACK =
  "It is the update of a stack of experts, and which of them it is for only the base tells. Compare the adapter with its base.";
const REPLACES =
  "It stands for a tensor of the base as a whole. Compare the adapter with its base to see how far it is from it.";

/** An adapter by itself: each update is a pair whose A is ΔW, without a B. All else is listed with a sentence. */
export function adapterAlone({ updates, stacked = [], replaced, left }: Adapter): Pairing {
  const known = updates.filter(({ magnitude }) => !magnitude);
  const views = known.map((update) => updateView(update, nameOf(update)));
  const places = placeTensors(views);
  const pairs = views.map((view, index): Pair => {
    const { name, count } = view;
    return { index, name, nameB: "", a: view, b: null, adapter: null, place: places[index], count };
  });
  const doras = updates.filter(({ magnitude }) => magnitude);
  const unpaired = [
    ...doras.map(({ name }) => ({ name, reason: NEEDS_BASE })),
    ...stacked.map(({ update: { name } }) => ({ name, reason: NEEDS_STACK })),
    ...replaced.map(({ name }) => ({ name, reason: REPLACES })),
    ...left,
  ];
  return { pairs, unpaired: unpaired.map(({ name, reason }): Unpaired => ({ side: "a", name, reason })) };
}
