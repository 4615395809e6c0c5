import type { ReadOptions } from "../bytes/read-range.ts";
import { readWhole } from "../bytes/read-whole.ts";
import { parseShardIndex, type ShardIndex } from "../safetensors/shard-index.ts";

/** The largest index seen is about 60 MB (half a million tensors). */
const MAX_INDEX_BYTES = 128 * 2 ** 20;

/**
 * Reads the index of a sharded checkpoint in one request. Undefined where the server answers with a web page instead, as
 * hosts of single-page sites do for any file they do not have. Throws `FormatError` `InvalidIndex` or what `readWhole` throws.
 */
export async function readIndex(url: string, options: ReadOptions): Promise<ShardIndex | undefined> {
  const { bytes, response } = await readWhole(url, MAX_INDEX_BYTES, options);
  return isWebPage(response) ? undefined : parseShardIndex(new TextDecoder().decode(bytes));
}

export const isWebPage = (response: Response): boolean =>
  /^text\/html\b/i.test(response.headers.get("content-type") ?? "");
