/** What can go wrong while reading bytes; `name` is the only tag that crosses a worker boundary. */
export type ReadErrorName =
  /** The server answered 200 to a range request and the file is too large to read whole. */
  | "RangeUnsupported"
  /** The request got no answer: no network, no such host, or the server does not allow pages to read it (CORS). */
  | "NetworkFailed"
  /** The server is there but does not allow pages to read it (no CORS headers). */
  | "CorsRefused"
  /** A status that means neither success nor one of the cases below. */
  | "HttpStatus"
  /** 404. */
  | "NotFound"
  /** 401 or 403, seen or guessed, that asking the resolver again may mend (an expired signed address). */
  | "LinkExpired"
  /** 429 or 503, still after the retries. */
  | "Busy"
  /** Fewer bytes than the range asked for. */
  | "FileTruncated"
  /** The file's ETag or size is no longer what it was when its header was read. */
  | "FileChanged";

/** A failed read. `message` is a whole sentence for the person, `status` the HTTP status where there was one. */
export class ReadError extends Error {
  readonly status: number | undefined;

  constructor(name: ReadErrorName, message: string, options: { cause?: unknown; status?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = name;
    this.status = options.status;
  }
}
