import { FormatError } from "../safetensors/format-error.ts";
import type { ReadHeader } from "../safetensors/read-header.ts";
import type { ShardIndex } from "../safetensors/shard-index.ts";
import type { StoredTensor } from "../safetensors/stored-tensor.ts";
import type { Checkpoint, CheckpointFile } from "./checkpoint.ts";
import { mapLimited } from "./map-limited.ts";
import { parseConfig } from "./read-config.ts";

/** Headers read at once: browsers open six connections to one host. */
const PARALLEL = 6;
const MAX_NAMES_IN_NOTE = 3;

export interface WeightsSource {
  signal?: AbortSignal;
  readHeader: (path: string, signal: AbortSignal) => Promise<ReadHeader>;
  /** What the place itself says identifies a file's content. */
  hash?: (path: string) => string | undefined;
}

/**
 * Reads the headers of `paths` in parallel and lists what they hold, in the order given. With an `index` that one is
 * believed: a tensor that it places elsewhere, or not at all, is left out with a note, and one that its shard lacks is a
 * `FormatError` `TensorNotFound`. `shardPath` turns a shard's name in the index into one of `paths`.
 */
export async function readCheckpoint(
  paths: readonly string[],
  source: WeightsSource,
  index?: { index: ShardIndex; shardPath: (shard: string) => string },
): Promise<Pick<Checkpoint, "files" | "tensors" | "notes" | "adapter">> {
  const read = await mapLimited(paths, PARALLEL, source.signal, source.readHeader);
  const home = index && new Map([...index.index.weightMap].map(([name, shard]) => [name, index.shardPath(shard)]));
  const tensors: Checkpoint["tensors"] = [];
  const notes: string[] = [];
  const files = read.map(({ header, location }, file): CheckpointFile => {
    const path = paths[file] ?? "";
    const listed = home ? header.tensors.filter(({ name }) => home.get(name) === path) : header.tensors;
    if (listed.length < header.tensors.length) notes.push(leftOut(path, header.tensors, new Set(listed)));
    for (const tensor of listed) {
      tensors.push({ file, tensor });
      home?.delete(tensor.name);
    }
    const hash = source.hash?.(path) ?? (location.kind === "http" ? location.etag : undefined);
    return { path, size: location.size, location, ...(hash === undefined ? {} : { hash }) };
  });
  const missing = home?.entries().next().value;
  if (missing) {
    const [name, path] = missing;
    throw new FormatError(
      "TensorNotFound",
      `The index says that ${path} holds the tensor "${name}", but it does not. The index and the shards do not belong together; ask their owner.`,
    );
  }
  const [only] = read;
  const adapter = read.length === 1 && only ? adapterMetadata(only.header.metadata) : undefined;
  return { files, tensors, notes, ...(adapter ? { adapter } : {}) };
}

/** diffusers keeps an adapter's configuration in the header of its weights. */
function adapterMetadata(metadata: ReadonlyMap<string, string>): Record<string, unknown> | undefined {
  const text = metadata.get("lora_adapter_metadata");
  return text === undefined ? undefined : parseConfig(text, "lora_adapter_metadata").config;
}

function leftOut(path: string, all: readonly StoredTensor[], listed: ReadonlySet<StoredTensor>): string {
  const names = all.filter((tensor) => !listed.has(tensor)).map(({ name }) => name);
  const shown = names.slice(0, MAX_NAMES_IN_NOTE).join(", ");
  const more = names.length > MAX_NAMES_IN_NOTE ? ` and ${names.length - MAX_NAMES_IN_NOTE} more` : "";
  return `${path} holds ${names.length === 1 ? "a tensor" : `${names.length} tensors`} that the index does not place there, left out here: ${shown}${more}.`;
}
