import { unwrapName } from "../taxonomy/tensor-name.ts";

/**
 * Leading words that stand for the whole model, or for its language part: whether they are there depends on the class that
 * saved it (`h.0.…` and `transformer.h.0.…` of GPT-2, `model.layers.0.…` and `model.language_model.layers.0.…`).
 */
const WHOLE_MODEL =
  /^(?:model|transformer|language_model|text_model|thinker|llm|gpt_neox|backbone|bert|roberta|distilbert|electra|deberta|albert|vit|base_model)\./;

/** A tensor's name without the words that only say how it was saved. */
export function wrapperFreeName(name: string): string {
  const bare = unwrapName(name).replace(WHOLE_MODEL, "");
  return bare === name ? bare : wrapperFreeName(bare);
}
