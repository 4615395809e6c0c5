import { ADAPTER_WEIGHTS } from "./adapter-files.ts";
import { HubError } from "./hub-error.ts";
import { BY_DROPPING } from "./local-files.ts";

/** The files that make up a checkpoint on disk, and the index that joins them where there is one. */
export interface LocalWeights {
  index: string | null;
  /** Of `.safetensors` files; empty where the index names them. */
  files: string[];
}

const SHARD = /^(.*)-(\d{5})-of-(\d{5})\.safetensors$/i;
const MAX_NAMED = 4;

const named = (names: readonly string[]): string =>
  names.slice(0, MAX_NAMED).join(", ") + (names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "");

/**
 * Picks the checkpoint out of the files of a dropped folder, or of files dropped together; `paths` are below it. At its top:
 * the index, `model.safetensors`, an adapter by its usual name, a whole set of shards, the only `.safetensors` (`consolidated…` last). Throws `HubError`
 * `NoSafetensors` or `EntryNotFound` where there is none, several, or shards are missing.
 */
export function findLocalWeights(paths: readonly string[], name: string, { give } = BY_DROPPING): LocalWeights {
  const here = paths.filter((path) => !path.includes("/")).sort();
  const indexes = here.filter((file) => /\.safetensors\.index\.json$/i.test(file));
  if (indexes.length > 1) throw severalModels(name, indexes, give);
  if (indexes.length === 1) return { index: indexes[0], files: [] };
  if (here.includes("model.safetensors")) return { index: null, files: ["model.safetensors"] };
  const adapter = ADAPTER_WEIGHTS.find((file) => here.includes(file));
  if (adapter !== undefined) return { index: null, files: [adapter] };
  const all = here.filter((file) => /\.safetensors$/i.test(file));
  const plain = all.filter((file) => !/^consolidated/i.test(file));
  const files = plain.length > 0 ? plain : all;
  const sets = new Set(
    files.map(
      (file) =>
        SHARD.exec(file)
          ?.slice(1)
          .filter((_, i) => i !== 1)
          .join(" of ") ?? file,
    ),
  );
  if (sets.size > 1) throw severalModels(name, files, give);
  if (files.length === 0) throw new HubError("NoSafetensors", `${name} ${whatThereIs(paths, give)}`);
  requireAllShards(files, name, give);
  return { index: null, files };
}

const severalModels = (name: string, files: readonly string[], give: string): HubError =>
  new HubError("NoSafetensors", `${name} holds several models (${named(files)}). ${give} the files of one of them.`);

function requireAllShards(files: readonly string[], name: string, give: string): void {
  const [, stem, , total] = SHARD.exec(files[0]) ?? [];
  if (total === undefined) return;
  const missing = Array.from({ length: Number(total) }, (_, i) => String(i + 1).padStart(5, "0"))
    .map((number) => `${stem}-${number}-of-${total}.safetensors`)
    .filter((file) => !files.includes(file));
  if (missing.length === 0) return;
  throw new HubError(
    "EntryNotFound",
    `${name} lacks ${named(missing)} of the ${Number(total)} files of this model. ${give} the folder that holds all of them.`,
  );
}

function whatThereIs(paths: readonly string[], give: string): string {
  const folders = [
    ...new Set(paths.filter((path) => /\/[^/]+\.safetensors$/i.test(path)).map((path) => path.replace(/\/[^/]*$/, ""))),
  ];
  if (folders.length > 0)
    return `has its safetensors in folders: ${named(folders.sort())}. ${give} one of these instead.`;
  if (paths.some((path) => /\.(?:bin|pt|pth|ckpt|gguf|h5|msgpack|onnx)$/i.test(path)))
    return "holds no safetensors, only weights in formats that cannot be read here. Convert them to safetensors first.";
  return `holds no safetensors files. ${give} a .safetensors file, or the folder of a model that has them.`;
}
