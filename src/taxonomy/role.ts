import { FAMILIES } from "./families.ts";
import { roleByEnding } from "./name-ending.ts";
import type { TensorName } from "./tensor-name.ts";

/** Leading words outside layers that name a wrapper or a part of the model, not a module. */
const ROOTS = new Set(
  (
    "model transformer gpt_neox backbone bert roberta distilbert electra deberta albert xlm_roberta vit dinov2 " +
    "language_model text_model vision_model vision_tower vision_encoder visual thinker llm encoder decoder " +
    "wav2vec2 hubert wavlm esm mpnet rwkv swin dinov2_with_registers diffusion_model first_stage_model mtp"
  ).split(" "),
);

/** A norm that no family lists: its own word says so. */
const NORM_WORD = /(?:^|[._])(?:(?:layer|group|rms|batch)?_?norm\d*|ln(?:_\w+|\d)?|bn\d*)$|layer_?norm/i;

const isBias = (parameter: string): boolean => parameter === "bias" || parameter === "beta";

/** Whether a stack has a path. */
export type HasPath = (path: string) => boolean;

function familyRole(path: string, inLayer: boolean, has: HasPath): string | undefined {
  for (const family of FAMILIES) {
    const table = inLayer ? family.layer : family.outside;
    if (table && Object.hasOwn(table, path) && (family.when?.(has) ?? true)) return table[path];
  }
  return undefined;
}

function knownRole(path: string, inLayer: boolean, has: HasPath): string | undefined {
  const role = familyRole(path, inLayer, has);
  if (role !== undefined || inLayer) return role;
  const dot = path.indexOf(".");
  return dot > 0 && ROOTS.has(path.slice(0, dot)) ? knownRole(path.slice(dot + 1), inLayer, has) : undefined;
}

function unknownRole(name: TensorName, shape: readonly number[]): string {
  const bias = isBias(name.parameter) || (name.parameter === "" && name.path.endsWith("_bias"));
  if (shape.length >= 2) return "other";
  if (NORM_WORD.test(name.path)) return bias ? "norm.other.bias" : "norm.other";
  return bias ? "other.bias" : "other";
}

/**
 * The role of a tensor, from its name and, where names deceive, its shape and what else its stack has.
 * `known` is false where no rule was found; the role is then `other`, `norm.other`, or one of these with `.bias`.
 */
export function roleOf(name: TensorName, shape: readonly number[], has: HasPath): { role: string; known: boolean } {
  const rest = name.parameter === "" ? name.path : `${name.path}.${name.parameter}`;
  const byEnding = roleByEnding(rest, shape);
  if (byEnding !== undefined) return { role: byEnding, known: true };
  const inLayer = name.layer !== null;
  const role = knownRole(name.path, inLayer, has);
  if (role !== undefined)
    return { role: isBias(name.parameter) && !role.endsWith(".bias") ? `${role}.bias` : role, known: true };
  // PyTorch's fused attention and stacked experts write `in_proj_weight`, `gate_up_proj_bias`: the word is cut inside.
  const cut = name.parameter === "" ? /^(.+)_(weight|bias)$/.exec(name.path) : null;
  const base = cut?.[1] && knownRole(cut[1], inLayer, has);
  if (base) return { role: cut?.[2] === "bias" ? `${base}.bias` : base, known: true };
  return { role: unknownRole(name, shape), known: false };
}
