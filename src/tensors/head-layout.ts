/**
 * How the rows of q, k and v alternate in a fused matrix: `groups` times the rows of `queries` heads, then one head of k and
 * one of v, each of `size` rows.
 */
export interface HeadLayout {
  groups: number;
  queries: number;
  size: number;
}

/** How many heads attention has, and how long each is. */
export interface HeadCounts {
  queries: number;
  /** Of keys and values; fewer where queries share them. */
  keys: number;
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

/** The heads that `config.json` tells of, whatever the family; null where it does not. Of several parts those of the language model. */
export function headCountsOf(config: Config | undefined): HeadCounts | null {
  const inner = config?.text_config;
  const own = typeof inner === "object" && inner !== null ? (inner as Config) : config;
  const queries = own && countIn(own, "num_attention_heads", "n_head", "num_heads");
  const width = own && countIn(own, "hidden_size", "n_embed", "n_embd", "d_model");
  if (!own || queries === undefined) return null;
  const size = countIn(own, "head_dim", "kv_channels", "d_kv") ?? (width === undefined ? undefined : width / queries);
  if (size === undefined || !Number.isInteger(size)) return null;
  const keys = countIn(own, "num_key_value_heads", "multi_query_group_num", "num_kv_heads", "n_head_kv") ?? queries;
  return { queries, keys, size };
}
