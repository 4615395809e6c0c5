import { parseShardIndex } from "../safetensors/shard-index.ts";
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from "./adapter-files.ts";
import { HubError } from "./hub-error.ts";

/** No `config.json` or index is longer; blobs beyond it are weights. */
const MAX_JSON_BYTES = 128 * 2 ** 20;

/** Files of a cached repo under the names that its model has for them, with the SHA-256 that names an LFS blob. */
export interface CachedRepo {
  label: string;
  revision?: string;
  files: Map<string, Blob>;
  hashes: Map<string, string>;
}

/** What the files of JSON that matter are called, by what is found in them. */
const JSON_FILES = { index: "model.safetensors.index.json", config: "config.json", adapter: ADAPTER_CONFIG } as const;

/** Whether the paths are those of a repo in the Hugging Face cache, `models--org--name`. */
export const isCachedRepo = (paths: Iterable<string>): boolean =>
  [...paths].some((path) => /^blobs\/[0-9a-f]{40,64}$/.test(path));

/** `models--org--name` → `org/name`. */
const repoOf = (folder: string): string => folder.replace(/^models--/, "").replace(/--/g, "/");

/**
 * Finds the model in a dropped cache folder. Browsers show the blobs, named by their hash, and hide the links in
 * `snapshots/` that say which file each of them is; so they are recognised by what is in them: an index, a `config.json`,
 * safetensors. The layout is that of huggingface_hub's `file_download` ("How-to: manage the cache"). Throws `HubError`
 * `NoSafetensors` where it holds several versions.
 */
export async function readCachedRepo(folder: string, paths: ReadonlyMap<string, Blob>): Promise<CachedRepo> {
  const name = repoOf(folder);
  const revision = await revisionOf(paths);
  const repo: CachedRepo = {
    label: name,
    ...(revision === undefined ? {} : { revision }),
    files: new Map(),
    hashes: new Map(),
  };
  const several = () =>
    new HubError(
      "NoSafetensors",
      `The cache folder of ${name} holds several versions of the model, and browsers hide which file belongs to which. Delete the old ones from the cache, or drop copies of the files.`,
    );
  const weights: [hash: string, blob: Blob][] = [];
  for (const [path, blob] of paths) {
    const [, hash] = /^blobs\/([0-9a-f]{40,64})$/.exec(path) ?? [];
    if (hash === undefined) continue;
    const kind = await kindOf(blob);
    if (kind === "weights") weights.push([hash, blob]);
    if (kind === "weights" || kind === "other") continue;
    const file = JSON_FILES[kind];
    if (kind === "index" && repo.files.has(file)) throw several();
    repo.files.set(file, blob);
  }
  const index = repo.files.get("model.safetensors.index.json");
  // A repo may hold an adapter's configuration beside a model's, and there the model is what is opened.
  const single =
    repo.files.has(ADAPTER_CONFIG) && !repo.files.has("config.json") ? ADAPTER_WEIGHTS[0] : "model.safetensors";
  const shards = index
    ? await shardsOf(index, weights, several)
    : new Map(weights.length ? [[single, weights[0]]] : []);
  if (!index && weights.length > 1) throw several();
  for (const [file, [hash, blob]] of shards) {
    repo.files.set(file, blob);
    if (hash.length === 64) repo.hashes.set(file, hash);
  }
  return repo;
}

async function revisionOf(paths: ReadonlyMap<string, Blob>): Promise<string | undefined> {
  const refs = [...paths].filter(([path]) => path.startsWith("refs/"));
  const main = refs.find(([path]) => path === "refs/main") ?? (refs.length === 1 ? refs[0] : undefined);
  const commit = main && (await main[1].slice(0, 64).text()).trim();
  return commit && /^[0-9a-f]{40}$/.test(commit) ? commit : undefined;
}

async function kindOf(blob: Blob): Promise<"weights" | keyof typeof JSON_FILES | "other"> {
  const head = new Uint8Array(await blob.slice(0, 9).arrayBuffer());
  // A safetensors file: the header's length as 64 bits, then the header's brace.
  if (head.length === 9 && head[8] === 0x7b && head[5] + head[6] + head[7] === 0) return "weights";
  if (head[0] !== 0x7b || blob.size > MAX_JSON_BYTES) return "other";
  const json = await jsonOf(blob);
  if (json && "weight_map" in json) return "index";
  if (json && ("peft_type" in json || "lora_parameters" in json)) return "adapter";
  return json && ("architectures" in json || "model_type" in json) ? "config" : "other";
}

async function jsonOf(blob: Blob): Promise<object | null> {
  try {
    const value: unknown = JSON.parse(await blob.text());
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** Each shard that the index names with the blob that holds its tensors. Blobs of other versions have others, or as many twice. */
async function shardsOf(
  index: Blob,
  weights: readonly [hash: string, blob: Blob][],
  several: () => HubError,
): Promise<Map<string, [hash: string, blob: Blob]>> {
  const { weightMap } = parseShardIndex(await index.text());
  const found = new Map<string, [string, Blob]>();
  for (const each of weights) {
    const shard = weightMap.get((await firstTensor(each[1])) ?? "");
    if (shard === undefined) continue;
    if (found.has(shard)) throw several();
    found.set(shard, each);
  }
  return found;
}

/** The name of one tensor in a safetensors file. */
async function firstTensor(blob: Blob): Promise<string | undefined> {
  const length = new DataView(await blob.slice(0, 8).arrayBuffer()).getUint32(0, true);
  const header = await jsonOf(blob.slice(8, 8 + length));
  return Object.keys(header ?? {}).find((name) => name !== "__metadata__");
}
