import type { FileLocation } from "../bytes/file-location.ts";
import { type LocateOptions, locateFile } from "../bytes/locate-file.ts";
import { FormatError } from "./format-error.ts";
import { headerByteLength, parseHeader } from "./parse-header.ts";
import type { SafetensorsHeader } from "./stored-tensor.ts";

export interface ReadHeader {
  header: SafetensorsHeader;
  location: FileLocation;
  /** Requests sent, retries included. */
  requests: number;
  /** Body bytes received. */
  bytes: number;
}

/**
 * Opens the safetensors file at `url` and reads its header, in one request where that is short enough for the first read
 * and two where it is not. Throws what `locateFile` throws, and `FormatError` with the file's name in its message.
 */
export async function readHeader(url: string, options: Omit<LocateOptions, "wanted"> = {}): Promise<ReadHeader> {
  let requests = 0;
  let bytes = 0;
  try {
    const { location, prefix } = await locateFile(url, {
      ...options,
      wanted: headerByteLength,
      onRequest: () => {
        requests++;
        options.onRequest?.();
      },
      onBytes: (count) => {
        bytes += count;
        options.onBytes?.(count);
      },
    });
    return { header: parseHeader(prefix, location.size), location, requests, bytes };
  } catch (error) {
    throw error instanceof FormatError ? FormatError.inFile(fileName(url), error) : error;
  }
}

function fileName(url: string): string {
  const last = new URL(url).pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
