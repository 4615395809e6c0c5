import { bytesOf, safetensorsHead } from "./safetensors-head.mjs";

/** What the page asks of a file at first (src/bytes/locate-file.ts). A header that fits is never asked for a second time. */
const FIRST_READ = 256 * 1024;

/**
 * @typedef {import("./safetensors-head.mjs").ShapedTensor} ShapedTensor
 *
 * The files of a model without their tensor data: `whole` holds the small files, `shards` the beginning and the length of
 * the large ones, both by path.
 *
 * @typedef {{
 *   whole: Map<string, Buffer>,
 *   shards: Map<string, { head: Buffer, bytes: number }>,
 *   elements: number,
 *   tensors: number,
 * }} GeneratedModel
 */

/**
 * The shards' tensors: the files are equally long but for half a tensor, and sorted by name, as they are published.
 *
 * @param {readonly ShapedTensor[]} tensors
 * @param {number} shards
 */
function split(tensors, shards) {
  const total = tensors.reduce((sum, tensor) => sum + bytesOf(tensor), 0);
  /** @type {ShapedTensor[][]} */
  const files = Array.from({ length: shards }, () => []);
  let before = 0;
  for (const tensor of tensors) {
    const middle = before + bytesOf(tensor) / 2;
    files[Math.min(shards - 1, Math.floor((middle * shards) / total))].push(tensor);
    before += bytesOf(tensor);
  }
  return files.map((file) => file.sort((x, y) => (x.name < y.name ? -1 : 1)));
}

/** @param {number} number */
const digits = (number) => String(number).padStart(5, "0");

/**
 * The files of a model of one of the MODEL_SHAPES.
 *
 * @param {import("./model-shapes.mjs").ModelShape} shape
 * @returns {GeneratedModel}
 */
export function generatedModel({ tensors, config, shards: count }) {
  /** @type {GeneratedModel["shards"]} */
  const shards = new Map();
  /** @type {Record<string, string>} */
  const weightMap = {};
  let total = 0;
  for (const [index, file] of split(tensors, count).entries()) {
    const path = count === 1 ? "model.safetensors" : `model-${digits(index + 1)}-of-${digits(count)}.safetensors`;
    const { head, dataBytes } = safetensorsHead(file);
    if (head.length > FIRST_READ) throw new Error(`The header of ${path} is too long to be told from tensor data.`);
    shards.set(path, { head, bytes: head.length + dataBytes });
    for (const tensor of file) weightMap[tensor.name] = path;
    total += dataBytes;
  }
  const whole = new Map([["config.json", Buffer.from(JSON.stringify(config))]]);
  const index = { metadata: { total_size: total }, weight_map: weightMap };
  if (count > 1) whole.set("model.safetensors.index.json", Buffer.from(JSON.stringify(index)));
  const elements = tensors.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  return { whole, shards, elements, tensors: tensors.length };
}
