import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FilePair } from "../../comparing/file/comparison-file.ts";
import { orderRows, tableRow } from "../../comparing/table.ts";
import { readBack } from "../../comparing/testing/read-back.ts";
import { namedError } from "../../reading/testing/hand-workers.ts";
import { isIdle } from "../../store/idle.ts";
import { jobOf } from "../../store/job.ts";
import { phaseOf, scanProgress } from "../../store/phase.ts";
import { scriptedPage } from "../../store/testing/scripted-page.ts";
import { checkpointOf, settle, type Tensors } from "../../store/testing/scripted-pool.ts";
import { lookClosely } from "./close-look.ts";
import { deltaStateOf } from "./delta-state.ts";
import { DELTA } from "./instrument.ts";
import { CLOSE_LOOK } from "./job-kinds.ts";
import { inspectionOf, selectHeatmap } from "./selection.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const EXPERTS: Tensors = [
  ["model.layers.0.self_attn.o_proj.weight", [4, 4]],
  ...Array.from({ length: 20 }, (_, i) => [`model.layers.0.mlp.experts.${i}.up_proj.weight`, [4, 4]] as const),
];
const EXPERT = EXPERTS[5][0];
const SAME = "a".repeat(64);

/** A page on which `a` and `b` are such models; `same`: both sides have the same file. */
async function compared(tensors: Tensors, same: boolean) {
  const page = scriptedPage({}, DELTA);
  for (const [side, hash] of [
    ["base", SAME],
    ["tuned", same ? SAME : "b".repeat(64)],
  ]) {
    const checkpoint = checkpointOf(`org/${side}`, tensors);
    checkpoint.files[0].hash = hash;
    page.scripted.answers.set(`org/${side}`, checkpoint);
  }
  await page.compare("org/base", "org/tuned");
  await page.scripted.drain();
  const inspected = (key: string) => inspectionOf(page.state(), key) ?? expect.fail(`There is no ${key}.`);
  return { ...page, inspected };
}

describe("an expert read on its own", () => {
  it("is scanned alone, and shows its distribution", async () => {
    const { actions, state, scripted, inspected, store } = await compared(EXPERTS, false);
    expect(phaseOf(state())).toEqual({ status: "finished" });
    const cell = inspected("experts.up_proj@0");
    expect([cell.pairs.length, cell.stats?.count, inspected(EXPERT).stats]).toEqual([20, 20, null]);
    lookClosely(store, actions.readings, 5);
    expect([deltaStateOf(state()).closeLook, isIdle(state())]).toEqual([{ pair: 5 }, false]);
    expect(jobOf(state(), CLOSE_LOOK)).toMatchObject({ status: "running", error: null });
    await settle();
    expect(scripted.scans).toHaveLength(2);
    const [{ segments }] = scripted.scans[1].flatMap(({ runs }) => runs);
    expect(segments.map(({ count, a, b }) => [count, a.span, b?.span])).toEqual([
      [16, { begin: 100 + 5 * 32, end: 100 + 6 * 32 }, { begin: 100 + 5 * 32, end: 100 + 6 * 32 }],
    ]);
    await scripted.drain();
    expect([deltaStateOf(state()).closeLook, jobOf(state(), CLOSE_LOOK), isIdle(state())]).toEqual([null, null, true]);
    expect(inspected(EXPERT).stats?.relative.positive).toHaveLength(259);
    expect(inspected("experts.up_proj@0").stats).toEqual(cell.stats);
    expect(phaseOf(state())).toEqual({ status: "finished" });
  });

  it("says why where that fails, and can be asked for again", async () => {
    const { actions, state, scripted, inspected, store } = await compared(EXPERTS, false);
    lookClosely(store, actions.readings, 5);
    await settle();
    for (const worker of scripted.scans[1]) worker.fail(namedError("FileTruncated", "The file is cut short."));
    await settle();
    expect([deltaStateOf(state()).closeLook, isIdle(state())]).toEqual([{ pair: 5 }, true]);
    expect(jobOf(state(), CLOSE_LOOK)).toMatchObject({ status: "failed", error: "The file is cut short." });
    lookClosely(store, actions.readings, 5);
    await settle();
    await scripted.drain();
    expect(deltaStateOf(state()).closeLook).toBeNull();
    expect(inspected(EXPERT).stats).not.toBeNull();
  });

  it("waits until the scan is over, and ends with its comparison", async () => {
    const page = scriptedPage({}, DELTA);
    await page.compare("org/base", "org/tuned");
    lookClosely(page.store, page.actions.readings, 0);
    expect(deltaStateOf(page.state()).closeLook).toBeNull();
    await page.scripted.drain();
    lookClosely(page.store, page.actions.readings, 0);
    await settle();
    const [look] = page.scripted.scans[1].filter(({ current }) => current);
    await page.compare("org/tuned", "org/base");
    expect([look.current?.cancelled, deltaStateOf(page.state()).closeLook]).toEqual([true, null]);
  });
});

describe("a pair whose file is the same on both sides", () => {
  const NAME = EXPERTS[0][0];

  it("is exact without a byte being read", async () => {
    const { state, scripted, inspected } = await compared(EXPERTS, true);
    expect(state().cost).toEqual({ bytes: { a: 0, b: 0, adapter: 0 }, requests: 0 });
    expect(phaseOf(state())).toEqual({ status: "finished" });
    expect(scripted.scans.flat().flatMap(({ runs }) => runs)).toEqual([]);
    expect(scanProgress(state())).toMatchObject({
      ...{ items: { done: 21, total: 21 }, bytes: { a: { total: 0 }, b: { total: 0 } } },
    });
    const picture = selectHeatmap(deltaStateOf(state())) ?? expect.fail();
    expect(picture.headline).toMatch(/^Nothing changed/);
    expect(picture.cells.map(({ value, state: how, label }) => [value, how, label])).toEqual(
      ["o_proj", "experts.up_proj"].map((module) => [
        ...[0, "exact"],
        `Layer 0 · ${module}: ‖Δ‖ / ‖A‖ 0, identical (same file on both sides, not downloaded)`,
      ]),
    );
    expect(inspected(NAME)).toMatchObject({
      ...{ identical: true, stats: null, words: "identical (same file on both sides, not downloaded)" },
      ...{ derived: { relativeNorm: 0, cosine: 1, k: 1, shareChanged: 0, normA: null } },
      sentence: expect.stringMatching(/^Identical: .* exact, by its hash/),
    });
  });

  it("stands in the table as unchanged, and is found by its word", async () => {
    const { state } = await compared(EXPERTS, true);
    const rows = async (find: string, sort: string) => {
      const { comparison, results } = state();
      if (!comparison) throw new Error("There is a comparison.");
      const rows = await orderRows(comparison, results.list, { find, sort });
      return Array.from(rows ?? [], (index) => tableRow(comparison, results.list, index));
    };
    expect(await rows("identical o_proj", "")).toMatchObject([
      { name: NAME, identical: { word: "identical" }, coverage: 1, derived: { normD: 0, normA: null } },
    ]);
    expect(await rows("", "-relative")).toHaveLength(21);
  });

  it("has null for stats in the file, and comes back as it was", async () => {
    const { actions, downloads, state } = await compared(EXPERTS, true);
    await actions.save();
    const bytes = new Uint8Array(await downloads[0].file.arrayBuffer());
    const { pairs, shared } = JSON.parse(new TextDecoder().decode(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes)) as {
      pairs: FilePair[];
      shared: unknown[];
    };
    expect(pairs.map(({ identical, stats, coverage }) => [identical, stats, coverage])).toEqual(
      EXPERTS.map(() => [true, null, 1]),
    );
    expect(shared).toEqual([]);
    const back = await readBack(downloads[0].file);
    expect([...back.results]).toEqual([...state().results.list]);
    expect(back.comparison.pairs.every(({ identical }) => identical)).toBe(true);
  });

  it("has its ‖A‖ read when asked for, from A alone", async () => {
    const { actions, scripted, inspected, store } = await compared(EXPERTS, true);
    lookClosely(store, actions.readings, 0);
    await settle();
    const [run] = scripted.scans.at(-1)?.flatMap(({ runs }) => runs) ?? [];
    expect([run.files.b.size, run.segments[0].a.span, run.segments[0].b]).toEqual([0, { begin: 100, end: 132 }, null]);
    await scripted.drain();
    expect(inspected(NAME)).toMatchObject({ identical: true, numbers: { count: 1 }, stats: { count: 1 } });
  });
});
