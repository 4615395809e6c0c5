import type { Checkpoint } from "../hub/checkpoint.ts";
import { isDecodable, undecodableReason } from "../safetensors/decode.ts";
import type { StoredTensor } from "../safetensors/stored-tensor.ts";
import type { View } from "./view.ts";

/** The views of one operand, and the stored tensors that none was made of, each with the sentence that says why. */
export interface Views {
  views: View[];
  left: { name: string; reason: string }[];
  /** SHA-256 or Xet hash of each of the checkpoint's files, in hexadecimal digits, where the Hub lists one. */
  hashes: (string | null)[];
  /** `config.json` says that the output head is the token embedding (`tie_word_embeddings`). */
  tied: boolean;
}

/** ETags are opaque: those of two servers may agree by chance, and so are no proof of anything. */
const isContentHash = (hash: string | undefined): hash is string => hash !== undefined && /^[0-9a-f]{64}$/.test(hash);

function reasonToLeave(tensor: StoredTensor, count: number, taken: boolean): string | null {
  if (taken) return "Another file of the checkpoint has a tensor of the same name, which is the one compared.";
  if (!isDecodable(tensor.dtype))
    return undecodableReason(tensor.dtype) ?? `Tensors of dtype ${tensor.dtype} are not decoded yet.`;
  if (count === 0) return `The tensor (${tensor.dtype}, shape [${tensor.shape.join(", ")}]) has no elements.`;
  return null;
}

/**
 * One view per stored tensor, as it lies, in the checkpoint's order. Buffers are views like any other. Left out are
 * dtypes that cannot be decoded, tensors without elements, and the later one of two equal names.
 */
export function viewsOf(checkpoint: Checkpoint): Views {
  const views: View[] = [];
  const left: Views["left"] = [];
  const taken = new Set<string>();
  for (const { file, tensor } of checkpoint.tensors) {
    const { name, dtype, shape, span } = tensor;
    const count = shape.reduce((product, size) => product * size, 1);
    const reason = reasonToLeave(tensor, count, taken.has(name));
    taken.add(name);
    if (reason === null) views.push({ name, dtype, shape, count, file, span });
    else left.push({ name, reason });
  }
  const hashes = checkpoint.files.map(({ hash }) => (isContentHash(hash) ? hash : null));
  return { views, left, hashes, tied: isTied(checkpoint.config) };
}

/** Of a model with several parts the language model has its own configuration. */
function isTied(config: Record<string, unknown> | undefined): boolean {
  const inner = config?.text_config;
  const own = typeof inner === "object" && inner !== null && "tie_word_embeddings" in inner ? inner : config;
  return (own as Record<string, unknown> | undefined)?.tie_word_embeddings === true;
}
