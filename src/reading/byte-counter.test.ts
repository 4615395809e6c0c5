import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ByteCounter } from "./byte-counter.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

function counting() {
  const reports: [number, number][] = [];
  const counter = new ByteCounter(({ a, b }) => void reports.push([a, b]));
  vi.advanceTimersByTime(1000);
  // From here on the last report is at the clock's present time.
  counter.flush();
  return { counter, reports };
}

it("reports at most every 100 ms, and what has come since", () => {
  const { counter, reports } = counting();
  counter.add("a", 1);
  vi.advanceTimersByTime(99);
  counter.add("b", 2);
  expect(reports).toEqual([]);
  vi.advanceTimersByTime(1);
  counter.add("a", 4);
  counter.add("a", 8);
  expect(reports).toEqual([[5, 2]]);
  vi.advanceTimersByTime(100);
  counter.add("b", 16);
  expect(reports).toEqual([
    [5, 2],
    [8, 16],
  ]);
});

it("reports the rest when flushed, and nothing where nothing came", () => {
  const { counter, reports } = counting();
  counter.add("b", 3);
  counter.flush();
  counter.flush();
  expect(reports).toEqual([[0, 3]]);
});

it("starts the next 100 ms at a flush", () => {
  const { counter, reports } = counting();
  vi.advanceTimersByTime(90);
  counter.flush();
  vi.advanceTimersByTime(90);
  counter.add("a", 1);
  expect(reports).toEqual([]);
});
