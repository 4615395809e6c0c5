import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { bytesOf, safetensorsHead } from "./safetensors-head.mjs";
import { bf16Bits, tunedNumbers } from "./tuned-numbers.mjs";

/**
 * @typedef {{ vocab: number, hidden: number, intermediate: number, layers: number }} Shape
 */

/** 937 MiB a side: a small model as people have them, which everyone's disk and page cache still hold. */
export const USUAL = { vocab: 32000, hidden: 2048, intermediate: 5632, layers: 8 };
/** 17 MiB a side, to see that everything works. */
export const SMALL = { vocab: 4096, hidden: 512, intermediate: 1408, layers: 2 };

const SEED = 20250520;
/** Elements made and written at a time. */
const PIECE = 2 ** 20;

/**
 * Names and shapes in the order in which they lie in the file: that of a Llama with grouped queries.
 *
 * @param {Shape} shape
 * @returns {import("./safetensors-head.mjs").ShapedTensor[]}
 */
function tensorsOf({ vocab, hidden, intermediate, layers }) {
  /** @type {[name: string, shape: number[]][]} */
  const list = [["model.embed_tokens.weight", [vocab, hidden]]];
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    list.push(
      [`${at}.input_layernorm.weight`, [hidden]],
      [`${at}.self_attn.q_proj.weight`, [hidden, hidden]],
      [`${at}.self_attn.k_proj.weight`, [hidden / 4, hidden]],
      [`${at}.self_attn.v_proj.weight`, [hidden / 4, hidden]],
      [`${at}.self_attn.o_proj.weight`, [hidden, hidden]],
      [`${at}.post_attention_layernorm.weight`, [hidden]],
      [`${at}.mlp.gate_proj.weight`, [intermediate, hidden]],
      [`${at}.mlp.up_proj.weight`, [intermediate, hidden]],
      [`${at}.mlp.down_proj.weight`, [hidden, intermediate]],
    );
  }
  list.push(["model.norm.weight", [hidden]], ["lm_head.weight", [vocab, hidden]]);
  return list.map(([name, shape]) => ({ name, shape, dtype: "BF16" }));
}

/** @param {Shape} shape */
function configOf({ vocab, hidden, intermediate, layers }) {
  return JSON.stringify({
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: layers,
    num_attention_heads: hidden / 64,
    num_key_value_heads: hidden / 256,
    vocab_size: vocab,
    tie_word_embeddings: false,
  });
}

/**
 * @param {string} folder
 * @param {Shape} shape
 * @param {readonly import("./safetensors-head.mjs").ShapedTensor[]} tensors
 * @param {Buffer} head
 */
function write(folder, shape, tensors, head) {
  /** @param {string} side */
  const begin = (side) => {
    mkdirSync(join(folder, side), { recursive: true });
    writeFileSync(join(folder, side, "config.json"), configOf(shape));
    const file = openSync(join(folder, side, "model.safetensors"), "w");
    writeSync(file, head);
    return file;
  };
  const base = begin("base");
  const tuned = begin("tuned");
  const fill = tunedNumbers(SEED);
  for (const tensor of tensors) {
    const count = bytesOf(tensor) / 2;
    for (let from = 0; from < count; from += PIECE) {
      const a = new Uint16Array(Math.min(PIECE, count - from));
      const b = new Uint16Array(a.length);
      fill(a, b, bf16Bits, tensor.name.endsWith("norm.weight") ? 1 : 0);
      writeSync(base, a);
      writeSync(tuned, b);
    }
  }
  closeSync(base);
  closeSync(tuned);
}

/**
 * A Llama-shaped BF16 model and one tuned from it, as two folders of one safetensors file and a configuration each. Made
 * once from a fixed seed and kept under `work`; another shape is another folder.
 *
 * @param {string} work
 * @param {Shape} shape
 * @returns {{ folder: string, files: import("./pair.mjs").PairFile[], elements: number, tensors: number }} `folder` holds
 *   `base/` and `tuned/`
 */
export function modelPair(work, shape) {
  const tensors = tensorsOf(shape);
  const { head, dataBytes } = safetensorsHead(tensors);
  const folder = join(work, `llama-${shape.layers}x${shape.hidden}-${SEED}`);
  if (!existsSync(folder)) {
    console.log(`Making a pair of ${Math.round(dataBytes / 2 ** 20)} MiB each (once).`);
    const draft = `${folder}.draft`;
    rmSync(draft, { recursive: true, force: true });
    write(draft, shape, tensors, head);
    // Renamed at the end: a folder of that name is whole.
    renameSync(draft, folder);
  }
  const files = [{ path: "model.safetensors", dataBegin: head.length, bytes: head.length + dataBytes }];
  return { folder, files, elements: dataBytes / 2, tensors: tensors.length };
}
