import { adapterBaseModel } from "../hub/base-model.ts";
import type { Ref } from "../hub/ref.ts";
import type { OpenedCheckpoint } from "../reading/worker-contract.ts";

/**
 * The sentence for an adapter whose configuration names another base than A; null where it names A's, or none that can be told
 * apart from A: a folder of its author's, or an A that has no name on the Hub. `ref` is A's as it was asked for.
 */
export function baseNote(adapter: OpenedCheckpoint, a: OpenedCheckpoint, ref: Ref): string | null {
  const named = adapterBaseModel(adapter.adapter);
  if (named === undefined || ref.kind !== "hub") return null;
  // A repo may have got another name since the adapter was trained.
  const names = [ref.repo, a.label.replace(/:.*$/, "")].map((name) => name.toLowerCase());
  if (names.includes(named.toLowerCase())) return null;
  return `The adapter ${adapter.label} was trained on ${named}, says its configuration, and A is ${a.label}: check that these are the same weights.`;
}
