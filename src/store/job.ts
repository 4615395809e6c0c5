export type JobStatus =
  /** For a click, or for the person's consent. */
  | "waiting"
  | "running"
  | "paused"
  | "finished"
  /** Ended by the person; what it found stays. */
  | "stopped"
  | "failed";

export interface Amount {
  done: number;
  total: number;
}

/** How far a job is, in one shape for all that read tensors. */
export interface JobProgress {
  /** Bytes of each side. */
  bytes: { a: Amount; b: Amount };
  /** What it goes through: tensors, as a rule. */
  items: Amount;
  /** Bytes per second, both sides together; null before it is known. */
  rate: number | null;
  secondsLeft: number | null;
  /** Name of a tensor that is being read. */
  reading: string | null;
}

/** Something under way that a person can watch, stop and find failed. What it finds is kept by whoever began it. */
export interface Job {
  id: number;
  /** What it is, in the word of whoever begins such jobs. One of a kind is in the list. */
  kind: string;
  status: JobStatus;
  /** Null before there is any. */
  progress: JobProgress | null;
  /** The sentence for why it paused by itself, or failed. */
  error: string | null;
}

interface HasJobs {
  jobs: readonly Job[];
}

let last = 0;

/** A job that is not in the list yet. */
export const newJob = (kind: string, status: JobStatus = "running", error: string | null = null): Job => ({
  id: ++last,
  kind,
  status,
  progress: null,
  error,
});

export const jobOf = ({ jobs }: HasJobs, kind: string): Job | null => jobs.find((job) => job.kind === kind) ?? null;

export const isRunning = (state: HasJobs, kind: string): boolean => jobOf(state, kind)?.status === "running";

/** The list with `job` in place of all of `kinds`, and of its own kind. */
export const withJob = (jobs: readonly Job[], job: Job, kinds: readonly string[] = []): readonly Job[] => [
  ...jobs.filter(({ kind }) => kind !== job.kind && !kinds.includes(kind)),
  job,
];

export const withoutJob = (jobs: readonly Job[], id: number): readonly Job[] => jobs.filter((job) => job.id !== id);
