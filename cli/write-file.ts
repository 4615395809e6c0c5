import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { BadInput } from "./bad-input.ts";

/** Characters that are turned into bytes at once. */
const PIECE = 2 ** 18;

const REASONS: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of this user is used up",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the disk is read-only",
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EISDIR: "it is a folder",
};

/**
 * Writes a text to a file, gzipped where its name ends in `.gz`. The text is made before anything is awaited, so that it
 * tells of one moment. A file takes the place of the one before only when it is whole; a device or a pipe is written to as
 * it is. Rejects with `BadInput`.
 */
export async function writeFile(path: string, text: Iterable<string>): Promise<void> {
  const pieces = piecesOf(text);
  const isPlain = await isPlainFile(path);
  const made = isPlain ? `${path}.${process.pid}.new` : path;
  try {
    const file = createWriteStream(made, isPlain ? { flush: true } : { flags: "a" });
    const source = Readable.from(pieces);
    await (/\.gz$/i.test(path) ? pipeline(source, createGzip(), file) : pipeline(source, file));
    if (isPlain) await rename(made, path);
  } catch (cause) {
    if (isPlain) await rm(made, { force: true });
    throw unwritable(path, cause as NodeJS.ErrnoException);
  }
}

/** Whether a path is, or would be, a file that can be put in another's place. */
export async function isPlainFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found === null || found.isFile() || found.isDirectory();
}

/** Looks, before hours of work, whether a file can be written at all. Rejects with `BadInput`. */
export async function requireWritable(path: string): Promise<void> {
  const [found, folder] = await Promise.all([path, dirname(resolve(path))].map((at) => stat(at).catch(() => null)));
  if (found?.isDirectory()) throw unwritable(path, { code: "EISDIR" });
  if (!folder?.isDirectory()) throw unwritable(path, { code: "ENOENT" });
  if (found && !found.isFile()) return;
  const probe = `${path}.${process.pid}.new`;
  try {
    await pipeline(Readable.from([Buffer.alloc(0)]), createWriteStream(probe));
  } catch (cause) {
    throw unwritable(path, cause as NodeJS.ErrnoException);
  } finally {
    await rm(probe, { force: true });
  }
}

function unwritable(path: string, cause: Pick<NodeJS.ErrnoException, "code"> & { message?: string }): BadInput {
  const why = REASONS[cause.code ?? ""] ?? cause.message;
  return new BadInput(`${path} cannot be written: ${why}. Give another file with -o.`, { cause });
}

function piecesOf(text: Iterable<string>): Buffer[] {
  const pieces: Buffer[] = [];
  let piece = "";
  for (const part of text) {
    piece += part;
    if (piece.length < PIECE) continue;
    pieces.push(Buffer.from(piece));
    piece = "";
  }
  if (piece !== "") pieces.push(Buffer.from(piece));
  return pieces;
}
