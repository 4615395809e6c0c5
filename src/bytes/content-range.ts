/** A `Content-Range` header: the bytes sent, `end` not included, and the file's length where the server tells it. */
export interface ContentRange {
  /** Absent, like `end`, in the form without a range that comes with a 416. */
  begin?: number;
  end?: number;
  /** Absent where the server wrote `*`. */
  total?: number;
}

/**
 * Reads a `Content-Range` value (RFC 9110 §14.4). Returns undefined for null (absent, or hidden from scripts by CORS) and
 * for anything that does not follow the grammar or does not fit in 2^53.
 */
export function parseContentRange(value: string | null): ContentRange | undefined {
  const match = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i.exec(value?.trim() ?? "");
  if (!match) return undefined;
  const range: ContentRange = {};
  if (match[1] !== undefined && match[2] !== undefined) {
    range.begin = Number(match[1]);
    range.end = Number(match[2]) + 1;
  }
  if (match[3] !== undefined && match[3] !== "*") range.total = Number(match[3]);
  return Object.values(range).every(Number.isSafeInteger) ? range : undefined;
}
