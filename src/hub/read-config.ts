import { ReadError } from "../bytes/read-error.ts";
import type { ReadOptions } from "../bytes/read-range.ts";
import { readWhole } from "../bytes/read-whole.ts";
import { isWebPage } from "./read-index.ts";

export interface ConfigRead {
  /** Absent where there is none, or it could not be read. */
  config?: Record<string, unknown>;
  notes: string[];
}

export const NO_CONFIG: ConfigRead = { notes: [] };

const MAX_CONFIG_BYTES = 8 * 2 ** 20;

/**
 * Reads a configuration such as `config.json`, which helps but is not needed: a file that is not there is no news, and any other failure becomes a
 * note. Rejects only with the signal's reason.
 */
export async function readConfig(url: string, options: ReadOptions): Promise<ConfigRead> {
  const file = new URL(url).pathname.replace(/^.*\//, "");
  try {
    const { bytes, response } = await readWhole(url, MAX_CONFIG_BYTES, options);
    return isWebPage(response) ? NO_CONFIG : parseConfig(new TextDecoder().decode(bytes), file);
  } catch (error) {
    options.signal?.throwIfAborted();
    return error instanceof ReadError && error.name === "NotFound" ? NO_CONFIG : unreadable(error, file);
  }
}

/** Reads the text of `file`, a configuration; what is wrong with it becomes a note. */
export function parseConfig(text: string, file: string): ConfigRead {
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config !== "object" || config === null || Array.isArray(config)) throw new TypeError("not an object");
    return { config: config as Record<string, unknown>, notes: [] };
  } catch (error) {
    return unreadable(error, file);
  }
}

function unreadable(error: unknown, file: string): ConfigRead {
  const why = error instanceof Error ? error.message : String(error);
  return { notes: [`${file} could not be read, so what it says about the model is unknown here (${why}).`] };
}
