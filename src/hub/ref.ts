/** A parsed reference to one operand. `parseRef` reads every written form, `formatRef` writes the canonical one. */
export type Ref =
  /** A Hub repo; `revision` is a branch, tag, commit or `refs/pr/N` (absent: `main`), `folder` a path inside it. */
  | { kind: "hub"; repo: string; revision?: string; folder?: string }
  /** A plain web address of a folder (with a final slash) or of one `.safetensors` or index file. */
  | { kind: "url"; url: string }
  /** A pair member that ships with the page, under `demo/<name>/`. */
  | { kind: "demo"; name: string };
