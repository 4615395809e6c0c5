import type { FileLocation } from "./file-location.ts";
import type { ByteSource } from "./range-reader.ts";
import type { Span } from "./span.ts";

/** Opens `span` of a file by its path. Throws a ReadError where the file is not the one whose header was read. */
export type PathOpener = (location: Extract<FileLocation, { kind: "path" }>, span: Span) => ByteSource;

let opener: PathOpener | null = null;

/** Lets this program read files by their path: a browser cannot, and what can is not known here. */
export function readPathsBy(open: PathOpener): void {
  opener = open;
}

/** Opens `span` of the file by what `readPathsBy` was given. */
export const openPath: PathOpener = (location, span) => {
  if (!opener) throw new RangeError(`Nothing here reads files by their path: ${location.path}.`);
  return opener(location, span);
};
