/**
 * How the rows of q, k and v alternate in a fused matrix: `groups` times the rows of `queries` heads, then one head of k and
 * one of v, each of `size` rows.
 */
export interface HeadLayout {
  groups: number;
  queries: number;
  size: number;
}

type Config = Record<string, unknown>;

const countIn = (config: Config, ...keys: string[]): number | undefined => {
  const found = keys.map((key) => config[key]).find((value) => typeof value === "number");
  return typeof found === "number" && Number.isInteger(found) && found > 0 ? found : undefined;
};

/** Families whose every head has its own k and v, one behind the other: [heads, 3, size]. */
const PER_HEAD = new Set(["gpt_neox", "bloom"]);
/**
 * ChatGLM: its first form is as above. From the second on, q, k and v stand in three pieces where queries share keys
 * (`multi_query_attention`): one group, in which k and v are as long as all their heads.
 */
function chatGlm(config: Config, heads: number, size: number): HeadLayout | null {
  if (config.multi_query_attention !== true) return { groups: heads, queries: 1, size };
  const shared = countIn(config, "multi_query_group_num");
  if (shared === undefined || heads % shared !== 0) return null;
  return { groups: 1, queries: heads / shared, size: size * shared };
}

/** Falcon under its names. Its oldest form is as above, its 7B form has one k and v for all, its newest has groups. */
const FALCON = new Set(["falcon", "refinedweb", "refinedwebmodel"]);

/** The layout that `config.json` implies; null where the family keeps q, k and v in three pieces, or is not known. */
export function headLayoutOf(config: Config | undefined): HeadLayout | null {
  const family = typeof config?.model_type === "string" ? config.model_type.toLowerCase() : "";
  const heads = config && countIn(config, "num_attention_heads", "n_head");
  const width = config && countIn(config, "hidden_size", "n_embed");
  if (!config || heads === undefined || width === undefined) return null;
  const size = countIn(config, "head_dim", "kv_channels") ?? width / heads;
  const layout = (groups: number): HeadLayout | null =>
    Number.isInteger(size) && Number.isInteger(heads / groups) ? { groups, queries: heads / groups, size } : null;
  if (PER_HEAD.has(family)) return layout(heads);
  if (family === "chatglm") return Number.isInteger(size) ? chatGlm(config, heads, size) : null;
  if (family === "internlm2") return layout(countIn(config, "num_key_value_heads") ?? heads);
  if (!FALCON.has(family)) return null;
  const shared = countIn(config, "num_kv_heads", "n_head_kv");
  if (config.new_decoder_architecture === true || (family === "refinedweb" && shared !== undefined))
    return layout(shared ?? heads);
  return layout(config.multi_query === true ? 1 : heads);
}
