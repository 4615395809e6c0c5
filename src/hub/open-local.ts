import { FormatError } from "../safetensors/format-error.ts";
import { headerByteLength, parseHeader } from "../safetensors/parse-header.ts";
import type { ReadHeader } from "../safetensors/read-header.ts";
import { parseShardIndex, type ShardIndex } from "../safetensors/shard-index.ts";
import { ADAPTER_CONFIG, mayBeAdapter } from "./adapter-files.ts";
import { adapterBaseModel } from "./base-model.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { findLocalWeights } from "./find-local-weights.ts";
import { HubError } from "./hub-error.ts";
import { isCachedRepo, readCachedRepo } from "./local-cache.ts";
import { BY_DROPPING, type LocalDrop, pathsBelow } from "./local-files.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import { type ConfigRead, NO_CONFIG, parseConfig } from "./read-config.ts";

/**
 * Opens a checkpoint out of files on this machine: `.safetensors` files, a model's folder, or a repo's folder in the Hugging
 * Face cache. Reads headers, the index and `config.json` by slices, and no weights. The result's `ref` is `local:` and a
 * name, which no link can bring back. Throws `HubError` or `FormatError`, or the signal's reason.
 */
export async function openLocal(drop: LocalDrop, signal?: AbortSignal, words = BY_DROPPING): Promise<Checkpoint> {
  const below = pathsBelow(drop);
  if (below.size === 0) throw emptyDrop(drop.name);
  const { files, hashes, label, revision } = isCachedRepo(below.keys())
    ? await readCachedRepo(drop.name, below)
    : { files: below, hashes: new Map<string, string>(), label: drop.name, revision: undefined };
  const found = findLocalWeights([...files.keys()], label, words);
  const index = found.index === null ? undefined : await readLocalIndex(files.get(found.index) as Blob);
  const paths = index ? [...new Set(index.weightMap.values())].sort() : found.files;
  const lost = paths.find((path) => !files.has(path));
  if (lost !== undefined) {
    throw new HubError(
      "EntryNotFound",
      `The index ${found.index} of ${label} names ${lost}, which ${words.missing}. ${words.give} the folder that holds both.`,
    );
  }
  const source = {
    ...(signal ? { signal } : {}),
    readHeader: (path: string) => readLocalHeader(path, files.get(path) as Blob),
    hash: (path: string) => hashes.get(path),
  };
  const weights = await readCheckpoint(paths, source, index && { index, shardPath: (shard) => shard });
  const configAt = async (path: string): Promise<ConfigRead> => {
    const file = files.get(path);
    return file ? parseConfig(await readable(file.text()), path) : NO_CONFIG;
  };
  const config = await configAt("config.json");
  const adapter = !index && paths.every(mayBeAdapter) ? await configAt(ADAPTER_CONFIG) : NO_CONFIG;
  const baseModel = adapterBaseModel(adapter.config);
  signal?.throwIfAborted();
  return {
    ref: `local:${label}`,
    label,
    ...(revision === undefined ? {} : { revision }),
    ...weights,
    ...(config.config ? { config: config.config } : {}),
    ...(adapter.config ? { adapter: adapter.config } : {}),
    ...(baseModel ? { baseModel } : {}),
    notes: [...weights.notes, ...config.notes, ...adapter.notes],
    opened: { requests: 0, bytes: 0 },
  };
}

function emptyDrop(name: string): HubError {
  const isSnapshot = /^[0-9a-f]{40}$/.test(name);
  return new HubError(
    "NoSafetensors",
    isSnapshot
      ? `${name} is a snapshot in the Hugging Face cache: it holds only links, which browsers hide. Drop the folder above its snapshots, models--…, instead.`
      : `${name} holds no files that the browser shows. Drop a .safetensors file, or the folder of a model; links inside a folder are hidden.`,
  );
}

async function readLocalIndex(file: Blob): Promise<ShardIndex> {
  return parseShardIndex(await readable(file.text()));
}

/** Reads the header of a file that is at hand; `path` is for messages. Throws `FormatError` or `HubError`. */
export async function readLocalHeader(path: string, blob: Blob): Promise<ReadHeader> {
  const size = blob.size;
  try {
    const length = headerByteLength(await readBytes(blob.slice(0, 8)), size);
    const prefix = await readBytes(blob.slice(0, length));
    return { header: parseHeader(prefix, size), location: { kind: "blob", blob, size }, requests: 0, bytes: length };
  } catch (error) {
    throw error instanceof FormatError ? FormatError.inFile(path, error) : error;
  }
}

/** Resolves as `reading` does; a file that is gone gets its sentence. */
async function readable<Content>(reading: Promise<Content>): Promise<Content> {
  try {
    return await reading;
  } catch (cause) {
    throw new HubError(
      "EntryNotFound",
      "A dropped file cannot be read any more: it was moved, changed or closed. Drop it again.",
      { cause },
    );
  }
}

const readBytes = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readable(blob.arrayBuffer()));
