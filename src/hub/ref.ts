import type { LocalDrop } from "./local-files.ts";

/** A reference to one operand. `parseRef` reads every form that can be written, `formatRef` writes the canonical one. */
export type Ref =
  /** A Hub repo; `revision` is a branch, tag, commit or `refs/pr/N` (absent: `main`), `folder` a path inside it. */
  | { kind: "hub"; repo: string; revision?: string; folder?: string }
  /** A plain web address of a folder (with a final slash) or of one `.safetensors` or index file. */
  | { kind: "url"; url: string }
  /** A pair member that ships with the page, under `demo/<name>/`. */
  | { kind: "demo"; name: string }
  /** Files of this machine. They come by hand: what is written of them, `local:<name>`, does not lead back to them. */
  | { kind: "local"; drop: LocalDrop };
