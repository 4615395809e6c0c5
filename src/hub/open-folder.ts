import { ReadError } from "../bytes/read-error.ts";
import type { ReadOptions } from "../bytes/read-range.ts";
import { readHeader } from "../safetensors/read-header.ts";
import type { ShardIndex } from "../safetensors/shard-index.ts";
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, isNamedAdapter } from "./adapter-files.ts";
import { adapterBaseModel } from "./base-model.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { encodePath } from "./hub-address.ts";
import { HubError } from "./hub-error.ts";
import { percentDecoded } from "./percent-decoded.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import { type ConfigRead, NO_CONFIG, readConfig } from "./read-config.ts";
import { readIndex } from "./read-index.ts";
import { isModelFile } from "./ref-grammar.ts";

const INDEX = "model.safetensors.index.json";
const SINGLE = "model.safetensors";

/**
 * Opens a checkpoint that lies as plain files at a web address, of which there is no listing: a folder (final slash; its
 * index is tried, then `model.safetensors`, then an adapter and its configuration), an index, or one `.safetensors` file. `label` is what to call it. Fails as
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
  const configAt = (path: string) => (search === "" ? readConfig(at(path), options) : NO_CONFIG);
  const open = async (weightPaths: readonly string[], adapterConfig: ConfigRead | Promise<ConfigRead>) => {
    const [weights, config, adapter] = await Promise.all([
      readCheckpoint(weightPaths, source, index && { index, shardPath: (shard) => shard }),
      configAt("config.json"),
      adapterConfig,
    ]);
    const baseModel = adapterBaseModel(adapter.config);
    return {
      label,
      ...weights,
      ...(config.config ? { config: config.config } : {}),
      ...(adapter.config ? { adapter: adapter.config } : {}),
      ...(baseModel ? { baseModel } : {}),
      notes: [...weights.notes, ...config.notes, ...adapter.notes],
    };
  };
  try {
    return await open(paths, file && isNamedAdapter(file) ? configAt(ADAPTER_CONFIG) : NO_CONFIG);
  } catch (cause) {
    if (index || file || !isMissing(cause)) throw cause;
    const adapter = await configAt(ADAPTER_CONFIG);
    if (adapter.config) {
      for (const weights of ADAPTER_WEIGHTS) {
        try {
          return await open([weights], adapter);
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
      }
    }
    throw new HubError(
      "NoSafetensors",
      `There is neither ${INDEX} nor ${SINGLE} in ${label}, nor an adapter. Give the folder that holds one of them, or the address of a .safetensors file.`,
      { cause },
    );
  }
}

const isMissing = (error: unknown): boolean => error instanceof ReadError && error.name === "NotFound";

/** The folder's index, or undefined where it has none; a host without it may say 404, 403, or refuse without CORS headers. */
async function indexIfThere(url: string, options: ReadOptions): Promise<ShardIndex | undefined> {
  try {
    return await readIndex(url, options);
  } catch (error) {
    if (error instanceof ReadError && ["NotFound", "LinkExpired", "CorsRefused"].includes(error.name)) return undefined;
    throw error;
  }
}
