import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { git } from "../stage/git.mjs";

/** The commit that is measured; `changed` where the files differ from it. Results and notes do not count as a change. */
export function commit() {
  const hash = git("rev-parse", "HEAD");
  if (hash === null) return null;
  const status = git("status", "--porcelain", "--", "src", "workers", "scripts", "bench", ":!bench/results");
  return { hash, changed: status !== "" };
}

/** What the figures depend on and a reader cannot see. `load` is the mean number of running processes (1 minute). */
export function machine() {
  return {
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    load: Number(loadavg()[0].toFixed(2)),
  };
}
