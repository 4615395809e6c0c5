/** A byte range of one file: `begin` included, `end` not, both counted from the file's first byte. */
export interface Span {
  begin: number;
  end: number;
}

export const spanLength = (span: Span): number => span.end - span.begin;
