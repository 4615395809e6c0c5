/**
 * Where one file's bytes come from. Plain data, so that it can be posted to a worker.
 *
 * - `http`: ranges are asked of `url`. A Hub file's `url` is the signed address that its `resolver` led to; it needs no
 *   token and stops working at `expires` (milliseconds since 1970), after which whoever opened the checkpoint asks the
 *   resolver again; `signed` is when that was last done.
 * - `blob`: the bytes are at hand: a local file, or a small file whose server cannot serve ranges, read once.
 * - `path`: a file of this machine, where the program may open such by their path; `modified` (milliseconds since 1970) is
 *   when it was last written before its header was read.
 */
export type FileLocation =
  | { kind: "http"; url: string; size: number; resolver?: string; signed?: number; expires?: number; etag?: string }
  | { kind: "blob"; blob: Blob; size: number }
  | { kind: "path"; path: string; size: number; modified: number };
