import { parseContentRange } from "./content-range.ts";
import type { FileLocation } from "./file-location.ts";
import { discard, type HttpOptions, httpGet } from "./http-get.ts";
import { ReadError } from "./read-error.ts";
import { type Span, spanLength } from "./span.ts";

export interface ReadOptions extends HttpOptions {
  /** Called with the length of every chunk as it is handed on, whatever it is read from. */
  onBytes?: (bytes: number) => void;
}

/**
 * Opens `span` of a file: one request for `http`, none for `blob` or an empty span. The stream yields exactly the span's
 * bytes, in chunks of whatever size arrives and not before they are asked for, or fails with a `ReadError`; cancelling it
 * or aborting the signal ends the transfer at once (an abort fails it with the signal's reason). The chunks belong to the
 * caller. What the server says about the range, the file's length and its ETag is checked against `location` before the
 * first byte; the body's length is always checked.
 */
export async function openRange(
  location: FileLocation,
  span: Span,
  options: ReadOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  options.signal?.throwIfAborted();
  const length = spanLength(span);
  if (span.begin < 0 || length < 0 || span.end > location.size) {
    throw new ReadError(
      "FileTruncated",
      `The file is ${location.size} bytes long, which is too short for bytes ${span.begin} to ${span.end}. It is cut short or has been replaced.`,
    );
  }
  if (length === 0) return new Blob([]).stream();
  if (location.kind === "blob") {
    const slice = location.blob.slice(span.begin, span.end);
    return exactly(slice.stream(), length, options, {
      broken: (cause) =>
        new ReadError(
          "FileChanged",
          "The local file cannot be read any more: it was moved, changed or closed. Choose it again.",
          {
            cause,
          },
        ),
      short: () => new ReadError("FileTruncated", "The local file ends too early. It was changed; choose it again."),
    });
  }

  const { url } = location;
  const { host } = new URL(url);
  const response = await httpGet(url, span, {
    explainStatus: (answer) => (answer.status === 416 ? lengthError(location, answer) : undefined),
    ...options,
  });
  const problem = checkAnswer(location, span, response);
  if (problem) {
    discard(response);
    throw problem;
  }
  return exactly(response.body ?? new Blob([]).stream(), length, options, {
    broken: (cause) =>
      new ReadError("NetworkFailed", `The connection to ${host} broke off. Check the network, then resume.`, { cause }),
    short: (seen) =>
      new ReadError(
        "FileTruncated",
        `${host} sent ${seen} of ${length} bytes and stopped as if that were all. The file may be cut short there; try again.`,
      ),
  });
}

/** Reads `span` whole. The array is fresh, exactly as long as the span, and the caller's. Fails as `openRange` does. */
export async function readRange(location: FileLocation, span: Span, options: ReadOptions = {}): Promise<Uint8Array> {
  const stream = await openRange(location, span, options);
  const bytes = new Uint8Array(spanLength(span));
  let at = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes;
    bytes.set(value, at);
    at += value.length;
  }
}

type HttpLocation = Extract<FileLocation, { kind: "http" }>;

function checkAnswer(location: HttpLocation, span: Span, response: Response): ReadError | undefined {
  const { host } = new URL(location.url);
  if (response.status !== 206) {
    return new ReadError(
      "RangeUnsupported",
      `${host} sends whole files only: it does not serve byte ranges, which reading tensor by tensor needs. Put the files on a host that does.`,
      { status: response.status },
    );
  }
  const etag = response.headers.get("etag");
  if (etag && location.etag && opaqueTag(etag) !== opaqueTag(location.etag)) return changedError(location);
  const range = parseContentRange(response.headers.get("content-range"));
  if (!range) return undefined;
  if (range.total !== undefined && range.total !== location.size) return changedError(location);
  if (range.begin === span.begin && range.end === span.end) return undefined;
  return new ReadError(
    "RangeUnsupported",
    `${host} was asked for bytes ${span.begin} to ${span.end} and sent ${range.begin} to ${range.end}. It does not serve byte ranges properly; put the files on a host that does.`,
    { status: response.status },
  );
}

function lengthError(location: HttpLocation, response: Response): ReadError | undefined {
  const total = parseContentRange(response.headers.get("content-range"))?.total;
  return total !== undefined && total !== location.size ? changedError(location, response.status) : undefined;
}

function changedError(location: HttpLocation, status?: number): ReadError {
  const { host } = new URL(location.url);
  return new ReadError(
    "FileChanged",
    `A file on ${host} has changed since its header was read. Open the comparison again to read the new one.`,
    status === undefined ? {} : { status },
  );
}

/** The tag without its weakness mark: a range of the same bytes is all that matters here. */
const opaqueTag = (etag: string): string => etag.replace(/^W\//, "");

/** Passes `source` on, and fails unless it holds exactly `length` bytes. */
function exactly(
  source: ReadableStream<Uint8Array>,
  length: number,
  { signal, onBytes }: ReadOptions,
  errors: { broken: (cause: unknown) => ReadError; short: (seen: number) => ReadError },
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let seen = 0;
  let onAbort: () => void = () => undefined;
  const settle = () => signal?.removeEventListener("abort", onAbort);
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        onAbort = () => {
          controller.error(signal?.reason);
          reader.cancel(signal?.reason).catch(() => undefined);
        };
        if (signal?.aborted) onAbort();
        else signal?.addEventListener("abort", onAbort, { once: true });
      },
      async pull(controller) {
        const { done, value } = await reader.read().catch((cause: unknown) => {
          settle();
          throw signal?.aborted ? signal.reason : errors.broken(cause);
        });
        if (signal?.aborted) return;
        if (done || seen + value.length > length) settle();
        if (done) {
          if (seen < length) throw errors.short(seen);
          controller.close();
          return;
        }
        seen += value.length;
        if (seen > length) {
          reader.cancel().catch(() => undefined);
          throw new ReadError("RangeUnsupported", "The server sent more bytes than were asked for.");
        }
        onBytes?.(value.length);
        controller.enqueue(value);
      },
      cancel(reason) {
        settle();
        return reader.cancel(reason);
      },
    },
    // Nothing is read ahead of the consumer here; the network stack below has its own buffer.
    { highWaterMark: 0 },
  );
}
