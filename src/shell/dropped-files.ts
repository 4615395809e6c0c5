import type { Dropped } from "../store/sort-drop.ts";

/** A folder with more files than this is not that of one model. */
const MOST_FILES = 20_000;

/** A folder that is too large to be a model's; the message is meant for the person. */
export class DropTooLarge extends Error {
  override readonly name = "DropTooLarge";
}

/**
 * The files of a drop, folders with all that is in them; nothing is read. To be called while the drop is being told of: what was
 * dropped is gone afterwards. Links inside a folder are hidden by the browser. Rejects with DropTooLarge.
 */
export async function droppedFiles({ items, files }: DataTransfer): Promise<Dropped> {
  const list = [...items].filter(({ kind }) => kind === "file");
  const entries = list.map((item) => item.webkitGetAsEntry());
  const plain = list.length > 0 ? list.map((item) => item.getAsFile()) : [...files];
  const dropped: Dropped = { folders: [], files: [] };
  for (const [i, file] of plain.entries()) {
    const entry = entries[i];
    if (entry?.isDirectory) dropped.folders.push(await walked(entry as FileSystemDirectoryEntry));
    else if (file) dropped.files.push({ path: file.name, file });
  }
  return dropped;
}

/** Files that were picked; those of a folder come with their path in it. */
export function pickedFiles(list: Iterable<File>): Dropped {
  const dropped: Dropped = { folders: [], files: [] };
  for (const file of list) {
    const path = file.webkitRelativePath;
    const [name] = path.split("/");
    if (path === "") dropped.files.push({ path: file.name, file });
    else {
      const folder = dropped.folders.find((each) => each.name === name) ?? { name, files: [] };
      if (folder.files.length === 0) dropped.folders.push(folder);
      folder.files.push({ path, file });
    }
  }
  return dropped;
}

async function walked(folder: FileSystemDirectoryEntry): Promise<Dropped["folders"][number]> {
  const files: Dropped["files"] = [];
  const waiting = [folder];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const entry of await entriesOf(next)) {
      if (entry.isDirectory) waiting.push(entry as FileSystemDirectoryEntry);
      else {
        const file = await fileOf(entry as FileSystemFileEntry);
        if (file) files.push({ path: entry.fullPath.replace(/^\//, ""), file });
      }
      if (files.length > MOST_FILES)
        throw new DropTooLarge(
          `${folder.name} holds more than ${MOST_FILES.toLocaleString("en")} files. Drop the folder of one model.`,
        );
    }
  }
  return { name: folder.name, files };
}

/** A folder gives its entries a hundred at a time, until none are left. One that may not be read is as good as empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** Null where the browser does not hand it out. */
const fileOf = (entry: FileSystemFileEntry): Promise<File | null> =>
  new Promise((resolve) => entry.file(resolve, () => resolve(null)));
