import type { Side } from "../pairing/pair.ts";
import type { AppState } from "./app-state.ts";
import { type Job, type JobProgress, jobOf } from "./job.ts";

/** The kinds of jobs that lead to a comparison, one after the other: headers are read, tensors paired (again), then scanned. */
export const COURSE = ["open", "pair", "scan"] as const;

/** Where the page is on its way to a comparison. */
export type Phase =
  | { status: "empty" }
  /** A link names hosts that are not asked unless the person agrees. */
  | { status: "consent"; hosts: readonly string[] }
  | { status: "opening" }
  /** Headers are read; the scan waits for a click. */
  | { status: "ready" }
  | { status: "running" }
  | { status: "paused"; error: string | null }
  | { status: "finished" }
  /** Ended by the person; what was found stays. */
  | { status: "stopped" }
  | { status: "failed"; error: string };

type Seen = Pick<AppState, "jobs" | "comparison">;

const courseOf = ({ jobs }: Pick<AppState, "jobs">): Job | null =>
  jobs.find(({ kind }) => COURSE.some((one) => one === kind)) ?? null;

function read({ jobs, comparison, hosts }: Seen & Pick<AppState, "hosts">): Phase {
  const job = courseOf({ jobs });
  // A comparison that nobody works at was finished when it came: out of a file.
  if (!job) return { status: comparison ? "finished" : "empty" };
  const { kind, status, error } = job;
  if (status === "waiting") return kind === "scan" ? { status: "ready" } : { status: "consent", hosts };
  if (status === "running") return { status: kind === "scan" ? "running" : "opening" };
  if (status === "paused") return { status, error };
  if (status === "failed") return { status, error: error ?? "" };
  return { status };
}

let last: Phase = { status: "empty" };

/** Where the way to a comparison stands, told from its job. The same object as long as it says the same. */
export function phaseOf(state: Seen & Pick<AppState, "hosts">): Phase {
  const now = read(state);
  if (JSON.stringify(now) !== JSON.stringify(last)) last = now;
  return last;
}

/** Whether no more numbers are to come. */
export const isFinished = (state: Seen): boolean => {
  const job = courseOf(state);
  return job ? job.kind === "scan" && job.status === "finished" : state.comparison !== null;
};

/** How far the scan of the comparison is; null before it begins. */
export const scanProgress = (state: Pick<AppState, "jobs">): JobProgress | null =>
  jobOf(state, "scan")?.progress ?? null;

/** Whether the headers of what stands in a field are being read. */
export function isOpening(state: Pick<AppState, "jobs" | "operands">, side: Side): boolean {
  const operand = state.operands[side];
  return jobOf(state, "open")?.status === "running" && operand !== null && operand.text !== "";
}
