import { ReadError } from "../bytes/read-error.ts";
import type { ReadOptions } from "../bytes/read-range.ts";
import { readHeader } from "../safetensors/read-header.ts";
import type { ShardIndex } from "../safetensors/shard-index.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { encodePath } from "./hub-address.ts";
import { HubError } from "./hub-error.ts";
import { percentDecoded } from "./percent-decoded.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import { NO_CONFIG, readConfig } from "./read-config.ts";
import { readIndex } from "./read-index.ts";
import { isModelFile } from "./ref-grammar.ts";

const INDEX = "model.safetensors.index.json";
const SINGLE = "model.safetensors";

/**
 * Opens a checkpoint that lies as plain files at a web address, of which there is no listing: a folder (final slash; its
 * index is tried, then `model.safetensors`), an index, or one `.safetensors` file. `label` is what to call it. Fails as
 * `openCheckpoint`.
 */
export async function openFolder(
  address: string,
  label: string,
  options: ReadOptions,
): Promise<Omit<Checkpoint, "ref" | "opened">> {
  const { pathname, search } = new URL(address);
  const file = isModelFile(pathname) ? percentDecoded(pathname.replace(/^.*\//, "")) : undefined;
  const at = (path: string) => (path === file ? address : new URL(encodePath(path), address).href);
  const index =
    file === undefined
      ? await indexIfThere(at(INDEX), options)
      : /\.json$/i.test(file)
        ? await readIndex(address, options)
        : undefined;
  if (!index && file && /\.json$/i.test(file))
    throw new HubError("EntryNotFound", `There is no index at ${label}. Check the address.`);
  const paths = index ? [...new Set(index.weightMap.values())].sort() : [file ?? SINGLE];

  const source = {
    ...(options.signal ? { signal: options.signal } : {}),
    readHeader: (path: string, signal: AbortSignal) => readHeader(at(path), { ...options, signal }),
  };
  // What is signed for one file by its query is not for its neighbours.
  const hasConfig = search === "";
  try {
    const [weights, config] = await Promise.all([
      readCheckpoint(paths, source, index && { index, shardPath: (shard) => shard }),
      hasConfig ? readConfig(at("config.json"), options) : NO_CONFIG,
    ]);
    const notes = [...weights.notes, ...config.notes];
    return { label, ...weights, ...(config.config ? { config: config.config } : {}), notes };
  } catch (cause) {
    if (index || file || !(cause instanceof ReadError) || cause.name !== "NotFound") throw cause;
    throw new HubError(
      "NoSafetensors",
      `There is neither ${INDEX} nor ${SINGLE} in ${label}. Give the folder that holds one of them, or the address of a .safetensors file.`,
      { cause },
    );
  }
}

/** The folder's index, or undefined where it has none; a host without it may say 404, 403, or refuse without CORS headers. */
async function indexIfThere(url: string, options: ReadOptions): Promise<ShardIndex | undefined> {
  try {
    return await readIndex(url, options);
  } catch (error) {
    if (error instanceof ReadError && ["NotFound", "LinkExpired", "CorsRefused"].includes(error.name)) return undefined;
    throw error;
  }
}
