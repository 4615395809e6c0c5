/** What the bench leaves in a page to be asked for later. All times are those of the machine's clock, in milliseconds. */
declare var mainThreadProbe: {
  /** Long tasks: when each began, and how long it took. */
  tasks: { at: number; ms: number }[];
  /** When a timer that is due every few milliseconds ran, and when frames were drawn. */
  beats: number[];
  frames: number[];
};

declare var openingProbe: { navigated: number; firstCell: number | null; longestTask: number };

/** Milliseconds from navigation until the first screen was drawn. */
declare var firstScreen: Promise<number>;

/** Resolves with the time (Date.now) when the last byte had been read. */
declare var fetchAndDiscard: (task: FetchTask) => Promise<number>;

interface FetchTask {
  ranges: FetchRange[];
  workers: number;
  /** Requests that each worker keeps open. */
  lanes: number;
  /** Bytes of the one buffer of a lane. */
  bufferBytes: number;
}

interface FetchRange {
  url: string;
  begin: number;
  end: number;
}

/** To and from a worker that fetches: first its size, then a range for one of its lanes; back comes the lane that is free. */
type FetchOrder = { lanes: number; bufferBytes: number } | { lane: number; range: FetchRange };
type FetchReport = { ready: true } | { lane: number } | { error: string };
