import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { rescaledRidges } from "../../comparing/distributions.ts";
import { namedError } from "../../reading/testing/hand-workers.ts";
import { isIdle } from "../../store/idle.ts";
import { jobOf } from "../../store/job.ts";
import { phaseOf } from "../../store/phase.ts";
import { scriptedPage } from "../../store/testing/scripted-page.ts";
import { checkpointOf, settle, type Tensors } from "../../store/testing/scripted-pool.ts";
import { deltaStateOf } from "./delta-state.ts";
import { DELTA } from "./instrument.ts";
import { RESCALE_OUT } from "./job-kinds.ts";
import { leaveRescaleIn, rescaleTasks, takeRescaleOut } from "./rescale-out.ts";
import { selectModule } from "./selection.ts";
import { DELTA_SECTION } from "./view-state.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const LAYERS = 3;
const TENSORS: Tensors = Array.from({ length: LAYERS }, (_, i) => i).flatMap((layer) =>
  ["q_proj", "o_proj"].map((module) => [`model.layers.${layer}.self_attn.${module}.weight`, [4, 4]] as const),
);
/** 1 + ΣAD/ΣA² of every pair. */
const K = 1 - 1.5 / 4;

async function compared() {
  const page = scriptedPage({}, DELTA);
  for (const side of ["base", "tuned"]) page.scripted.answers.set(`org/${side}`, checkpointOf(`org/${side}`, TENSORS));
  page.scripted.sums = { sumA2: 4, sumAD: -1.5, sumD2: 1 };
  await page.compare("org/base", "org/tuned");
  await page.scripted.drain();
  page.actions.setView(DELTA_SECTION, { module: "o_proj" });
  const row = selectModule(deltaStateOf(page.state())) ?? expect.fail("There is no row.");
  return { ...page, row };
}

const OVER_ABS = { id: "abs", denominator: "abs", beyond: "bars", unchanged: "show" } as const;

describe("taking the rescale out of a row", () => {
  it("reads the drawn layers again, A times each layer's own k", async () => {
    const { actions, state, scripted, row, store } = await compared();
    const { tasks, bytes } = rescaleTasks(deltaStateOf(state()), row);
    expect(tasks.map(({ cell }) => cell.layer)).toEqual([0, 1, 2]);
    expect(bytes).toEqual({ a: LAYERS * 32, b: LAYERS * 32 });
    takeRescaleOut(store, actions.readings, row);
    expect([jobOf(state(), RESCALE_OUT)?.status, isIdle(state())]).toEqual(["running", false]);
    await settle();
    await scripted.drain();
    const segments = scripted.scans[1].flatMap(({ runs }) => runs.flatMap((run) => run.segments));
    expect(segments).toHaveLength(LAYERS);
    for (const { a, b } of segments) {
      expect([a.dtype, a.span]).toEqual(["F32", b?.span]);
      expect(a.layout?.encoding).toMatchObject({ scheme: "multiplied", factor: K, of: { scheme: "stored" } });
    }
    const read = { done: LAYERS * 32, total: LAYERS * 32 };
    expect(jobOf(state(), RESCALE_OUT)).toMatchObject({
      ...{ status: "finished", progress: { bytes: { a: read, b: read }, items: { done: LAYERS, total: LAYERS } } },
    });
    const cells = deltaStateOf(state()).rescaleOut?.cells ?? new Map();
    expect([...cells.values()].map(({ k, stats }) => [k, stats?.count])).toEqual(new Array(LAYERS).fill([K, 1]));
    const { rescaleOut, view } = deltaStateOf(state());
    expect(rescaledRidges(rescaleOut, row, view, OVER_ABS).map(({ label }) => label)).toEqual(["0", "1", "2"]);
    expect([phaseOf(state()).status, isIdle(state())]).toEqual(["finished", true]);
  });

  it("reads only the layers that are drawn", async () => {
    const { actions, state, row } = await compared();
    actions.setView(DELTA_SECTION, { every: 2 });
    expect(rescaleTasks(deltaStateOf(state()), row).tasks.map(({ cell }) => cell.layer)).toEqual([0, 2]);
  });

  it("says why where it fails, and can be asked for again", async () => {
    const { actions, state, scripted, row, store } = await compared();
    takeRescaleOut(store, actions.readings, row);
    await settle();
    for (const worker of scripted.scans[1]) worker.fail(namedError("FileTruncated", "The file is cut short."));
    await settle();
    expect(jobOf(state(), RESCALE_OUT)).toMatchObject({ status: "failed", error: "The file is cut short." });
    expect(isIdle(state())).toBe(true);
    takeRescaleOut(store, actions.readings, row);
    await settle();
    await scripted.drain();
    expect(jobOf(state(), RESCALE_OUT)?.status).toBe("finished");
  });

  it("is put away, and ends with its comparison", async () => {
    const { actions, state, scripted, row, compare, store } = await compared();
    takeRescaleOut(store, actions.readings, row);
    await settle();
    const [first] = scripted.scans[1].filter(({ current }) => current);
    leaveRescaleIn(store, actions.readings);
    expect([first.current?.cancelled, deltaStateOf(state()).rescaleOut, isIdle(state())]).toEqual([true, null, true]);
    takeRescaleOut(store, actions.readings, row);
    await settle();
    await compare("org/tuned", "org/base");
    expect(deltaStateOf(state()).rescaleOut).toBeNull();
  });

  it("waits until the scan is over", async () => {
    const page = scriptedPage({}, DELTA);
    await page.compare("org/base", "org/tuned");
    const row = selectModule(deltaStateOf(page.state())) ?? expect.fail("There is no row.");
    takeRescaleOut(page.store, page.actions.readings, row);
    expect(deltaStateOf(page.state()).rescaleOut).toBeNull();
  });
});
