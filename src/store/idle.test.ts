import { describe, expect, it, test } from "vitest";
import type { Look } from "../permalink/link-format.ts";
import { createAppStore } from "./create-store.ts";
import { isIdle, whenIdle } from "./idle.ts";
import { type Job, newJob } from "./job.ts";
import type { Phase } from "./phase.ts";
import { jobsIn } from "./testing/jobs-in.ts";

/** Every phase, and whether nothing happens in it until the person does something. */
const PHASES: [phase: Phase, idle: boolean][] = [
  [{ status: "empty" }, true],
  [{ status: "consent", hosts: ["https://mirror.test"] }, true],
  [{ status: "opening" }, false],
  [{ status: "ready" }, true],
  [{ status: "running" }, false],
  [{ status: "paused", error: null }, true],
  [{ status: "finished" }, true],
  [{ status: "stopped" }, true],
  [{ status: "failed", error: "A sentence." }, true],
];

const LOOK: Look = { instrument: "sample", page: "main", present: false, views: {} };

/** Whether a promise has settled by now. */
async function settled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  for (let i = 0; i < 5; i++) await Promise.resolve();
  return done;
}

describe("whenIdle", () => {
  test.each(PHASES)("%j: idle %s", async (phase, idle) => {
    const store = createAppStore(LOOK);
    store.setState({ jobs: jobsIn(phase) });
    expect(isIdle(store.getState())).toBe(idle);
    expect(await settled(whenIdle(store))).toBe(idle);
  });

  test.each<[Job, boolean]>([
    [newJob("file"), false],
    [newJob("sign-in"), false],
    [newJob("close-look"), false],
    [newJob("close-look", "failed", "A sentence."), true],
    [newJob("rescale-out"), false],
    [newJob("rescale-out", "finished"), true],
  ])("%j beside a finished scan: idle %s", (job, idle) => {
    const store = createAppStore(LOOK);
    store.setState({ jobs: [...jobsIn({ status: "finished" }), job] });
    expect(isIdle(store.getState())).toBe(idle);
  });

  it("waits for the end of what is under way, and for all who asked", async () => {
    const store = createAppStore(LOOK);
    store.setState({ jobs: jobsIn({ status: "opening" }) });
    const [first, second] = [whenIdle(store), whenIdle(store)];
    store.setState({ jobs: jobsIn({ status: "running" }) });
    store.setState({ notices: ["A sentence."] });
    expect(await settled(first)).toBe(false);
    store.setState({ jobs: jobsIn({ status: "paused", error: null }) });
    expect([await settled(first), await settled(second)]).toEqual([true, true]);
    store.setState({ jobs: jobsIn({ status: "running" }) });
    expect(await settled(whenIdle(store))).toBe(false);
  });
});
