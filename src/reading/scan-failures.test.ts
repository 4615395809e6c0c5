import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import type { FileLocation } from "../bytes/file-location.ts";
import { namedError } from "./testing/hand-workers.ts";
import { COST, EXPECTED, nameOf, numbersOf, ScanStage, SEGMENTS, settle, signed } from "./testing/scan-stage.ts";
import { seededDraw } from "./testing/seeded-draw.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const PASSING = ["NetworkFailed", "CorsRefused", "Busy", "HttpStatus"];
const FATAL = ["FileChanged", "FileTruncated", "RangeUnsupported", "NotFound", "RangeError", "Error"];

const statuses = (stage: ScanStage) => stage.states.map(({ status }) => status);
const later = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
};

describe("a failure that may pass", () => {
  test.each(PASSING)(
    "%s: is tried again after 250 and 500 ms, then the scan pauses with the sentence",
    async (name) => {
      const stage = await ScanStage.started({ workers: 1 });
      const [worker] = stage.workers;
      for (const wait of [250, 500]) {
        await stage.failAll(namedError(name));
        await later(wait - 1);
        expect(stage.busy).toEqual([]);
        await later(1);
        expect(stage.busy).toEqual([worker]);
        expect(stage.state).toEqual({ status: "running" });
      }
      await stage.failAll(namedError(name, "The sentence."));
      expect(stage.state).toEqual({ status: "paused", error: "The sentence." });
      await later(60_000);
      expect(stage.busy).toEqual([]);
      expect(worker.runs).toHaveLength(3);

      stage.scan.resume();
      await settle();
      await stage.drain();
      expect(statuses(stage)).toEqual(["running", "paused", "running", "finished"]);
      expect(stage.results).toEqual(EXPECTED);
      expect(stage.bytes.at(-1)).toEqual(COST.bytes);
    },
  );

  it("that hits all workers at once is one failure to each of them", async () => {
    const stage = await ScanStage.started({ workers: 3 });
    await stage.failAll(namedError("NetworkFailed"));
    expect(stage.state).toEqual({ status: "running" });
    await later(250);
    expect(stage.busy).toHaveLength(3);
    await stage.failAll(namedError("NetworkFailed"));
    await later(500);
    expect(stage.busy).toHaveLength(3);
    await stage.drain();
    expect(statuses(stage)).toEqual(["running", "finished"]);
    expect(stage.results).toEqual(EXPECTED);
  });

  it("takes the run behind it back, and hands none over before it has waited", async () => {
    const stage = await ScanStage.started({ workers: 1, segments: [...SEGMENTS.slice(0, 2), ...SEGMENTS.slice(9)] });
    const [worker] = stage.workers;
    worker.finishSegment();
    await settle();
    await stage.failAll(namedError("NetworkFailed"));
    expect([worker.runs.length, stage.busy.length]).toEqual([2, 0]);
    await later(250);
    expect(worker.runs[2].segments.map(({ position }) => position)).toEqual([1]);
    await stage.drain();
    expect(stage.finished).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("is forgiven once a segment is finished", async () => {
    const stage = await ScanStage.started({ workers: 1 });
    for (let i = 0; i < 5; i++) {
      stage.workers[0].step();
      await stage.failAll(namedError("NetworkFailed"));
      await later(250);
      expect(stage.busy).toHaveLength(1);
    }
    await stage.drain();
    expect(stage.results).toEqual(EXPECTED);
  });

  it("is tried afresh after a resume", async () => {
    const stage = await ScanStage.started({ workers: 1 });
    for (const wait of [250, 500, 0]) {
      await stage.failAll(namedError("Busy"));
      await later(wait);
    }
    stage.scan.resume();
    await settle();
    await stage.failAll(namedError("Busy"));
    await later(250);
    expect(statuses(stage)).toEqual(["running", "paused", "running"]);
    expect(stage.busy).toHaveLength(1);
  });

  it("ends what the other workers do when it pauses the scan", async () => {
    const stage = await ScanStage.started({ workers: 2 });
    const [first, second] = stage.workers;
    for (const wait of [250, 500, 0]) {
      first.fail(namedError("NetworkFailed"));
      await later(wait);
    }
    expect(stage.state?.status).toBe("paused");
    expect(second.current?.cancelled).toBe(true);
  });

  it("leaves no trace after a cancel during the wait", async () => {
    const stage = await ScanStage.started({ workers: 1 });
    await stage.failAll(namedError("NetworkFailed"));
    const { reports } = stage;
    stage.scan.cancel();
    await later(60_000);
    expect([stage.workers[0].runs.length, stage.reports]).toEqual([1, reports]);
  });

  test("failures at any point of any run lose nothing", async () => {
    for (let seed = 0; seed < 30; seed++) {
      const draw = seededDraw(seed);
      const stage = await ScanStage.started({ workers: 1 + draw(3) });
      for (let turn = 0; stage.state?.status !== "finished"; turn++) {
        if (turn > 500) expect.fail(`seed ${seed}: no end`);
        const worker = stage.busy[draw(stage.busy.length)];
        if (!worker) await later(1000);
        else if (draw(3) === 0) worker.fail(namedError("NetworkFailed"));
        else await stage.step(worker);
        await settle();
        if (stage.state?.status === "paused") {
          stage.scan.resume();
          await settle();
        }
      }
      expect(stage.results, `seed ${seed}`).toEqual(EXPECTED);
      expect(stage.bytes.at(-1)).toEqual(COST.bytes);
    }
  });
});

describe("a failure that will not pass", () => {
  test.each(FATAL)("%s: ends the scan with the sentence and keeps what is known", async (name) => {
    const stage = await ScanStage.started({ workers: 2 });
    const [first, second] = stage.workers;
    await stage.step(first);
    first.fail(namedError(name, "What is wrong and what to do."));
    await settle();
    expect(stage.state).toEqual({ status: "failed", error: "What is wrong and what to do." });
    expect(second.current?.cancelled).toBe(true);
    await stage.drain();
    stage.scan.resume();
    await later(60_000);
    expect(stage.busy).toEqual([]);
    expect(statuses(stage)).toEqual(["running", "failed"]);
    expect(stage.results).toEqual([{ stats: numbersOf(0), coverage: 8 / 20 }]);
  });

  it("is told once, whatever else goes wrong", async () => {
    const stage = await ScanStage.started({ workers: 3 });
    await stage.failAll(namedError("FileChanged"));
    expect(statuses(stage)).toEqual(["running", "failed"]);
  });
});

describe("a signed address that is refused", () => {
  const fresh = async (location: FileLocation) => signed(nameOf(location), 1);
  /** So many runs of one file of each side that every worker has one. */
  const ONE_FILE = { segments: SEGMENTS.slice(0, 9), workers: 3 };

  it("is asked for again once per file, however many runs fail with it", async () => {
    const stage = await ScanStage.started({ ...ONE_FILE, relocate: fresh });
    expect(stage.busy).toHaveLength(3);
    await stage.failAll(namedError("LinkExpired"));
    expect(stage.relocated.sort()).toEqual(["a0", "b0"]);
    expect(stage.busy).toHaveLength(3);
    for (const { current } of stage.workers) {
      expect([current?.run.files.a.get(0), current?.run.files.b.get(0)]).toEqual([signed("a0", 1), signed("b0", 1)]);
    }
    await stage.drain();
    expect(statuses(stage)).toEqual(["running", "finished"]);
    expect(stage.results).toEqual(EXPECTED.slice(0, 3));
  });

  it("is not asked for again for a run that set out before the new one was there", async () => {
    const stage = await ScanStage.started({ ...ONE_FILE, relocate: fresh });
    for (const worker of [...stage.busy]) {
      worker.fail(namedError("LinkExpired"));
      await settle();
    }
    expect(stage.relocated.sort()).toEqual(["a0", "b0"]);
    await stage.drain();
    expect(stage.results).toEqual(EXPECTED.slice(0, 3));
  });

  it("is asked for again when the new one is refused in its turn", async () => {
    let version = 0;
    const relocate = async (location: FileLocation) => signed(nameOf(location), ++version);
    const stage = await ScanStage.started({ segments: SEGMENTS.slice(0, 3), workers: 1, relocate });
    await stage.failAll(namedError("LinkExpired"));
    await stage.failAll(namedError("LinkExpired"));
    await stage.drain();
    expect(stage.state).toEqual({ status: "finished" });
    expect(stage.relocated).toEqual(["a0", "b0", "a0", "b0"]);
  });

  it("again and again ends the scan with the sentence", async () => {
    const stage = await ScanStage.started({ workers: 1, relocate: fresh });
    for (let i = 0; i < 3; i++) await stage.failAll(namedError("LinkExpired", "Open the comparison again."));
    expect(stage.state).toEqual({ status: "failed", error: "Open the comparison again." });
    expect(stage.relocated.sort()).toEqual(["a0", "a0", "b0", "b0"]);
  });

  it("pauses the scan with the resolver's sentence where it cannot be had", async () => {
    let works = false;
    const relocate = async (location: FileLocation) => {
      if (!works) throw namedError("Gated", "The repo is closed to you.");
      return fresh(location);
    };
    const stage = await ScanStage.started({ workers: 2, relocate });
    stage.workers[0].fail(namedError("LinkExpired"));
    await settle();
    expect(stage.state).toEqual({ status: "paused", error: "The repo is closed to you." });
    await stage.drain();
    works = true;
    stage.scan.resume();
    await settle();
    await stage.drain();
    expect(stage.results).toEqual(EXPECTED);
  });
});

describe("a signed address that is about to expire", () => {
  const MINUTE = 60_000;

  it("is renewed before a run is sent out with it", async () => {
    const relocate = async () => signed("a0", 1, 60 * MINUTE);
    const stage = await ScanStage.started({ workers: 1, expires: MINUTE - 1, relocate });
    expect(stage.relocated).toEqual(["a0"]);
    expect(stage.workers[0].runs[0].files.a.get(0)).toEqual(signed("a0", 1, 60 * MINUTE));
  });

  it("is left alone a minute before", async () => {
    const stage = await ScanStage.started({ workers: 1, expires: MINUTE });
    expect(stage.relocated).toEqual([]);
    await stage.failAll(namedError("NetworkFailed"));
    await later(250);
    expect(stage.relocated).toEqual(["a0"]);
  });

  it("that cannot be renewed for the network pauses the scan after three tries", async () => {
    let works = false;
    const relocate = async (location: FileLocation) => {
      if (!works) throw namedError("NetworkFailed", "No network.");
      return { ...location, expires: 60 * MINUTE };
    };
    const stage = await ScanStage.started({ workers: 1, expires: 0, relocate });
    await later(250);
    await later(500);
    expect(stage.state).toEqual({ status: "paused", error: "No network." });
    expect(stage.relocated).toHaveLength(3);
    works = true;
    stage.scan.resume();
    await settle();
    await stage.drain();
    expect(stage.results).toEqual(EXPECTED);
  });

  it("that cannot be renewed at all ends the scan", async () => {
    const relocate = () => Promise.reject(namedError("RepoNotFound", "The repo is gone."));
    const stage = await ScanStage.started({ workers: 2, expires: 0, relocate });
    expect(stage.state).toEqual({ status: "failed", error: "The repo is gone." });
  });
});

it("asks nothing of a resolver for files without one", async () => {
  const stage = new ScanStage({
    workers: 1,
    relocate: () => Promise.reject(new Error("There is no resolver to ask.")),
  });
  stage.locations.a[0] = { kind: "http", url: "https://files.test/a0", size: 200, expires: 0 };
  stage.locations.b[0] = { kind: "blob", blob: new Blob([]), size: 200 };
  await stage.scan.start();
  await settle();
  expect([stage.relocated, stage.busy.length]).toEqual([[], 1]);
});
