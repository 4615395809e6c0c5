import { discard, httpGet } from "./http-get.ts";
import { ReadError } from "./read-error.ts";
import type { ReadOptions } from "./read-range.ts";

/**
 * Reads a whole file in one request without a range: an index, a configuration, an answer of an API. Returns its bytes
 * (fresh, the caller's) and the answer they came with. Fails as `httpGet` does, and with `HttpStatus` when the file turns
 * out longer than `limit` bytes; then no more than that are read.
 */
export async function readWhole(
  url: string,
  limit: number,
  options: ReadOptions = {},
): Promise<{ bytes: Uint8Array<ArrayBuffer>; response: Response }> {
  const response = await httpGet(url, undefined, options);
  const bytes = await readBodyWithin(response, limit, options);
  if (bytes) return { bytes, response };
  const { host, pathname } = new URL(url);
  throw new ReadError(
    "HttpStatus",
    `${host}${pathname} is longer than the ${limit / 2 ** 20} MiB such a file may have. Check that the address is right.`,
    { status: response.status },
  );
}

/** Reads a body whole, or returns undefined, the transfer ended, once it is known to be longer than `limit` bytes. */
export async function readBodyWithin(
  response: Response,
  limit: number,
  options: ReadOptions = {},
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(response.headers.get("content-length") ?? 0) > limit) {
    discard(response);
    return undefined;
  }
  const { bytes, ended } = await readBody(response, limit, options);
  return ended ? bytes : undefined;
}

/**
 * Reads the first `limit` bytes of a body, or all where there are fewer; `ended` tells that there were no more, otherwise
 * the rest of the transfer is ended. Fails with `NetworkFailed` when the connection breaks off, with the signal's reason
 * on abort.
 */
export async function readBody(
  response: Response,
  limit: number,
  { signal, onBytes }: ReadOptions = {},
): Promise<{ bytes: Uint8Array<ArrayBuffer>; ended: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let ended = true;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      signal?.throwIfAborted();
      const { host } = new URL(response.url);
      throw new ReadError("NetworkFailed", `The connection to ${host} broke off. Check the network, then try again.`, {
        cause,
      });
    });
    if (done) break;
    onBytes?.(value.length);
    chunks.push(value);
    length += value.length;
    if (length > limit) {
      reader.cancel().catch(() => undefined);
      ended = false;
      break;
    }
  }
  const bytes = new Uint8Array(Math.min(length, limit));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, bytes.length - at), at);
    at += chunk.length;
  }
  return { bytes, ended };
}
