import { type Job, newJob } from "../job.ts";
import type { Phase } from "../phase.ts";

/** For tests: the jobs of a page whose way to a comparison stands there. */
export function jobsIn(phase: Phase): readonly Job[] {
  const { status } = phase;
  const error = "error" in phase ? phase.error : null;
  if (status === "empty") return [];
  if (status === "consent") return [newJob("open", "waiting")];
  if (status === "opening") return [newJob("open")];
  return [newJob("scan", status === "ready" ? "waiting" : status, error)];
}
