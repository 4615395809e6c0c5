import { DTYPE_BITS } from "./dtype.ts";
import { FormatError } from "./format-error.ts";
import { headerTensors, type RawTensor } from "./header-json.ts";
import type { SafetensorsHeader, StoredTensor } from "./stored-tensor.ts";

/** Bytes of the length field that a file begins with. */
const PREAMBLE = 8;
const MAX_JSON_BYTES = 100_000_000;
const U64_MAX = 2n ** 64n - 1n;

/**
 * Bytes from the file's first to the end of its header: the 8 of the length field and as many as that says. `prefix` holds
 * the file's first 8 bytes or more (all, if it has fewer); `fileSize` is in bytes. Throws `HeaderTooSmall`,
 * `HeaderTooLarge` or `InvalidHeaderLength`: checks 1 to 3 of the official reader (safetensors 0.8.0, `read_metadata`).
 */
export function headerByteLength(prefix: Uint8Array, fileSize: number): number {
  if (!Number.isSafeInteger(fileSize)) {
    throw new FormatError(
      "InvalidHeaderLength",
      "The file is larger than 2^53 bytes, more than can be addressed here.",
    );
  }
  if (fileSize < PREAMBLE) {
    throw new FormatError(
      "HeaderTooSmall",
      `The file is ${fileSize} bytes long, too short for a safetensors header. The upload or download was probably cut off.`,
    );
  }
  const length = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength).getBigUint64(0, true);
  if (length > MAX_JSON_BYTES) {
    throw new FormatError(
      "HeaderTooLarge",
      `The file says that its header is ${length} bytes long; 100 MB is the most. It is probably not a safetensors file.`,
    );
  }
  const end = PREAMBLE + Number(length);
  if (end > fileSize) {
    throw new FormatError(
      "InvalidHeaderLength",
      `The header would end at byte ${end}, but the file ends at ${fileSize}. It was probably cut off.`,
    );
  }
  return end;
}

/**
 * Reads a header and checks it as the official reader does, in its order (safetensors 0.8.0, `read_metadata` and
 * `Metadata::validate`). `bytes` begins at the file's first byte and holds at least `headerByteLength` of them; `fileSize`
 * is the whole file's length in bytes. The tensors come back by position in the file, spans counted from its first byte.
 * A dimension above 2^53 can only stand beside a 0 and is rounded. Throws `FormatError`.
 */
export function parseHeader(bytes: Uint8Array, fileSize: number): SafetensorsHeader {
  const headerEnd = headerByteLength(bytes, fileSize);
  if (bytes.length < headerEnd) throw new RangeError(`parseHeader needs ${headerEnd} bytes and got ${bytes.length}`);
  const { tensors, metadata } = headerTensors(decodeUtf8(bytes.subarray(PREAMBLE, headerEnd)));
  tensors.sort((a, b) => order(a.begin, b.begin) || order(a.end, b.end));
  checkCoverage(tensors, BigInt(headerEnd), BigInt(fileSize));
  return { tensors: tensors.map((tensor) => stored(tensor, headerEnd)), metadata, fileSize };
}

function decodeUtf8(json: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json);
  } catch (cause) {
    throw new FormatError(
      "InvalidHeader",
      "The header is not UTF-8 text. The file is damaged or not a safetensors file.",
      {
        cause,
      },
    );
  }
}

const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Tensors in order of position must lie end to end, from the first data byte to the file's last. */
function checkCoverage(tensors: readonly RawTensor[], headerEnd: bigint, fileSize: bigint): void {
  let next = 0n;
  for (const tensor of tensors) {
    const { name, begin, end } = tensor;
    if (begin !== next || end < begin) {
      throw new FormatError(
        "InvalidOffset",
        `Tensor "${name}" lies at data bytes ${begin} to ${end}, but the one before it ends at ${next}. The header is damaged.`,
      );
    }
    const size = byteSize(tensor);
    if (end - begin !== size) {
      throw new FormatError(
        "TensorInvalidInfo",
        `Tensor "${name}" (${tensor.dtype}, [${tensor.shape.join(", ")}]) takes ${size} bytes but has ${end - begin}. The header is damaged.`,
      );
    }
    next = end;
  }
  if (headerEnd + next !== fileSize) {
    const full = headerEnd + next;
    throw new FormatError(
      "MetadataIncompleteBuffer",
      full > fileSize
        ? `The file is cut off: its header describes ${full} bytes and it has ${fileSize}. Upload or download it again.`
        : `The file has ${fileSize} bytes, ${fileSize - full} more than its header describes. It is damaged or not a plain safetensors file.`,
    );
  }
}

/** Bytes that a tensor's shape and type take. Multiplied from left to right, since an overflow before a 0 is refused. */
function byteSize({ name, dtype, shape }: RawTensor): bigint {
  let bits = 1n;
  for (const factor of [...shape, BigInt(DTYPE_BITS[dtype])]) {
    bits *= factor;
    if (bits > U64_MAX) {
      throw new FormatError(
        "ValidationOverflow",
        `Tensor "${name}" has the shape [${shape.join(", ")}], more elements than can be counted. The header is damaged.`,
      );
    }
  }
  if (bits % 8n !== 0n) {
    throw new FormatError(
      "MisalignedSlice",
      `Tensor "${name}" (${dtype}, [${shape.join(", ")}]) does not fill whole bytes. The header is damaged.`,
    );
  }
  return bits / 8n;
}

function stored({ name, dtype, shape, begin, end }: RawTensor, headerEnd: number): StoredTensor {
  const span = { begin: headerEnd + Number(begin), end: headerEnd + Number(end) };
  return { name, dtype, shape: shape.map(Number), span };
}
