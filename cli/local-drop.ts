import { constants, openAsBlob } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { FileLocation } from "../src/bytes/file-location.ts";
import type { Checkpoint } from "../src/hub/checkpoint.ts";
import type { LocalDrop } from "../src/hub/local-files.ts";
import { BadInput } from "./bad-input.ts";

/** Folders below a model's are only looked into so far that it can be said what they hold. */
const DEPTH = 2;

/** Files of this machine by slices, and where each of them is. */
export interface OpenFiles {
  /** By their path below the folder. */
  files: Map<string, Blob>;
  paths: Map<Blob, PathLocation>;
}

export type PathLocation = Extract<FileLocation, { kind: "path" }>;

/** All files below a folder, links followed. Throws `BadInput` where one of them may not be read. */
export async function filesBelow(folder: string, depth = DEPTH): Promise<OpenFiles> {
  const open: OpenFiles = { files: new Map(), paths: new Map() };
  const visit = async (below: string, left: number): Promise<void> => {
    for (const name of (await readdir(join(folder, below))).sort()) {
      if (name.startsWith(".")) continue;
      const path = join(folder, below, name);
      const found = await stat(path).catch(() => null);
      if (found?.isDirectory() && left > 0) await visit(join(below, name), left - 1);
      else if (found?.isFile()) await add(open, join(below, name), path);
    }
  };
  await visit("", depth);
  return open;
}

async function add({ files, paths }: OpenFiles, name: string, path: string): Promise<void> {
  if (/\.(?:safetensors|json)$/i.test(path))
    await access(path, constants.R_OK).catch((cause) => {
      throw new BadInput(`${path} may not be read by this user. Change its permissions.`, { cause });
    });
  const [blob, { size, mtimeMs: modified }] = await Promise.all([openAsBlob(path), stat(path)]);
  files.set(name, blob);
  paths.set(blob, { kind: "path", path, size, modified });
}

/** What stands at a path, as if it had been dropped on the page: a model's folder, one of its files, or its index. */
export async function dropAt(path: string): Promise<{ drop: LocalDrop } & Pick<OpenFiles, "paths">> {
  const found = await stat(path).catch((cause) => {
    throw new BadInput(`There is no file or folder ${path}. Check the path.`, { cause });
  });
  if (found.isDirectory()) {
    const { files, paths } = await filesBelow(path);
    if (files.size === 0)
      throw new BadInput(`${path} holds no files. Name a .safetensors file, or the folder of a model that has them.`);
    const name = basename(path);
    return { drop: { name, files: [...files].map(([below, file]) => ({ path: `${name}/${below}`, file })) }, paths };
  }
  if (!/\.(?:safetensors|index\.json)$/i.test(path))
    throw new BadInput(`${path} is no .safetensors file and no index of such. Give one, or the folder of a model.`);
  const isIndex = /\.json$/i.test(path);
  const { files, paths } = isIndex ? await filesBelow(dirname(path), 0) : await oneFile(path);
  // An index means the files beside it, and no other index there.
  const wanted = [...files].filter(([name]) => !/\.index\.json$/i.test(name) || name === basename(path));
  return { drop: { name: basename(path), files: wanted.map(([name, file]) => ({ path: name, file })) }, paths };
}

async function oneFile(path: string): Promise<OpenFiles> {
  const open: OpenFiles = { files: new Map(), paths: new Map() };
  await add(open, basename(path), path);
  // An adapter is scaled by what stands beside it.
  const config = join(dirname(path), "adapter_config.json");
  if (await stat(config).catch(() => null)) await add(open, basename(config), config);
  return open;
}

/** The checkpoint with its files read by their paths, which any thread can open. */
export function locatedByPath<Opened extends Pick<Checkpoint, "files">>(
  opened: Opened,
  paths: OpenFiles["paths"],
): Opened {
  const located = ({ location }: Checkpoint["files"][number]): FileLocation =>
    (location.kind === "blob" && paths.get(location.blob)) || location;
  return { ...opened, files: opened.files.map((file) => ({ ...file, location: located(file) })) };
}
