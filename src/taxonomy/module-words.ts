const NUMBER = /^\d+$/;
/** What is in these says little without them: an expert has the words of its dense sibling, a list of layers only numbers. */
const KEPT = /^(?:experts|shared_experts?|ff|ff_context)$/;

/**
 * Names each of a stack's paths by its last words, as few as tell it from every other path: `o_proj`, but
 * `attn.c_proj` beside `mlp.c_proj`. No two paths get the same name, and none starts with a number.
 */
export function moduleWords(paths: Iterable<string>): Map<string, string> {
  const split = [...new Set(paths)].map((path) => ({ path, words: path.split(".") }));
  const holders = new Map<string, number>();
  for (const { words } of split)
    for (let from = 0; from < words.length; from++) {
      const tail = words.slice(from).join(".");
      holders.set(tail, (holders.get(tail) ?? 0) + 1);
    }
  const names = new Map<string, string>();
  for (const { path, words } of split) {
    const kept = words.findIndex((word) => KEPT.test(word));
    let from = kept < 0 ? words.length - 1 : Math.min(kept, words.length - 1);
    while (from > 0 && (NUMBER.test(words[from] ?? "") || holders.get(words.slice(from).join(".")) !== 1)) from--;
    names.set(path, words.slice(from).join("."));
  }
  return names;
}
