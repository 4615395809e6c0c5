import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Repeated } from "./repeated.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("works every fifteen seconds, less often where it takes long, and ends with what is under way", async () => {
  const begun: number[] = [];
  const times = [100, 5_000, 10];
  let done = 0;
  const repeated = new Repeated(
    async () => {
      begun.push(performance.now());
      await new Promise((end) => setTimeout(end, times[begun.length - 1]));
      done++;
    },
    () => {},
  );
  const start = performance.now();
  await vi.advanceTimersByTimeAsync(150_000);
  // After 15 s, 15 s after that took 0.1 s, and 100 s after that took 5 s.
  expect(begun.map((at) => Math.round(at - start))).toEqual([15_000, 30_100, 135_100]);
  await repeated.end();
  await vi.advanceTimersByTimeAsync(600_000);
  expect([begun.length, done]).toEqual([3, 3]);
});

test("a failure is told, and it is not tried again", async () => {
  const failures: unknown[] = [];
  let tried = 0;
  const repeated = new Repeated(
    async () => {
      tried++;
      throw new Error("The disk is full.");
    },
    (error) => failures.push(error),
  );
  await vi.advanceTimersByTimeAsync(600_000);
  await repeated.end();
  expect([tried, failures]).toEqual([1, [new Error("The disk is full.")]]);
});
