import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from "./adapter-files.ts";
import { HubError } from "./hub-error.ts";
import { isModelFile } from "./ref-grammar.ts";

/** Which file of a listing to open: the index of a sharded checkpoint, or the one file that holds everything. */
export interface FoundWeights {
  kind: "index" | "single";
  /** As in the listing. */
  path: string;
  notes: string[];
}

const MAX_FOLDERS_NAMED = 6;
const OTHER_FORMATS = [
  [/\.gguf$/i, "GGUF files"],
  [/\.bin$/i, "PyTorch .bin files"],
  [/\.(?:pt|pth|ckpt)$/i, "PyTorch checkpoints (.pt, .pth, .ckpt)"],
  [/\.(?:h5|msgpack|onnx)$/i, "TensorFlow, Flax or ONNX files"],
] as const;

/**
 * Picks the checkpoint in a listing of `paths` (from the repo's root) as it stands at `target`: a folder ("" for the root)
 * or one file. In a folder, the first that there is of: `model.safetensors.index.json`, `model.safetensors`, any
 * `….safetensors.index.json`, an adapter by its usual name, the only other `.safetensors`. Folders below it are not looked into, and `consolidated…` files,
 * which repeat the weights in another layout, are passed over. `name` is what to call the place in messages. Throws
 * `HubError`: `NoSafetensors`, with what there is instead, or `EntryNotFound`.
 */
export function findWeights(paths: readonly string[], target: string, name: string): FoundWeights {
  if (isModelFile(target)) {
    if (!paths.includes(target)) {
      throw new HubError("EntryNotFound", `${name} has no file "${target}". Check the path after the colon.`);
    }
    return { kind: /\.json$/i.test(target) ? "index" : "single", path: target, notes: [] };
  }
  const prefix = target === "" ? "" : `${target}/`;
  const inside = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const here = inside.filter((path) => !path.includes("/")).sort();
  const found = (kind: FoundWeights["kind"], file: string, notes: string[] = []) => ({
    kind,
    path: prefix + file,
    notes,
  });

  const adapter = ADAPTER_WEIGHTS.find((file) => here.includes(file));
  // A model that was saved together with an adapter is opened as the model that it is.
  const beside =
    adapter !== undefined && here.includes(ADAPTER_CONFIG)
      ? [`${name} also holds an adapter; to open that, name it after a colon: :${prefix}${adapter}.`]
      : [];
  if (here.includes("model.safetensors.index.json")) return found("index", "model.safetensors.index.json", beside);
  if (here.includes("model.safetensors")) return found("single", "model.safetensors", beside);
  const indexes = here.filter((file) => /\.safetensors\.index\.json$/i.test(file));
  const [index, ...more] = indexes.sort((a, b) => a.length - b.length);
  if (index !== undefined) {
    const notes =
      more.length > 0 ? [`${name} holds several checkpoints; ${index} is shown, not ${more.join(", ")}.`] : [];
    return found("index", index, notes);
  }
  if (adapter !== undefined) return found("single", adapter);
  const others = here.filter((file) => /\.safetensors$/i.test(file) && !/^consolidated/i.test(file));
  const [single] = others;
  if (single !== undefined && others.length === 1) return found("single", single);
  throw new HubError("NoSafetensors", `${name} ${whatThereIs(prefix, others, here, inside)}`);
}

/** Says what a place without a checkpoint holds instead, and what to do; `prefix` leads to it from the root. */
function whatThereIs(prefix: string, others: string[], here: string[], inside: string[]): string {
  if (others.length > 1) {
    return `holds ${others.length} safetensors files and no index that joins them. Name one after a colon, such as :${prefix}${others[0]}.`;
  }
  const folders = new Set(
    inside
      .filter((path) => /^(?!(?:original|metal)\/).+\/[^/]+\.safetensors$/i.test(path))
      .map((path) => prefix + path.replace(/\/[^/]*$/, "")),
  );
  if (folders.size > 0) {
    const shown = [...folders].sort().slice(0, MAX_FOLDERS_NAMED);
    const rest = folders.size > shown.length ? " and others" : "";
    return `has its safetensors in folders: ${shown.join(", ")}${rest}. Name one after a colon, such as :${shown[0]}.`;
  }
  const consolidated = here.find((file) => /^consolidated.*\.safetensors$/i.test(file));
  if (consolidated)
    return `holds only ${consolidated}. To open that file, name it after a colon: :${prefix}${consolidated}.`;
  const present = OTHER_FORMATS.filter(([pattern]) => inside.some((path) => pattern.test(path))).map(
    ([, words]) => words,
  );
  if (present.length === 0) return "holds no safetensors files. Choose a model that has them.";
  return `holds no safetensors, only ${present.join(" and ")}, which cannot be read here. Look for a converted copy: another repo, or a pull request by the Hub's conversion bot (such as @refs/pr/1).`;
}
