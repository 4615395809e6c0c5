import { describe, expect, it, test } from "vitest";
import { emptyPairStats } from "../kernels/pair-stats.ts";
import { COST, EXPECTED, numbersOf, ScanStage, SEGMENTS, settle, signed } from "./testing/scan-stage.ts";
import { seededDraw } from "./testing/seeded-draw.ts";

const ALL = [...SEGMENTS.keys()];
const inOrder = (positions: readonly number[]) => [...positions].sort((x, y) => x - y);

describe("a scan", () => {
  test.each([1, 2, 3])("gives the same bits with %i workers in whatever order they finish", async (workers) => {
    for (let seed = 0; seed < 12; seed++) {
      const stage = await ScanStage.started({ workers });
      await stage.drain(seededDraw(seed));
      expect(stage.results, `seed ${seed}`).toEqual(EXPECTED);
      expect(stage.states).toEqual([{ status: "running" }, { status: "finished" }]);
      expect(inOrder(stage.finished)).toEqual(ALL);
      expect(stage.bytes.at(-1)).toEqual(COST.bytes);
    }
  });

  it("hands a run its segments and where they lie", async () => {
    const { workers, locations } = await ScanStage.started({ workers: 1 });
    const [run] = workers[0].runs;
    expect(run.files.a.get(0)).toBe(locations.a[0]);
    expect(run.files.b.get(0)).toBe(locations.b[0]);
    expect(run.folds).toEqual(["stats"]);
    expect(run.segments[2]).toEqual({
      ...{ position: 2, pair: 0, slice: 2, from: 16, count: 4, columns: 20, adapter: null },
      a: { dtype: "BF16", file: 0, span: { begin: 40, end: 48 } },
      b: { dtype: "BF16", file: 0, span: { begin: 42, end: 50 } },
    });
  });

  it("hands over the dtypes of both sides, and of one model alone its own", async () => {
    const stage = new ScanStage({ workers: 1 });
    stage.scan.prioritise((pair) => -pair);
    await stage.scan.start();
    await settle();
    const [{ segments }] = stage.workers[0].runs;
    expect([segments[0].a.dtype, segments[0].b?.dtype]).toEqual(["BF16", "F32"]);

    const alone = { ...SEGMENTS[SEGMENTS.length - 1], b: null };
    const { workers } = await ScanStage.started({ workers: 1, segments: [alone], alone: true });
    expect(workers[0].runs).toMatchObject([{ segments: [{ a: { dtype: "BF16" }, b: null }] }]);
    expect(workers[0].runs[0].files.b.size).toBe(0);
  });

  it("keeps all workers busy and says what is being read", async () => {
    const { busy, workers, reading } = await ScanStage.started({ workers: 2 });
    expect(busy).toEqual(workers);
    expect(reading.at(-1)).toEqual(workers.map(({ runs }) => SEGMENTS[runs[0].segments[0].position].pair));
  });

  it("tells what it knows of a pair before all of it is read", async () => {
    const { workers, results } = await ScanStage.started({ workers: 1 });
    workers[0].step();
    expect(results[0]).toEqual({ stats: numbersOf(0), coverage: 8 / 20 });
  });

  it("hands a worker its next run while it is at the last segment of the one before", async () => {
    const stage = await ScanStage.started({ workers: 1, segments: [...SEGMENTS.slice(0, 2), ...SEGMENTS.slice(9)] });
    const [worker] = stage.workers;
    expect(worker.runs).toHaveLength(1);
    worker.finishSegment();
    await settle();
    expect(worker.runs.map(({ segments }) => segments[0].position)).toEqual([0, 2]);
    expect(worker.current?.run).toBe(worker.runs[0]);
    await stage.drain();
    expect(stage.finished).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("is finished at once where there is nothing to read", async () => {
    const { states } = await ScanStage.started({ segments: [] });
    expect(states).toEqual([{ status: "running" }, { status: "finished" }]);
  });
});

test("what is somebody else's to read is left out", async () => {
  const settled = ALL.filter((position) => position % 3 !== 1);
  const stage = await ScanStage.started({ workers: 2, settled });
  await stage.drain();
  expect(inOrder(stage.finished)).toEqual(ALL.filter((position) => position % 3 === 1));
  expect(stage.state).toEqual({ status: "finished" });
});

describe("pause", () => {
  test("nothing is lost or read twice, whenever it happens", async () => {
    for (let seed = 0; seed < 40; seed++) {
      const draw = seededDraw(seed);
      const stage = await ScanStage.started({ workers: 1 + draw(3) });
      while (stage.state?.status !== "finished") {
        const { busy, scan } = stage;
        if (stage.state?.status === "running" && draw(4) === 0) {
          scan.pause();
          // The word to stop is still on its way: a worker may finish one more segment, or even its run.
          for (const worker of busy) if (draw(3) === 0) worker.step();
          if (draw(2) === 0) await stage.drain(draw);
          expect(stage.state).toEqual({ status: "paused", error: null });
          scan.resume();
          await settle();
        } else if (busy.length > 0) await stage.step(busy[draw(busy.length)]);
        else expect.fail(`seed ${seed}: nobody works, and the scan is ${stage.state?.status}`);
      }
      expect(stage.results, `seed ${seed}`).toEqual(EXPECTED);
      expect(inOrder(stage.finished)).toEqual(ALL);
      expect(stage.bytes.at(-1)).toEqual(COST.bytes);
    }
  });

  it("ends the requests, and starts none until it is resumed", async () => {
    const stage = await ScanStage.started();
    stage.scan.pause("The network is gone.");
    expect(stage.state).toEqual({ status: "paused", error: "The network is gone." });
    expect(stage.workers.every(({ current }) => current?.cancelled)).toBe(true);
    await stage.drain();
    expect(stage.busy).toEqual([]);
    stage.scan.resume();
    await settle();
    expect(stage.state).toEqual({ status: "running" });
    expect(stage.busy).toEqual(stage.workers);
  });

  it("gives back what was read of an unfinished segment", async () => {
    const stage = await ScanStage.started({ workers: 1 });
    stage.workers[0].step();
    const segment = { a: 16, b: 16, adapter: 0 };
    expect(stage.bytes.at(-1)).toEqual({ ...segment, a: segment.a + 1, b: segment.b + 1 });
    stage.scan.pause();
    await stage.drain();
    expect(stage.bytes.at(-1)).toEqual(segment);
  });

  it("between the last segment and the end of its run leaves nothing to resume but the end", async () => {
    const stage = await ScanStage.started({ workers: 1, segments: SEGMENTS.slice(0, 1) });
    stage.workers[0].step();
    stage.scan.pause();
    await stage.drain();
    stage.scan.resume();
    expect(stage.state).toEqual({ status: "finished" });
    expect(stage.results).toEqual([{ stats: numbersOf(0), coverage: 1 }]);
  });

  it("holds before the workers have started, too", async () => {
    let start = () => {};
    const stage = new ScanStage({ startWorkers: () => new Promise((resolve) => (start = resolve)) });
    const starting = stage.scan.start();
    stage.scan.pause();
    start();
    await starting;
    await settle();
    expect(stage.busy).toEqual([]);
    stage.scan.resume();
    await settle();
    expect(stage.busy).toEqual(stage.workers);
    await stage.drain();
    expect(stage.results).toEqual(EXPECTED);
  });

  it("holds while an address is being renewed, too", async () => {
    let renewed = () => {};
    const relocate = () => new Promise<never>((resolve) => (renewed = () => resolve(signed("a0", 1) as never)));
    const stage = await ScanStage.started({ workers: 1, expires: Date.now() + 1000, relocate });
    stage.scan.pause();
    renewed();
    await settle();
    expect([stage.busy, stage.workers[0].runs]).toEqual([[], []]);
    stage.scan.resume();
    await settle();
    await stage.drain();
    expect(stage.results).toEqual(EXPECTED);
  });

  it("does nothing twice, and nothing to a scan that is over", async () => {
    const stage = await ScanStage.started();
    stage.scan.resume();
    stage.scan.pause();
    stage.scan.pause("Again.");
    stage.scan.resume();
    stage.scan.resume();
    await stage.drain();
    stage.scan.pause();
    stage.scan.resume();
    const states = ["running", "paused", "running", "finished"];
    expect(stage.states.map(({ status }) => status)).toEqual(states);
  });
});

describe("cancel", () => {
  it("ends the requests at once and reports nothing any more", async () => {
    const stage = await ScanStage.started({ workers: 3 });
    stage.workers[0].step();
    const before = structuredClone(stage.results);
    const { reports } = stage;
    stage.scan.cancel();
    expect(stage.workers.every(({ current }) => current?.cancelled)).toBe(true);
    // Words that were on their way when it happened.
    for (const worker of stage.workers) worker.finishSegment();
    await stage.drain();
    stage.scan.pause();
    stage.scan.resume();
    await settle();
    expect(stage.results).toEqual(before);
    expect(stage.reports).toBe(reports);
    expect(stage.busy).toEqual([]);
  });

  it("before the workers have started keeps them idle", async () => {
    let start = () => {};
    const stage = new ScanStage({ startWorkers: () => new Promise((resolve) => (start = resolve)) });
    const starting = stage.scan.start();
    stage.scan.cancel();
    start();
    await starting;
    await settle();
    expect([stage.busy, stage.reports]).toEqual([[], 0]);
  });

  it("rejects its start where the workers cannot be started", async () => {
    const error = new Error("No worker for you.");
    await expect(new ScanStage({ startWorkers: () => Promise.reject(error) }).scan.start()).rejects.toBe(error);
  });
});

describe("an event of a run that is over", () => {
  it("is dropped", async () => {
    const stage = await ScanStage.started({ workers: 1 });
    const [{ id, segments }] = stage.workers[0].runs;
    await stage.step(stage.workers[0]);
    const { results, bytes } = structuredClone({ results: stage.results, bytes: stage.bytes.at(-1) });
    const stats = { ...emptyPairStats(), count: 4, sumA2: 1e9 };
    stage.tell({
      kind: "segment",
      run: id + 100,
      position: segments[1].position,
      parts: { stats },
      engine: "reference",
    });
    stage.tell({ kind: "bytes", run: id + 100, bytes: { a: 5000, b: 5000, adapter: 0 } });
    expect(stage.results).toEqual(results);
    expect(stage.bytes.at(-1)).toEqual(bytes);
    await stage.drain();
    expect(stage.results).toEqual(EXPECTED);
  });
});

describe("prioritise", () => {
  const pairOf = (position: number) => SEGMENTS[position].pair;

  it("ends what is wanted less after the segment in hand, and goes on with what is wanted most", async () => {
    const stage = await ScanStage.started({ workers: 2 });
    stage.scan.prioritise((pair) => (pair === 4 ? 0 : 1));
    expect(stage.workers.map(({ current }) => current?.early)).toEqual([true, true]);
    for (const worker of stage.workers) {
      // The segment in hand, then the end of the run.
      await stage.step(worker);
      await stage.step(worker);
      expect(worker.runs).toHaveLength(2);
    }
    const next = stage.workers.flatMap(({ runs }) => runs[1].segments.map(({ position }) => pairOf(position)));
    expect([...new Set(next)]).toEqual([4]);
    await stage.drain();
    expect(stage.results).toEqual(EXPECTED);
    expect(inOrder(stage.finished)).toEqual(ALL);
  });

  it("lets go on what is wanted as much as anything that waits", async () => {
    const stage = await ScanStage.started({ workers: 2 });
    const pairs = stage.workers.flatMap(({ runs }) => runs[0].segments.map(({ position }) => pairOf(position)));
    stage.scan.prioritise((pair) => (pairs.includes(pair) ? 0 : 1));
    stage.scan.prioritise(() => 5);
    expect(stage.workers.map(({ current }) => current?.early)).toEqual([false, false]);
  });

  it("sets the order from the start", async () => {
    const stage = new ScanStage({ workers: 1 });
    stage.scan.prioritise((pair) => -pair);
    await stage.scan.start();
    await settle();
    await stage.drain();
    expect(stage.finished.map(pairOf)).toEqual(ALL.map(pairOf).reverse());
    expect(stage.results).toEqual(EXPECTED);
  });

  it("reaches a run that still waits for its address", async () => {
    let renewed = () => {};
    const relocate = (location: object) =>
      new Promise<never>((resolve) => (renewed = () => resolve(location as never)));
    const stage = await ScanStage.started({ workers: 1, expires: Date.now() + 1000, relocate });
    expect(stage.busy).toEqual([]);
    stage.scan.prioritise((pair) => (pair === 5 ? 0 : 1));
    renewed();
    await settle();
    expect(stage.workers[0].runs[0].segments.map(({ position }) => pairOf(position))).toEqual([5, 5]);
  });
});
