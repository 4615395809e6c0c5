import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { CheckpointFile } from "../src/hub/checkpoint.ts";
import { headerByteLength } from "../src/safetensors/parse-header.ts";

/** Stretches of a file that are looked at beside its header, and bytes of each. */
const SAMPLES = 16;
const SAMPLE_BYTES = 4096;

/**
 * A digest of a file of this machine that no hash is known of: of its header and of 16 stretches of 4 KiB, so that it takes
 * milliseconds. Null for files that have a hash, or that are not read by their path.
 */
export async function contentDigest({ location, hash }: CheckpointFile): Promise<string | null> {
  if (hash !== undefined || location.kind !== "path") return null;
  const { path, size } = location;
  const file = await open(path);
  try {
    const digest = createHash("sha256");
    const take = async (position: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      digest.update(buffer.subarray(0, bytesRead));
      return buffer;
    };
    const header = headerByteLength(new Uint8Array(await take(0, 8)), size);
    await take(8, header - 8);
    for (let i = 0; i < SAMPLES; i++)
      await take(Math.max(header, Math.floor((size * (i + 0.5)) / SAMPLES)), SAMPLE_BYTES);
    return digest.digest("hex");
  } finally {
    await file.close();
  }
}
