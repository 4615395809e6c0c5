import type { ReadOptions } from "../bytes/read-range.ts";
import type { RetryPolicy, Wait } from "../bytes/with-retry.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { HubClient } from "./hub-client.ts";
import { openFolder } from "./open-folder.ts";
import { openLocal } from "./open-local.ts";
import { openRepo } from "./open-repo.ts";
import { formatRef } from "./parse-ref.ts";
import { percentDecoded } from "./percent-decoded.ts";
import type { Ref } from "./ref.ts";

export interface OpenOptions {
  /** Origin of the Hub, such as `https://huggingface.co`. */
  hub: string;
  /** Absolute address of the folder that holds the demo models, with a final slash. */
  demo: string;
  /** Read token for `hub`; goes nowhere else. */
  token?: string;
  /** Whoever is refused can sign in at `hub` from the page; only for what is said then. */
  canSignIn?: boolean;
  /** Where a token is set here; for the same. */
  tokenPlace?: string;
  signal?: AbortSignal;
  retry?: RetryPolicy;
  /** Hears of every wait for a busy host; what it returns is called when that wait is over. */
  onWait?: (wait: Wait) => () => void;
}

/**
 * Opens an operand: finds its files, pins its revision and reads every header, but no weights. At most two requests per
 * file, besides the Hub's revision and listing. Throws `HubError`, `FormatError` or `ReadError`, each with a sentence, or the
 * signal's reason on abort.
 */
export async function openCheckpoint(ref: Ref, options: OpenOptions): Promise<Checkpoint> {
  const opened = { requests: 0, bytes: 0 };
  const reading: ReadOptions = {
    onRequest: () => {
      opened.requests++;
    },
    onBytes: (bytes) => {
      opened.bytes += bytes;
    },
  };
  if (options.signal) reading.signal = options.signal;
  if (options.retry) reading.retry = options.retry;
  if (options.onWait) reading.onWait = options.onWait;

  switch (ref.kind) {
    case "hub": {
      const { hub, token, canSignIn = false, tokenPlace } = options;
      const client: HubClient = { hub, canSignIn, options: reading };
      if (token) client.token = token;
      if (tokenPlace) client.tokenPlace = tokenPlace;
      return { ...(await openRepo(ref, client)), opened };
    }
    case "url": {
      const { host, pathname } = new URL(ref.url);
      const label = host + percentDecoded(pathname).replace(/\/$/, "");
      return { ...(await openFolder(ref.url, label, reading)), ref: formatRef(ref), opened };
    }
    case "demo": {
      const folder = new URL(`${encodeURIComponent(ref.name)}/`, options.demo).href;
      return { ...(await openFolder(folder, ref.name, reading)), ref: formatRef(ref), opened };
    }
    case "local":
      return { ...(await openLocal(ref.drop, options.signal)), ref: formatRef(ref) };
  }
}
