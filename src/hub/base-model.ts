import { isRepoId } from "./ref-grammar.ts";

/**
 * The one model that a Hub model card names as its base (`base_model`, a repo or a list of them; "Model cards" in the Hub's
 * documentation), out of the Hub's answer about a repo. Undefined where it names none or several, as a merge does.
 */
export function baseModelOf(info: unknown): string | undefined {
  const card = typeof info === "object" && info !== null ? (info as { cardData?: unknown }).cardData : undefined;
  const named = typeof card === "object" && card !== null ? (card as { base_model?: unknown }).base_model : undefined;
  const list: unknown[] = Array.isArray(named) ? named : [named];
  const [only] = list;
  return list.length === 1 && typeof only === "string" && isRepoId(only) ? only : undefined;
}

/** The Hub repo that an adapter's configuration says it was trained on, where it names one and not a folder of its author's. */
export function adapterBaseModel(config: Record<string, unknown> | undefined): string | undefined {
  const named = config?.base_model_name_or_path;
  return typeof named === "string" && isRepoId(named) ? named : undefined;
}
