import type { FileLocation } from "../bytes/file-location.ts";
import { locateFile } from "../bytes/locate-file.ts";
import { ReadError } from "../bytes/read-error.ts";
import type { RetryPolicy, Wait } from "../bytes/with-retry.ts";
import { hubOptions } from "./hub-client.ts";
import { percentDecoded } from "./percent-decoded.ts";

export interface RelocateOptions {
  /** Origin of the Hub, such as `https://huggingface.co`. */
  hub: string;
  /** Read token for `hub`; goes nowhere else. */
  token?: string;
  signal?: AbortSignal;
  onRequest?: () => void;
  retry?: RetryPolicy;
  /** Hears of every wait for a busy host; what it returns is called when that wait is over. */
  onWait?: (wait: Wait) => () => void;
}

/**
 * Asks for a file's address again when a signed one has expired: one request for its first byte, sent to the `resolver` (or
 * to `url` itself where there is none). What is at hand comes back as it is. The new location may carry another ETag, since another
 * edge of the CDN may answer; the size has to be the same, else `FileChanged`. Throws what `locateFile` throws, and `HubError`.
 */
export async function relocate(location: FileLocation, options: RelocateOptions): Promise<FileLocation> {
  if (location.kind !== "http") return location;
  const url = location.resolver ?? location.url;
  const { hub, token, ...rest } = options;
  const isHub = new URL(url).origin === new URL(hub).origin;
  const reading = isHub ? hubOptions({ hub, options: rest, ...(token ? { token } : {}) }, url, subjectOf(url)) : rest;
  const found = await locateFile(url, { ...reading, firstRead: 1, expectedSize: location.size });
  if (found.location.size !== location.size) {
    throw new ReadError(
      "FileChanged",
      `A file on ${new URL(url).host} has changed since its header was read. Open the comparison again to read the new one.`,
    );
  }
  return found.location;
}

/** Reads back what `resolveAddress` wrote, for the sentences. */
function subjectOf(url: string): { repo: string; revision: string; path: string } {
  const [, repo = "", revision = "", path = ""] =
    /^\/(.+?)\/resolve\/([^/]+)\/(.*)$/.exec(new URL(url).pathname)?.map(percentDecoded) ?? [];
  return { repo: repo || "this model", revision, path };
}
