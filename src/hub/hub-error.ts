export type HubErrorName =
  /** No such repo, or a private one: to strangers the Hub says the same of both. */
  | "RepoNotFound"
  | "RevisionNotFound"
  /** Gated, or closed to this token. */
  | "AccessDenied"
  | "EntryNotFound"
  /** The repo or folder is there, but holds nothing that can be opened. */
  | "NoSafetensors"
  | "RateLimited"
  | "BadToken";

/** What the Hub, or a folder elsewhere, has to say against opening a reference; `message` tells what to do about it. */
export class HubError extends Error {
  readonly status: number | undefined;

  constructor(name: HubErrorName, message: string, options: { cause?: unknown; status?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = name;
    this.status = options.status;
  }
}
