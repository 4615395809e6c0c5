import { readUnetName, type UnetName } from "./unet-name.ts";

/** A tensor's name, taken apart. `path` is what the families' tables are asked for. */
export interface TensorName {
  /** What stands before the layer number (`model.layers`); empty outside layers. */
  stack: string;
  layer: number | null;
  expert?: number;
  /** The rest, without layer and expert numbers and without `parameter`. */
  path: string;
  /** The last word where it only says which parameter of a module this is (`weight`, `bias`); else empty. */
  parameter: string;
}

/** Words that a training wrapper puts before or between the real ones (PyTorch DDP, FSDP, compile, PEFT). */
const WRAPPERS = /^base_model\.model\.|^module\.|\b(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\./g;

const CONTAINERS =
  /^(?:layers|layer|h|blocks|block|transformer_blocks|single_transformer_blocks|double_blocks|single_blocks|resblocks|decoder_layer)$/;
/** Tried when no exact container is found, so that the inner `transformer_blocks` of a U-Net goes before `down_blocks`. */
const LIKELY_CONTAINERS = /_(?:layers?|blocks?|h)$/;

/** Most count experts; Switch Transformers and NLLB also say so. */
const EXPERT = /^(?:expert_)?\d+$/;

const isNumber = (word: string): boolean => /^\d+$/.test(word);

/** Last words that name a parameter of a module: the plain ones, and the bookkeeping of quantised weights. */
const PARAMETERS = new Set(
  (
    "weight bias gamma beta weight_scale_inv weight_scale weight_scale_2 input_scale weight_global_scale " +
    "input_global_scale weight_packed weight_shape weight_zero_point weight_g_idx qweight qzeros scales biases g_idx " +
    "absmax nested_absmax quant_map nested_quant_map"
  ).split(" "),
);

/** Drops the words of training wrappers, repeatedly, since they nest. */
export function unwrapName(name: string): string {
  const bare = name.replace(WRAPPERS, "");
  return bare === name ? bare : unwrapName(bare);
}

function splitParameter(words: string[]): { path: string; parameter: string } {
  const last = words.at(-1) ?? "";
  // bitsandbytes hangs two words behind the weight's name.
  const count = words.at(-2) === "quant_state" ? 2 : PARAMETERS.has(last) ? 1 : 0;
  if (count === 0 || words.length <= count) return { path: words.join("."), parameter: "" };
  return { path: words.slice(0, -count).join("."), parameter: words.slice(-count).join(".") };
}

/** Index of the layer number among `words` by the word before it, or −1. */
function layerAt(words: readonly string[]): number {
  for (const container of [CONTAINERS, LIKELY_CONTAINERS]) {
    const at = words.findIndex((word, i) => i > 0 && isNumber(word) && container.test(words[i - 1] ?? ""));
    // A number at the very end numbers parameters in a list, not layers.
    if (at <= 0 || at >= words.length - 1) continue;
    // Swin counts blocks within stages, and calls the stages layers.
    return words[at + 1] === "blocks" && isNumber(words[at + 2] ?? "") && at + 3 < words.length ? at + 2 : at;
  }
  return -1;
}

const isCandidate = (words: readonly string[], i: number): boolean =>
  i > 0 && i < words.length - 2 && words[i - 1] !== "experts" && isNumber(words[i] ?? "");

/**
 * Stacks under a name that nobody listed: the words before a number, where the same module stands under at least two
 * numbers. A parameter directly under the number does not count: that is a short list of linear maps.
 */
function repeatedStacks(names: readonly (readonly string[])[]): Set<string> {
  const first = new Map<string, string>();
  const stacks = new Set<string>();
  for (const words of names)
    for (const [i, word] of words.entries()) {
      if (!isCandidate(words, i)) continue;
      const stack = words.slice(0, i).join(".");
      const key = `${stack} ${words.slice(i + 1).join(".")}`;
      const seen = first.get(key);
      if (seen === undefined) first.set(key, word);
      else if (seen !== word) stacks.add(stack);
    }
  return stacks;
}

function readRest(stack: string, layer: number | null, rest: string[]): TensorName {
  const expertAt = rest.findIndex((word, i) => EXPERT.test(word) && rest[i - 1] === "experts");
  if (expertAt < 0) return { stack, layer, ...splitParameter(rest) };
  const [expert = ""] = rest.splice(expertAt, 1);
  return { stack, layer, expert: Number(expert.replace(/^\D+/, "")), ...splitParameter(rest) };
}

/** Numbers the parts of each stack one after the other, in the order of the data. */
function countUnetParts(names: readonly (UnetName | null)[]): (name: UnetName) => number {
  const keyOf = ({ stack, order }: UnetName) => `${stack} ${order.join(".")}`;
  const parts = new Map<string, UnetName>();
  for (const name of names) if (name) parts.set(keyOf(name), name);
  const before = (x: UnetName, y: UnetName) =>
    x.order.map((number, i) => number - (y.order[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
  const layers = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const [key, { stack }] of [...parts].sort(([, x], [, y]) => before(x, y))) {
    const layer = counts.get(stack) ?? 0;
    layers.set(key, layer);
    counts.set(stack, layer + 1);
  }
  return (name) => layers.get(keyOf(name)) ?? 0;
}

/** Takes every name of one checkpoint apart, in the same order. A wrapper stays where dropping it would make two names one. */
export function readTensorNames(names: readonly string[]): TensorName[] {
  const taken = new Set(names);
  const split = names.map((name) => {
    const bare = unwrapName(name);
    const words = (bare !== name && taken.has(bare) ? name : bare).split(".");
    const unet = readUnetName(words);
    return { words, unet, at: unet ? -1 : layerAt(words) };
  });
  const layerOf = countUnetParts(split.map(({ unet }) => unet));
  const stacks = repeatedStacks(split.filter(({ at, unet }) => at < 0 && !unet).map(({ words }) => words));
  return split.map(({ words, unet, at: listed }) => {
    if (unet) return readRest(unet.stack, unet.order.length > 0 ? layerOf(unet) : null, unet.rest);
    const at =
      listed >= 0
        ? listed
        : words.findIndex((_, i) => isCandidate(words, i) && stacks.has(words.slice(0, i).join(".")));
    if (at < 0) return readRest("", null, words);
    return readRest(words.slice(0, at).join("."), Number(words[at]), words.slice(at + 1));
  });
}
