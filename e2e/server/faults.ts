/** What can be wrong with the servers; all of it can be switched while they run. Everything absent means all is well. */
export interface Faults {
  /** Only requests whose path and query match are hit; absent: all. `down`, `pace` and `linkLifetime` do not ask. */
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
  /** Bytes per second that all bodies share, as one line would. */
  pace?: number;
  /** Milliseconds before every answer. */
  delay?: number;
  /** Seconds that a signed address is good for from now on; 3600 unless told, negative for one that has expired already. */
  linkLifetime?: number;
}
