import type { FileLocation } from "../../bytes/file-location.ts";
import type { Checkpoint } from "../../hub/checkpoint.ts";
import { headerByteLength, parseHeader } from "../../safetensors/parse-header.ts";

/** For tests: a checkpoint of whole files in memory. */
export function checkpointOf(files: readonly Uint8Array<ArrayBuffer>[], config?: Record<string, unknown>): Checkpoint {
  const tensors = files.flatMap((bytes, file) => {
    const header = parseHeader(bytes.subarray(0, headerByteLength(bytes, bytes.length)), bytes.length);
    return header.tensors.map((tensor) => ({ file, tensor }));
  });
  const listed = locationsOf(files).map((location, i) => ({
    path: `${i}.safetensors`,
    size: files[i].length,
    location,
  }));
  return {
    ...{ ref: "org/name@0", label: "org/name", files: listed, tensors, notes: [] },
    opened: { requests: 0, bytes: 0 },
    ...(config ? { config } : {}),
  };
}

/** For tests: where files in memory lie, by their index. */
export const locationsOf = (files: readonly Uint8Array<ArrayBuffer>[]): FileLocation[] =>
  files.map((bytes) => ({ kind: "blob", blob: new Blob([bytes]), size: bytes.length }));
