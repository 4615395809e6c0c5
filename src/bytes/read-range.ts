import { parseContentRange } from "./content-range.ts";
import type { FileLocation } from "./file-location.ts";
import { discard, type HttpOptions, httpGet } from "./http-get.ts";
import { openPath } from "./path-opener.ts";
import { type ByteSource, type EndingErrors, RangeReader } from "./range-reader.ts";
import { ReadError } from "./read-error.ts";
import { type Span, spanLength } from "./span.ts";

export interface ReadOptions extends HttpOptions {
  /** Called with the length of every chunk as it is handed on, whatever it is read from. */
  onBytes?: (bytes: number) => void;
}

/**
 * Opens `span` of a file: one request for `http`, none for `blob`, `path` or an empty span. The reader gives exactly the span's
 * bytes, not before they are asked for, or fails with a `ReadError`; cancelling it or aborting the signal ends the transfer
 * at once (an abort fails it with the signal's reason). What the server says about the range, the file's length and its
 * ETag is checked against `location` before the first byte; the body's length is always checked.
 */
export async function openRange(location: FileLocation, span: Span, options: ReadOptions = {}): Promise<RangeReader> {
  options.signal?.throwIfAborted();
  const length = spanLength(span);
  if (span.begin < 0 || length < 0 || span.end > location.size) {
    throw new ReadError(
      "FileTruncated",
      `The file is ${location.size} bytes long, which is too short for bytes ${span.begin} to ${span.end}. It is cut short or has been replaced.`,
    );
  }
  const { signal, onBytes } = options;
  const readerOf = (source: ReadableStream<Uint8Array> | ByteSource, errors: EndingErrors) =>
    new RangeReader(source, length, { signal, onBytes, errors });
  if (location.kind === "path") {
    const { path } = location;
    return readerOf(openPath(location, span), {
      broken: (cause) =>
        new ReadError("FileChanged", `${path} cannot be read any more. Look whether it is still there.`, { cause }),
      short: () =>
        new ReadError("FileTruncated", `${path} ends too early. It was changed while it was read; start again.`),
    });
  }
  if (location.kind === "blob") {
    return readerOf(location.blob.slice(span.begin, span.end).stream(), {
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

  const { host } = new URL(location.url);
  return readerOf(length === 0 ? new Blob([]).stream() : await bodyOf(location, span, options), {
    broken: (cause) =>
      new ReadError("NetworkFailed", `The connection to ${host} broke off. Check the network, then resume.`, { cause }),
    short: (seen) =>
      new ReadError(
        "FileTruncated",
        `${host} sent ${seen} of ${length} bytes and stopped as if that were all. The file may be cut short there; try again.`,
      ),
  });
}

/** Milliseconds for which nobody takes a signed address for expired: one that is refused so soon is refused for another reason. */
const FRESH = 60_000;

/** A CDN refuses an expired address with an answer that may have no CORS headers, just as a busy host does. */
const wasSignedBefore = ({ resolver, signed = 0 }: HttpLocation): boolean =>
  resolver !== undefined && Date.now() - signed > FRESH;

async function bodyOf(
  location: HttpLocation,
  span: Span,
  options: ReadOptions,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const response = await httpGet(location.url, span, {
    explainStatus: (answer) => (answer.status === 416 ? lengthError(location, answer) : undefined),
    wasSignedBefore: wasSignedBefore(location),
    ...options,
  });
  const problem = checkAnswer(location, span, response);
  if (problem) {
    discard(response);
    throw problem;
  }
  return response.body ?? new Blob([]).stream();
}

/** Reads `span` whole. The array is fresh, exactly as long as the span, and the caller's. Fails as `openRange` does. */
export async function readRange(
  location: FileLocation,
  span: Span,
  options: ReadOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = await openRange(location, span, options);
  return reader.fill(new Uint8Array(spanLength(span)));
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
  // Readable across origins even where nothing else is; that of a compressed body counts other bytes.
  const announced = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
  if (Number(announced ?? 0) > spanLength(span)) {
    return new ReadError(
      "RangeUnsupported",
      `${host} sent ${announced} bytes where ${spanLength(span)} were asked for. It does not serve byte ranges properly; put the files on a host that does.`,
      { status: response.status },
    );
  }
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
