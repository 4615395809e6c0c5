/**
 * @typedef {{ name: string, shape: number[], dtype: "BF16" | "F32" }} ShapedTensor
 */

const BYTES = { BF16: 2, F32: 4 };

/** @param {Pick<ShapedTensor, "shape" | "dtype">} tensor */
export const bytesOf = ({ shape, dtype }) => shape.reduce((product, size) => product * size, BYTES[dtype]);

/**
 * The beginning of a safetensors file whose tensors lie in the order given: length field and header, padded so that the
 * data begins at a multiple of 8.
 *
 * @param {readonly ShapedTensor[]} tensors
 * @returns {{ head: Buffer, dataBytes: number }}
 */
export function safetensorsHead(tensors) {
  let at = 0;
  const entries = tensors.map((tensor) => {
    const begin = at;
    at += bytesOf(tensor);
    return [tensor.name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, at] }];
  });
  const text = JSON.stringify({ __metadata__: { format: "pt" }, ...Object.fromEntries(entries) });
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return { head: Buffer.concat([length, json]), dataBytes: at };
}
