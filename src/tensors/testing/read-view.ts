import type { Checkpoint } from "../../hub/checkpoint.ts";
import { decode } from "../../safetensors/decode.ts";
import { DTYPE_BITS } from "../../safetensors/dtype.ts";
import { headerByteLength, parseHeader } from "../../safetensors/parse-header.ts";
import { elementFiller } from "../element-filler.ts";
import { auxiliaryRanges } from "../encoding.ts";
import { lastOf } from "../order.ts";
import type { View } from "../view.ts";

/** For tests: a checkpoint of whole files in memory. */
export function checkpointOf(files: readonly Uint8Array<ArrayBuffer>[], config?: Record<string, unknown>): Checkpoint {
  const tensors = files.flatMap((bytes, file) => {
    const header = parseHeader(bytes.subarray(0, headerByteLength(bytes, bytes.length)), bytes.length);
    return header.tensors.map((tensor) => ({ file, tensor }));
  });
  const listed = files.map((bytes, i) => ({
    ...{ path: `${i}.safetensors`, size: bytes.length },
    location: { kind: "blob", blob: new Blob([bytes]), size: bytes.length } as const,
  }));
  return {
    ...{ ref: "org/name@0", label: "org/name", files: listed, tensors, notes: [] },
    opened: { requests: 0, bytes: 0 },
    ...(config ? { config } : {}),
  };
}

/** For tests: elements `from` to `from + count` of a view, from files in memory and no more of them than a scan reads. */
export function readView(files: readonly Uint8Array[], view: View, from = 0, count = view.count - from): Float64Array {
  const { dtype, encoding, order, span } = view;
  const bits = encoding?.bits ?? DTYPE_BITS[dtype];
  const begin = order ? span.begin : span.begin + (from * bits) / 8;
  const end = order ? span.end : Math.min(span.end, begin + Math.ceil((count * bits) / 8));
  const bytes = files[view.file].slice(begin, end);
  if (!encoding && !order) return decode(dtype, bytes, count);
  const [first, length] = order ? [0, lastOf(order) + 1] : [from, count];
  const ranges = encoding ? auxiliaryRanges(encoding, encoding.first + first, length) : [];
  const auxiliary = ranges.map(({ file, span: part, dtype: own, first: entry }) => {
    const stored = files[file].subarray(part.begin, part.end);
    return { values: decode(own, stored, (stored.length * 8) / DTYPE_BITS[own]), first: entry };
  });
  const into = new Uint8Array((count * DTYPE_BITS[dtype]) / 8);
  const packed = { bytes, first: (encoding?.first ?? 0) + (order ? 0 : from) };
  elementFiller(
    { dtype, ...(encoding ? { encoding } : {}), ...(order ? { order } : {}) },
    auxiliary,
  )(...([packed, from, count, into] as const));
  return decode(dtype, into, count);
}
