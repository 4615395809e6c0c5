import type { FileLocation } from "../bytes/file-location.ts";
import type { StoredTensor } from "../safetensors/stored-tensor.ts";

export interface CheckpointFile {
  /** Path inside the repo or folder. */
  path: string;
  /** Bytes. */
  size: number;
  /** What identifies the content: the LFS sha256 or Xet hash the Hub lists, else an ETag, else absent. */
  hash?: string;
  location: FileLocation;
}

/** One operand, opened: every header read, nothing of the weights yet. Plain data: it crosses from the worker that opened it. */
export interface Checkpoint {
  /** The canonical reference, pinned to a commit where there is one: opening it again gives the same bytes. */
  ref: string;
  /** What to call it on screen: `org/name`, a host and folder, or a demo's name. */
  label: string;
  /** The full commit hash of a Hub repo. */
  revision?: string;
  files: CheckpointFile[];
  /** Every stored tensor with the index of its file in `files`, in file order and then by position in the file. */
  tensors: { file: number; tensor: StoredTensor }[];
  /** The repo's `config.json` where it has one, unread. */
  config?: Record<string, unknown>;
  /** The `adapter_config.json` of a PEFT or mlx adapter, or what diffusers wrote of it into the header, unread. */
  adapter?: Record<string, unknown>;
  /** The repo that the model card says it was made from. */
  baseModel?: string;
  /** Sentences about what is odd but not fatal (a tensor the index does not list, a renamed repo). */
  notes: string[];
  /** What opening cost. */
  opened: { requests: number; bytes: number };
}
