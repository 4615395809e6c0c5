import { type ContentRange, parseContentRange } from "./content-range.ts";
import type { FileLocation } from "./file-location.ts";
import { discard, httpGet } from "./http-get.ts";
import { ReadError } from "./read-error.ts";
import { type ReadOptions, readRange } from "./read-range.ts";
import { readBody, readBodyWithin } from "./read-whole.ts";
import { signedAddressExpiry } from "./signed-address.ts";

/** A file of which no ranges can be had is read whole up to this size, in bytes. */
export const WHOLE_FILE_LIMIT = 32 * 2 ** 20;
/** Bytes of the first request: they hold the header of nearly every file, and cost little where they do not. */
export const FIRST_READ = 256 * 1024;

export interface LocateOptions extends ReadOptions {
  /** Bytes of the first request, at least 1; `FIRST_READ` unless told. */
  firstRead?: number;
  /** The file's length where the caller knows it (a tree listing): serves where CORS hides what the server says. */
  expectedSize?: number;
  /** How many bytes from the start the caller needs, worked out from the first ones; throws if those are no good. */
  wanted?: (prefix: Uint8Array, size: number) => number;
}

export interface LocatedFile {
  location: FileLocation;
  /** The file's first bytes: those of the first request, and as many more as `wanted` asked for. */
  prefix: Uint8Array<ArrayBuffer>;
}

/**
 * Finds out where a file's bytes come from and how many there are, by reading its first bytes. One request, or two where
 * `wanted` asks for more than the first brought or the server keeps the length from scripts.
 *
 * A redirect to another origin (a signed address on a CDN) is remembered: later ranges go straight there, without a token,
 * and `url` stays as the `resolver`. A server that answers with the whole file (200) gets its file read once, up to
 * `WHOLE_FILE_LIMIT`; so does a file that its own origin hands out only against `authorization`, since a location carries
 * no token. Fails as `openRange` does, and with what `wanted` throws.
 */
export async function locateFile(url: string, options: LocateOptions = {}): Promise<LocatedFile> {
  const { firstRead = FIRST_READ, expectedSize } = options;
  let response: Response;
  try {
    response = await httpGet(url, { begin: 0, end: firstRead }, options);
  } catch (error) {
    if (!(error instanceof ReadError) || error.status !== 416) throw error;
    // There is no first byte: the file is empty.
    options.wanted?.(new Uint8Array(0), 0);
    return { location: { kind: "http", url, size: 0 }, prefix: new Uint8Array(0) };
  }
  if (response.status === 200) return wholeFile(response, options);

  const range = parseContentRange(response.headers.get("content-range"));
  const { bytes, ended } = await readBody(response, firstRead, options);
  const size = range?.total ?? expectedSize ?? (bytes.length < firstRead ? bytes.length : undefined);
  checkFirstRead(response, { range, ended, received: bytes.length, size, firstRead, expectedSize });
  if (size === undefined) return locateByLength(url, response, bytes, options);

  const location = httpLocation(url, response, size);
  const closed = options.authorization !== undefined && location.resolver === undefined && size <= WHOLE_FILE_LIMIT;
  const wanted = Math.min(size, options.wanted?.(bytes, size) ?? 0);
  const prefix = await extended(location, bytes, closed ? size : wanted, options);
  return { location: closed ? blobLocation(prefix) : location, prefix };
}

interface FirstRead {
  range: ContentRange | undefined;
  ended: boolean;
  received: number;
  size: number | undefined;
  firstRead: number;
  expectedSize: number | undefined;
}

/** Holds what the first request brought against what was asked for and what is known of the file. */
function checkFirstRead(response: Response, got: FirstRead): void {
  const { host } = new URL(response.url);
  const asked = Math.min(got.size ?? got.firstRead, got.firstRead);
  if (!got.ended || (got.range && got.range.begin !== 0)) {
    throw new ReadError(
      "RangeUnsupported",
      `${host} sent other bytes than were asked for. Put the files on a host that serves byte ranges properly.`,
      { status: response.status },
    );
  }
  if (got.expectedSize !== undefined && got.size !== got.expectedSize)
    throw sizeChanged(host, got.size, got.expectedSize);
  if (got.received < asked) {
    throw new ReadError(
      "FileTruncated",
      `${host} sent ${got.received} of the file's first ${asked} bytes. The file may be cut short there; try again.`,
      { status: response.status },
    );
  }
}

function sizeChanged(host: string, size: number | undefined, expected: number): ReadError {
  return new ReadError(
    "FileChanged",
    `A file on ${host} has ${size} bytes where ${expected} were listed. It was replaced or cut short; open it again.`,
  );
}

function httpLocation(url: string, response: Response, size: number): Extract<FileLocation, { kind: "http" }> {
  const location: Extract<FileLocation, { kind: "http" }> = { kind: "http", url, size };
  const etag = response.headers.get("etag");
  if (etag) location.etag = etag;
  if (isElsewhere(url, response)) {
    location.url = response.url;
    location.resolver = url;
    location.signed = Date.now();
  }
  const expires = signedAddressExpiry(location.url);
  if (expires !== undefined) location.expires = expires;
  return location;
}

const isElsewhere = (url: string, response: Response): boolean => new URL(response.url).origin !== new URL(url).origin;

const blobLocation = (bytes: Uint8Array<ArrayBuffer>): FileLocation => ({
  kind: "blob",
  blob: new Blob([bytes]),
  size: bytes.length,
});

/** The bytes up to `end`, the missing ones in one more request. Without the token where the file lies elsewhere. */
async function extended(
  location: Extract<FileLocation, { kind: "http" }>,
  prefix: Uint8Array<ArrayBuffer>,
  end: number,
  options: LocateOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (end <= prefix.length) return prefix;
  const span = { begin: prefix.length, end };
  const rest = await readRange(location, span, location.resolver === undefined ? options : withoutToken(options));
  const bytes = new Uint8Array(end);
  bytes.set(prefix);
  bytes.set(rest, prefix.length);
  return bytes;
}

function withoutToken({ authorization: _, ...rest }: LocateOptions): LocateOptions {
  return rest;
}

async function wholeFile(response: Response, options: LocateOptions): Promise<LocatedFile> {
  const { host } = new URL(response.url);
  const bytes = await readBodyWithin(response, WHOLE_FILE_LIMIT, options);
  if (!bytes) {
    throw new ReadError(
      "RangeUnsupported",
      `${host} sends whole files only, and this one is larger than ${WHOLE_FILE_LIMIT / 2 ** 20} MiB. Put the files on a host that serves byte ranges.`,
      { status: response.status },
    );
  }
  const { expectedSize } = options;
  if (expectedSize !== undefined && bytes.length !== expectedSize) throw sizeChanged(host, bytes.length, expectedSize);
  options.wanted?.(bytes, bytes.length);
  return { location: blobLocation(bytes), prefix: bytes };
}

/**
 * Where CORS hides `Content-Range`, `Content-Length` can still be read (it is safelisted), but a range's is only its own.
 * So the file is asked for whole, read no further than it is wanted, and let go.
 */
async function locateByLength(
  url: string,
  first: Response,
  prefix: Uint8Array<ArrayBuffer>,
  options: LocateOptions,
): Promise<LocatedFile> {
  const elsewhere = isElsewhere(url, first);
  const response = await httpGet(elsewhere ? first.url : url, undefined, elsewhere ? withoutToken(options) : options);
  const length = response.headers.get("content-length");
  if (length === null || response.status !== 200) {
    discard(response);
    throw new ReadError(
      "RangeUnsupported",
      `${new URL(response.url).host} does not tell web pages how long its files are (neither Content-Range nor Content-Length can be read). Put the files on another host.`,
      { status: response.status },
    );
  }
  const size = Number(length);
  const location = httpLocation(url, first, size);
  let wanted: number;
  try {
    wanted = Math.min(size, options.wanted?.(prefix, size) ?? 0);
  } catch (error) {
    discard(response);
    throw error;
  }
  if (wanted > prefix.length) return { location, prefix: (await readBody(response, wanted, options)).bytes };
  discard(response);
  return { location, prefix };
}
