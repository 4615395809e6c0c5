import type { Checkpoint } from "../hub/checkpoint.ts";
import { isDecodable, undecodableReason } from "../safetensors/decode.ts";
import { DTYPE_BITS, type Dtype } from "../safetensors/dtype.ts";
import { type HeadLayout, headLayoutOf } from "./head-layout.ts";
import { markFamilyLayout } from "./mark-family-layout.ts";
import { bitsandbytes } from "./schemes/bitsandbytes.ts";
import { gptqOrAwq } from "./schemes/gptq-awq.ts";
import { microscaled } from "./schemes/microscaled.ts";
import { packedIntegers } from "./schemes/packed-integers.ts";
import { readQuantisation } from "./schemes/quantisation.ts";
import { refused } from "./schemes/refused.ts";
import { scaled } from "./schemes/scaled.ts";
import { countOf, type Found, type Scheme, type Stored } from "./schemes/scheme.ts";
import type { View } from "./view.ts";

/** The views of one operand, and the stored tensors that none was made of, each with the sentence that says why. */
export interface Views {
  views: View[];
  left: { name: string; reason: string }[];
  /** SHA-256 or Xet hash of each of the checkpoint's files, in hexadecimal digits, where the Hub lists one. */
  hashes: (string | null)[];
  /** `config.json` says that the output head is the token embedding (`tie_word_embeddings`). */
  tied: boolean;
  /** How the heads of q, k and v alternate in fused matrices, where `config.json` says so. */
  heads?: HeadLayout | null;
}

/** The order matters for what two of them might claim: the last one takes what only looks like weights. */
const SCHEMES: readonly Scheme[] = [bitsandbytes, scaled, microscaled, packedIntegers, gptqOrAwq, refused];

/** Floats that views decode to float32, because kernels take wider ones, or the two of eight bits that are common. */
const DECODED_HERE: ReadonlySet<Dtype> = new Set<Dtype>([
  ...(["F4", "F6_E2M3", "F6_E3M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"] as const),
]);

/** ETags are opaque: those of two servers may agree by chance, and so are no proof of anything. */
const isContentHash = (hash: string | undefined): hash is string => hash !== undefined && /^[0-9a-f]{64}$/.test(hash);

/** One stored tensor as a view, or why not. */
function plain({ file, tensor }: Stored): Found {
  const { name, dtype, shape, span } = tensor;
  const count = countOf(shape);
  if (!isDecodable(dtype))
    return { reason: undecodableReason(dtype) ?? `Tensors of dtype ${dtype} are not decoded yet.`, uses: [] };
  if (count === 0) return { reason: `The tensor (${dtype}, shape [${shape.join(", ")}]) has no elements.`, uses: [] };
  const view: View = { name, dtype, shape, count, file, span };
  if (!DECODED_HERE.has(dtype)) return { view, uses: [] };
  const encoding = { scheme: "narrow", name: dtype, first: 0, bits: DTYPE_BITS[dtype], dtype, auxiliary: [] } as const;
  return { view: { ...view, dtype: "F32", encoding }, uses: [] };
}

/**
 * The views of a checkpoint, in its order: one per stored tensor as it lies, and of a quantised weight one under the name
 * that the unquantised tensor has, decoded on the way. Buffers are views like any other. Left out are dtypes and schemes
 * that cannot be decoded, tensors without elements, and the later one of two equal names.
 */
export function viewsOf(checkpoint: Checkpoint): Views {
  const first = new Map<string, Stored>();
  for (const stored of checkpoint.tensors) if (!first.has(stored.tensor.name)) first.set(stored.tensor.name, stored);
  const around = { find: (name: string) => first.get(name), quantisation: readQuantisation(checkpoint.config) };
  const found = new Map<Stored, Found>();
  const used = new Set<string>();
  for (const stored of first.values()) {
    for (const scheme of countOf(stored.tensor.shape) > 0 ? SCHEMES : []) {
      const one = scheme(stored, around);
      if (!one) continue;
      found.set(stored, one);
      for (const name of one.uses) used.add(name);
      for (const { name } of one.others ?? []) used.add(name);
      break;
    }
  }
  const views: View[] = [];
  const left: Views["left"] = [];
  const taken = new Set<string>();
  for (const stored of checkpoint.tensors) {
    const { name } = stored.tensor;
    const own = found.get(stored);
    if (!own && used.has(name) && first.get(name) === stored) continue;
    const one = own ?? plain(stored);
    const called = "view" in one ? one.view.name : name;
    if (first.get(name) !== stored || taken.has(called))
      left.push({
        name,
        reason: "Another file of the checkpoint has a tensor of the same name, which is the one compared.",
      });
    else if ("view" in one) views.push(one.view);
    else left.push({ name, reason: one.reason });
    taken.add(called);
    left.push(...(one.others ?? []));
  }
  markFamilyLayout(views);
  const hashes = checkpoint.files.map(({ hash }) => (isContentHash(hash) ? hash : null));
  return { views, left, hashes, tied: isTied(checkpoint.config), heads: headLayoutOf(checkpoint.config) };
}

/** Of a model with several parts the language model has its own configuration. */
function isTied(config: Record<string, unknown> | undefined): boolean {
  const inner = config?.text_config;
  const own = typeof inner === "object" && inner !== null && "tie_word_embeddings" in inner ? inner : config;
  return (own as Record<string, unknown> | undefined)?.tie_word_embeddings === true;
}
