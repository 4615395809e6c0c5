import type { AppStore } from "./create-store.ts";
import { newJob, withJob, withoutJob } from "./job.ts";

/** Does a piece of work as a job, which leaves the list when it is over, however it ends. */
export async function asJob<Answer>(store: AppStore, kind: string, work: () => Promise<Answer>): Promise<Answer> {
  const job = newJob(kind);
  store.setState(({ jobs }) => ({ jobs: withJob(jobs, job) }));
  try {
    return await work();
  } finally {
    store.setState(({ jobs }) => ({ jobs: withoutJob(jobs, job.id) }));
  }
}
