import type { LocalDrop, LocalFile } from "../hub/local-files.ts";

/** What came in one drop or one choice: folders with all that is in them, and files on their own. */
export interface Dropped {
  folders: LocalDrop[];
  files: LocalFile[];
}

/** What a drop is: a saved comparison, or models, in the order in which they came. */
export type SortedDrop = { comparison: Blob } | { models: LocalDrop[] };

const isWeights = ({ path }: LocalFile): boolean => /\.safetensors$/i.test(path);
const isShard = ({ path }: LocalFile): boolean => /\d+-of-\d+\.safetensors$/i.test(path);
const isIndex = ({ path }: LocalFile): boolean => /\.index\.json$/i.test(path);

/**
 * Tells models and saved comparisons apart by their names. Files on their own are one model, its shards say; several whole
 * `.safetensors` files are as many models.
 */
export function sortDrop({ folders, files }: Dropped): SortedDrop {
  const [only] = files;
  if (folders.length === 0 && files.length === 1 && /\.json(?:\.gz)?$/i.test(only.path) && !isIndex(only))
    return { comparison: only.file };
  return { models: [...folders, ...modelsOf(files)] };
}

function modelsOf(files: readonly LocalFile[]): LocalDrop[] {
  if (files.length === 0) return [];
  const weights = files.filter(isWeights);
  const several = weights.length > 1 && !weights.some(isShard) && !files.some(isIndex);
  if (several) return weights.map((file) => ({ name: file.path, files: [file] }));
  return [{ name: (weights[0] ?? files[0]).path, files: [...files] }];
}
