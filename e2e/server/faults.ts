/** What can be wrong with the servers; all of it can be switched while they run. Everything absent means all is well. */
export interface Faults {
  /** Only requests whose path and query match are hit; absent: all. `down`, `allowance` and `linkLifetime` do not ask. */
  only?: RegExp;
  /** Files are sent whole, with 200, whatever range was asked for. */
  noRanges?: boolean;
  /** No answer carries CORS headers. */
  noCors?: boolean;
  /** CORS allows reading files but exposes none of their headers. */
  hideHeaders?: boolean;
  /** A file's body ends after so many bytes as if that were all. */
  truncateAfter?: number;
  /** The connection is cut after so many bytes of a file's body. */
  resetAfter?: number;
  /** Every answer with a file has another ETag. */
  changeEtag?: boolean;
  /** So many requests from now on are refused with `busyStatus` (429 unless told). Counts down. */
  busy?: number;
  busyStatus?: number;
  /** Every connection is cut, and so is every new one. */
  down?: boolean;
  /** Bytes of files that are still sent, over all bodies together; what is beyond stands still until this is set anew. */
  allowance?: number;
  /** No request is answered until this is taken back. */
  held?: boolean;
  /** Seconds that a signed address says it is good for; 3600 unless told. It is, but for `expireLinks`, where they are not negative. */
  linkLifetime?: number;
}
