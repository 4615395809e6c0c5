import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { PathOpener } from "../src/bytes/path-opener.ts";
import { ReadError } from "../src/bytes/read-error.ts";

/**
 * Reads a file straight into the caller's buffer, and waits for it: a thread that scans has nothing else to do, and every
 * way around the wait costs more than a read of half a mebibyte that the system has at hand.
 */
export const fileSource: PathOpener = ({ path, size, modified }, { begin, end }) => {
  let file: number | null = openUnchanged(path, size, modified);
  let at = begin;
  const close = () => {
    if (file !== null) closeSync(file);
    file = null;
  };
  return {
    async pull(into) {
      if (file === null) return null;
      const read = readSync(file, into, 0, Math.min(into.length, end - at), at);
      at += read;
      // Whoever has all of its bytes asks no more.
      if (read === 0 || at >= end) close();
      return read === 0 ? null : into.subarray(0, read);
    },
    async cancel() {
      close();
    },
  };
};

function openUnchanged(path: string, size: number, modified: number): number {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (cause) {
    throw new ReadError("FileChanged", `${path} cannot be opened any more. Look whether it is still there.`, { cause });
  }
  const now = fstatSync(file);
  if (now.size === size && now.mtimeMs === modified) return file;
  closeSync(file);
  throw new ReadError("FileChanged", `${path} was changed since its header was read. Start again to read the new one.`);
}
