import { describe, expect, it, test } from "vitest";
import { planReads } from "./read-plan.ts";
import { segmentBytes } from "./segment.ts";
import { SegmentQueue } from "./segment-queue.ts";
import { samplePairs } from "./testing/sample-pairs.ts";
import { seededDraw, shuffled } from "./testing/seeded-draw.ts";

/** Pairs of the given counts of bytes, one after the other in both files, in segments of 4 bytes a side. */
function queueOf(counts: number[]): SegmentQueue {
  let begin = 0;
  const pairs = samplePairs(
    counts.map((count) => {
      begin += count;
      return { count, a: ["U8", 0, begin - count], b: ["U8", 0, begin - count] };
    }),
  );
  return new SegmentQueue(planReads(pairs, 4));
}

/** Long enough for the end of a queue never to matter. */
const ANY = 1e9;
const NO_SHARING = 0;

function* runsOf(queue: SegmentQueue, workers: number, runBytes: number): Generator<number[]> {
  for (let run = queue.take(workers, runBytes, 0); run.length > 0; run = queue.take(workers, runBytes, 0)) yield run;
}

describe("SegmentQueue", () => {
  it("gives runs of neighbours, as long as a request may be", () => {
    const queue = queueOf([8, 4, 8]);
    expect([...runsOf(queue, NO_SHARING, 8)]).toEqual([[0, 1], [2, 3], [4]]);
  });

  it("gives at least one segment, however short the limit", () => {
    expect([...runsOf(queueOf([8]), NO_SHARING, 1)]).toEqual([[0], [1]]);
  });

  it("ends a run where the next segment cannot be read in the same request", () => {
    const pairs = samplePairs([
      { count: 4, a: ["U8", 0, 0], b: ["U8", 0, 0] },
      { count: 4, a: ["U8", 0, 4], b: ["U8", 1, 0] },
      { count: 4, a: ["U8", 0, 8], b: ["U8", 1, 4] },
    ]);
    expect([...runsOf(new SegmentQueue(planReads(pairs, 4)), NO_SHARING, ANY)]).toEqual([[0], [1, 2]]);
  });

  it("ends a run before what another worker has or what is done", () => {
    const queue = queueOf([12]);
    expect(queue.take(NO_SHARING, 4)).toEqual([0]);
    queue.giveBack([0]);
    queue.prioritise((pair) => pair);
    queue.done(1);
    expect(queue.take(NO_SHARING, ANY)).toEqual([0]);
    expect(queue.take(NO_SHARING, ANY)).toEqual([2]);
  });

  it("shortens runs towards the end, so that workers finish together", () => {
    const queue = queueOf(Array.from({ length: 64 }, () => 4));
    // 64 segments of 8 bytes, at most 4 in a run; 2 workers share what is left in quarters.
    const lengths = [...runsOf(queue, 2, 16)].map((run) => run.length);
    expect(lengths).toEqual([...new Array(13).fill(4), 3, 2, ...new Array(7).fill(1)]);
  });

  it("does not shorten them below what a request is worth", () => {
    const queue = queueOf(Array.from({ length: 64 }, () => 4));
    const lengths: number[] = [];
    for (let run = queue.take(2, 16, 24); run.length > 0; run = queue.take(2, 16, 24)) lengths.push(run.length);
    expect(lengths).toEqual([...new Array(13).fill(4), 3, 3, 3, 3]);
  });

  it("gives what ranks lowest first, and no two ranks in a run", () => {
    const queue = queueOf([8, 4, 4, 8]);
    queue.prioritise((pair) => [2, 0, 1, 0][pair]);
    expect(queue.bestWaiting()).toBe(0);
    expect([...runsOf(queue, NO_SHARING, ANY)]).toEqual([[2], [4, 5], [3], [0, 1]]);
    expect(queue.bestWaiting()).toBe(null);
  });

  it("takes a new ranking between two runs", () => {
    const queue = queueOf([4, 4, 4]);
    expect(queue.take(NO_SHARING, 4)).toEqual([0]);
    queue.prioritise((pair) => -pair);
    expect(queue.take(NO_SHARING, 4)).toEqual([2]);
    expect(queue.take(NO_SHARING, 4)).toEqual([1]);
  });

  it("takes back what is not done, and only that", () => {
    const queue = queueOf([16]);
    const run = queue.take(NO_SHARING, ANY);
    queue.done(1);
    queue.giveBack(run);
    expect(queue.waitingBytes).toBe(24);
    expect([...runsOf(queue, NO_SHARING, ANY)]).toEqual([[0], [2, 3]]);
    queue.giveBack(run);
    for (const position of [0, 2, 3]) queue.done(position);
    queue.giveBack(run);
    expect(queue.take(NO_SHARING, ANY)).toEqual([]);
    expect(queue.finished).toBe(true);
  });

  it("is finished once everything is done, not once everything is taken", () => {
    const queue = queueOf([8]);
    expect(queue.finished).toBe(false);
    const run = queue.take(NO_SHARING, ANY);
    expect([queue.take(NO_SHARING, ANY), queue.waitingBytes, queue.finished]).toEqual([[], 0, false]);
    for (const position of run) queue.done(position);
    expect(queue.finished).toBe(true);
    expect(new SegmentQueue(planReads([])).finished).toBe(true);
  });

  test("whatever is taken, done and given back, each segment ends up done once", () => {
    for (let seed = 0; seed < 100; seed++) {
      const draw = seededDraw(seed);
      const queue = queueOf(Array.from({ length: 1 + draw(10) }, () => 1 + draw(20)));
      const running: number[][] = [];
      const done: number[] = [];
      const finish = (run: number[]) => {
        const finished = run.slice(0, draw(run.length + 1));
        for (const position of finished) queue.done(position);
        done.push(...finished);
        queue.giveBack(run);
      };
      while (!queue.finished) {
        const choice = draw(4);
        if (choice === 0) {
          const ranks = shuffled([...Array(10).keys()], draw);
          const coarse = draw(3);
          queue.prioritise((pair) => ranks[pair] >> coarse);
        } else if (choice === 1 && running.length > 0) finish(running.splice(draw(running.length), 1)[0]);
        else if (running.length < 3) {
          const run = queue.take(3, 1 + draw(30), draw(30));
          if (run.length > 0) running.push(run);
          else if (running.length > 0) finish(running.splice(0, 1)[0]);
        }
        const taken = running.flat();
        const out = new Set([...taken, ...done]);
        const waiting = [...queue.plan].filter((_, i) => !out.has(i));
        const sum = waiting.reduce((bytes, segment) => bytes + segmentBytes(segment), 0);
        if (out.size !== taken.length + done.length || queue.waitingBytes !== sum) {
          expect.fail(`seed ${seed}: ${JSON.stringify({ taken, done, waiting: queue.waitingBytes, sum })}`);
        }
      }
      expect(
        done.sort((x, y) => x - y),
        `seed ${seed}`,
      ).toEqual(Array.from({ length: queue.plan.length }, (_, i) => i));
    }
  });
});
