/**
 * A safetensors file that both models of a pair have under the same path; tensor data lies from `dataBegin` to `bytes`.
 *
 * @typedef {{ path: string, dataBegin: number, bytes: number }} PairFile
 *
 * A pair of models as a measurement meets it: where the page opens them, what they consist of, and the server they lie on.
 *
 * @typedef {{
 *   refs: { a: string, b: string },
 *   files: PairFile[],
 *   elements: number,
 *   tensors: number,
 *   server: import("./server-process.mjs").DataServer,
 * }} Pair
 *
 * One whose files lie in `folder`/base and `folder`/tuned.
 *
 * @typedef {Pair & { folder: string }} FilePair
 *
 * One whose bytes are made as they are asked for.
 *
 * @typedef {Pair & { server: import("./server-process.mjs").GeneratorServer }} GeneratedPair
 */

/**
 * Bytes of tensor data of both models together.
 *
 * @param {Pick<Pair, "files">} pair
 */
export const dataBytesOf = ({ files }) => 2 * files.reduce((sum, { dataBegin, bytes }) => sum + bytes - dataBegin, 0);
