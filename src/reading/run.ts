import type { FileLocation } from "../bytes/file-location.ts";
import type { Side } from "../pairing/pair.ts";
import type { FoldName } from "./folds/fold-parts.ts";
import type { Segment } from "./segment.ts";

/** Neighbouring segments, read by one request a side. */
export interface Run {
  id: number;
  segments: readonly Segment[];
  /** What is computed of them. */
  folds: readonly FoldName[];
  /** Where the files lie of which something is read, by their index. */
  files: Record<Side, Map<number, FileLocation>>;
}
