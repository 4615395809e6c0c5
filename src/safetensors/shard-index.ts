import { FormatError } from "./format-error.ts";
import { JsonNumber, JsonObject, parseStrictJson, type StrictJson } from "./strict-json.ts";

export interface ShardIndex {
  /** Tensor name → path of its shard, relative to the index's folder. What it says counts, not what shards are called. */
  weightMap: Map<string, string>;
  /** Bytes of all tensors together, where the index says so. Only a claim: real indexes are often wrong about it. */
  totalSize?: number;
}

const MAX_PATH = 1024;

/**
 * Reads the text of a `…safetensors.index.json`. Every shard path in the result is safe to append to a folder's address:
 * relative, without `..`, backslash or scheme. Throws `FormatError` `InvalidIndex`: not one JSON object, no `weight_map`, an
 * empty one, a tensor listed twice, a path that leads elsewhere.
 */
export function parseShardIndex(text: string): ShardIndex {
  const root = readJson(text);
  const weights = member(root, "weight_map");
  if (!(weights instanceof JsonObject)) throw refusal('it has no "weight_map" that says which file holds which tensor');
  if (weights.members.length === 0) throw refusal('its "weight_map" lists no tensors');
  const weightMap = new Map<string, string>();
  const safe = new Set<string>();
  for (const [tensor, shard] of weights.members) {
    if (weightMap.has(tensor)) throw refusal(`it lists the tensor "${tensor}" twice`);
    if (typeof shard !== "string") throw refusal(`it names no file for the tensor "${tensor}"`);
    if (!safe.has(shard) && !isSafePath(shard)) {
      throw refusal(`it names "${shard.slice(0, MAX_PATH)}", which is not a file in the same folder`);
    }
    safe.add(shard);
    weightMap.set(tensor, shard);
  }
  const index: ShardIndex = { weightMap };
  const total = member(member(root, "metadata"), "total_size");
  const totalSize = total instanceof JsonNumber ? Number(total.text) : Number.NaN;
  if (Number.isSafeInteger(totalSize) && totalSize >= 0) index.totalSize = totalSize;
  return index;
}

function readJson(text: string): StrictJson {
  try {
    return parseStrictJson(text);
  } catch (cause) {
    // An unresolved merge is a known sight: whole indexes with the marks between two versions are on the Hub.
    if (/^(?:<{7}|={7}|>{7})/m.test(text)) throw refusal("it holds the marks of an unresolved merge", cause);
    throw refusal(`it is not valid JSON (${cause instanceof Error ? cause.message : cause})`, cause);
  }
}

/** The value of a key; the last one where it is repeated, as in every lenient reader. */
function member(value: StrictJson | undefined, key: string): StrictJson | undefined {
  return value instanceof JsonObject ? value.members.findLast(([name]) => name === key)?.[1] : undefined;
}

/** Whether a path stays inside the folder it is relative to, also after someone on the way has decoded `%2e` and `%2f`. */
function isSafePath(path: string): boolean {
  if (path.length > MAX_PATH) return false;
  return [path, fullyDecoded(path)].every(
    (form) =>
      !/^[a-z][a-z\d+.-]*:/i.test(form) &&
      !hasControlOrBackslash(form) &&
      form.split("/").every((segment) => segment !== "" && segment !== "." && segment !== ".."),
  );
}

function fullyDecoded(text: string): string {
  try {
    const decoded = decodeURIComponent(text);
    return decoded === text ? text : fullyDecoded(decoded);
  } catch {
    // A stray % is a character like any other: there is nothing further to decode.
    return text;
  }
}

function hasControlOrBackslash(text: string): boolean {
  return [...text].some((character) => character < " " || character === "\\" || character === "\u007f");
}

function refusal(what: string, cause?: unknown): FormatError {
  return new FormatError(
    "InvalidIndex",
    `The index of this checkpoint's shards cannot be used: ${what}. The file is damaged; ask its owner to upload it again.`,
    { cause },
  );
}
