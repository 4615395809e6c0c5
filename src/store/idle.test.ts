import { describe, expect, it, test } from "vitest";
import type { Look } from "../permalink/link-format.ts";
import { NO_ACCESS } from "./access-state.ts";
import type { AppState, Phase } from "./app-state.ts";
import { createAppStore } from "./create-store.ts";
import { isIdle, whenIdle } from "./idle.ts";

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
    store.setState({ phase });
    expect(isIdle(store.getState())).toBe(idle);
    expect(await settled(whenIdle(store))).toBe(idle);
  });

  test.each<[Partial<AppState>, boolean]>([
    [{ filing: true }, false],
    [{ access: { ...NO_ACCESS, busy: true } }, false],
    [{ access: { ...NO_ACCESS, error: "A sentence." } }, true],
    [{ closeLook: { pair: 3, error: null } }, false],
    [{ closeLook: { pair: 3, error: "A sentence." } }, true],
  ])("%j beside a finished scan: idle %s", (patch, idle) => {
    const store = createAppStore(LOOK);
    store.setState({ phase: { status: "finished" }, ...patch });
    expect(isIdle(store.getState())).toBe(idle);
  });

  it("waits for the end of what is under way, and for all who asked", async () => {
    const store = createAppStore(LOOK);
    store.setState({ phase: { status: "opening" } });
    const [first, second] = [whenIdle(store), whenIdle(store)];
    store.setState({ phase: { status: "running" } });
    store.setState({ notices: ["A sentence."] });
    expect(await settled(first)).toBe(false);
    store.setState({ phase: { status: "paused", error: null } });
    expect([await settled(first), await settled(second)]).toEqual([true, true]);
    store.setState({ phase: { status: "running" } });
    expect(await settled(whenIdle(store))).toBe(false);
  });
});
