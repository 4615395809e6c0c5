import { ADAPTER_CONFIG, mayBeAdapter } from "../src/hub/adapter-files.ts";
import { adapterBaseModel } from "../src/hub/base-model.ts";
import type { Checkpoint } from "../src/hub/checkpoint.ts";
import { findWeights } from "../src/hub/find-weights.ts";
import { readLocalHeader } from "../src/hub/open-local.ts";
import { formatRef } from "../src/hub/parse-ref.ts";
import { readCheckpoint } from "../src/hub/read-checkpoint.ts";
import { type ConfigRead, NO_CONFIG, parseConfig } from "../src/hub/read-config.ts";
import { isModelFile } from "../src/hub/ref-grammar.ts";
import { parseShardIndex } from "../src/safetensors/shard-index.ts";
import { blobHash, type CachedRepo } from "./cached-repo.ts";
import { filesBelow, locatedByPath } from "./local-drop.ts";

/**
 * Opens a repo as its snapshot in the Hub's cache has it: the same files, and the same reference, as if the Hub had been
 * asked. `target` is a folder or a file of the repo. Null where files of it were not fetched; throws `HubError` where the
 * snapshot has no weights at all, and `FormatError`.
 */
export async function openSnapshot(snapshot: CachedRepo, target = ""): Promise<Checkpoint | null> {
  const { repo, commit, folder: root } = snapshot;
  const { files, paths } = await filesBelow(root, 8);
  const name = target === "" ? repo : `${repo}:${target}`;
  const folder = isModelFile(target) ? target.replace(/(?:^|\/)[^/]*$/, "") : target;
  const inFolder = (path: string) => (folder ? `${folder}/${path}` : path);
  const found = findWeights([...files.keys()], target, name);
  const index = found.kind === "index" ? parseShardIndex(await textOf(found.path)) : undefined;
  const wanted = index ? [...new Set([...index.weightMap.values()].map(inFolder))].sort() : [found.path];
  if (wanted.some((path) => !files.has(path))) return null;
  const hashes = new Map<string, string | undefined>();
  for (const path of wanted) hashes.set(path, await blobHash(`${root}/${path}`));
  const source = {
    readHeader: (path: string) => readLocalHeader(path, files.get(path) as Blob),
    hash: (path: string) => hashes.get(path),
  };
  const weights = await readCheckpoint(wanted, source, index && { index, shardPath: inFolder });
  const config = await configAt(inFolder("config.json"));
  const adapter = mayBeAdapter(found.path) ? await configAt(inFolder(ADAPTER_CONFIG)) : NO_CONFIG;
  const baseModel = adapterBaseModel(adapter.config);
  const opened: Checkpoint = {
    ref: formatRef({ kind: "hub", repo, revision: commit, ...(target ? { folder: target } : {}) }),
    label: name,
    revision: commit,
    ...weights,
    notes: [...found.notes, ...weights.notes, ...config.notes, ...adapter.notes],
    opened: { requests: 0, bytes: 0 },
  };
  if (config.config) opened.config = config.config;
  if (adapter.config) opened.adapter = adapter.config;
  if (baseModel) opened.baseModel = baseModel;
  return locatedByPath(opened, paths);

  async function textOf(path: string): Promise<string> {
    return (await files.get(path)?.text()) ?? "";
  }
  async function configAt(path: string): Promise<ConfigRead> {
    return files.has(path) ? parseConfig(await textOf(path), path) : NO_CONFIG;
  }
}
