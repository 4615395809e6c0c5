import { updateView } from "../adapters/adapted-view.ts";
import { matchTargets } from "../adapters/match-targets.ts";
import type { Adapter } from "../adapters/read-adapter.ts";
import type { Views } from "../tensors/views-of.ts";
import type { Pair, Pairing, Unpaired } from "./pair.ts";

const WHOLE =
  "It stands for a tensor of A as a whole. Only what an adapter adds to a tensor is compared with B's change.";
const SAME = "A and B have the same bytes here, so B has no change to compare it with.";
const STACKED = "It changes a stack of experts, one by one, and is not compared with B's change here.";
const ALONE = (name: string) => `${name} of A has no partner in B, so there is no change of B to compare it with.`;
const TURNED = (name: string) =>
  `${name} of A is compared with B in parts or in another order, in which an adapter's change is not computed here.`;

/**
 * The pairing of A with B, those pairs marked whose tensor of A an adapter changes as well: so that the two changes can be
 * compared. `a` has the views that were paired. What of the adapter cannot be compared is listed with a sentence.
 */
export function withAdapter({ pairs, unpaired }: Pairing, a: Views, adapter: Adapter): Pairing {
  const matched = matchTargets(adapter, a.views);
  const left: { name: string; reason: string }[] = [...matched.unmatched];
  const byName = new Map<string, Pair[]>();
  for (const pair of pairs) byName.set(pair.a.name, [...(byName.get(pair.a.name) ?? []), pair]);
  const marked = [...pairs];
  for (const { view, update } of matched.updates) {
    const [pair] = byName.get(view.name) ?? [];
    const isWhole = pair !== undefined && !pair.a.order && pair.count === view.count;
    const reason = !pair ? ALONE(view.name) : !isWhole ? TURNED(view.name) : pair.identical ? SAME : null;
    if (reason) left.push({ name: update.name, reason });
    else if (pair) marked[pair.index] = { ...pair, adapter: updateView(update, view.name) };
  }
  left.push(...(adapter.stacked ?? []).map(({ update: { name } }) => ({ name, reason: STACKED })));
  left.push(...adapter.replaced.map(({ name }) => ({ name, reason: WHOLE })), ...adapter.left);
  const named = new Set<string>();
  const listed = left.filter(({ name }) => !named.has(name) && named.add(name));
  return {
    pairs: marked,
    unpaired: [...unpaired, ...listed.map(({ name, reason }): Unpaired => ({ side: "adapter", name, reason }))],
  };
}
