import { ReadError } from "./read-error.ts";

/** A probe that takes longer is as good as no answer. */
const PROBE_TIMEOUT_MS = 5000;

/**
 * Tells a refusal by CORS from a dead network, which `fetch` reports with one and the same TypeError: it asks for the same
 * address again in `no-cors` mode, whose answer a script may not look at but may know to exist. One HEAD request without
 * credentials; it is not counted as a read. Rejects only with the signal's reason, when that aborts.
 */
export async function explainFetchFailure(url: string, cause: unknown, signal?: AbortSignal): Promise<ReadError> {
  const host = new URL(url).host;
  const timeout = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  try {
    await fetch(url, {
      method: "HEAD",
      mode: "no-cors",
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch {
    signal?.throwIfAborted();
    return new ReadError(
      "NetworkFailed",
      `${host} could not be reached. Check the connection and the address, then try again.`,
      { cause },
    );
  }
  return new ReadError(
    "CorsRefused",
    `${host} is there but does not let web pages read this file (its answer has no CORS headers). If it did before, ` +
      "it may be turning requests away: wait a few minutes. Otherwise put the file on a host that allows cross-origin reads.",
    { cause },
  );
}
