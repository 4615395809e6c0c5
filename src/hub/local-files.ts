/** A file that a person dropped or picked; it is read by slices and goes nowhere. Plain data: it can cross to a worker. */
export interface LocalFile {
  /** Relative to what was dropped, that folder's own name first: `folder/model.safetensors`, or the bare name of a file. */
  path: string;
  file: Blob;
}

/** What was dropped on one side: some files, or a folder with all that is in it. */
export interface LocalDrop {
  /** What to call it: the folder's name, or the first file's. */
  name: string;
  files: LocalFile[];
}

/** How files are given here, for what is said where some are missing: a sentence's beginning, and a clause. */
export interface GivingWords {
  give: string;
  missing: string;
}

/** On the page. */
export const BY_DROPPING: GivingWords = { give: "Drop", missing: "was not dropped with it" };

/** The files of a drop by their path below the dropped folder. */
export function pathsBelow({ files }: LocalDrop): Map<string, Blob> {
  const [root = ""] = files[0]?.path.split("/") ?? [];
  const shared = files.length > 0 && files.every(({ path }) => path.startsWith(`${root}/`));
  return new Map(files.map(({ path, file }) => [shared ? path.slice(root.length + 1) : path, file]));
}
