import { expect, it, vi } from "vitest";
import { DEFAULT_RETRY, hurry, withRetry } from "./with-retry.ts";

/** A policy whose waits are noted down and over at once. */
function quick(tries: number, random = 0.5) {
  const waits: number[] = [];
  const wait = async (ms: number) => {
    waits.push(ms);
  };
  return { waits, retry: { tries, wait, random: () => random } };
}

const soon = () => "soon" as const;
const busy = () => "busy" as const;

const failing = (times: number) => {
  let calls = 0;
  return async () => {
    calls++;
    if (calls <= times) throw new Error(`failure ${calls}`);
    return calls;
  };
};

it.each([
  { failures: 0, tries: 3, result: 1, waits: [] },
  { failures: 2, tries: 3, result: 3, waits: [750, 1500] },
  { failures: 4, tries: 5, result: 5, waits: [750, 1500, 3000, 6000] },
])("gets through after $failures failures of $tries tries", async ({ failures, tries, result, waits }) => {
  const { retry, waits: waited } = quick(tries);
  expect(await withRetry(failing(failures), soon, { retry })).toBe(result);
  expect(waited).toEqual(waits);
});

it.each([0, 0.999])("waits between half and all of the time, random %d", async (random) => {
  const { retry, waits } = quick(2, random);
  await withRetry(failing(1), soon, { retry });
  expect(waits[0]).toBeCloseTo(500 + 500 * random);
});

it("gives up with the last error, and at once on one that will not pass", async () => {
  const { retry, waits } = quick(3);
  await expect(withRetry(failing(9), soon, { retry })).rejects.toThrow("failure 3");
  await expect(withRetry(failing(9), () => "never", { retry })).rejects.toThrow("failure 1");
  expect(waits).toHaveLength(2);
});

it("ends a wait with the signal's reason", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  const attempt = async () => {
    queueMicrotask(() => stop.abort(reason));
    throw new Error("busy");
  };
  await expect(withRetry(attempt, soon, { signal: stop.signal, retry: DEFAULT_RETRY })).rejects.toBe(reason);
  await expect(DEFAULT_RETRY.wait(60_000, stop.signal)).rejects.toBe(reason);
});

it("really waits", async () => {
  vi.useFakeTimers();
  const over = vi.fn();
  void DEFAULT_RETRY.wait(5).then(over);
  await vi.advanceTimersByTimeAsync(4);
  expect(over).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(over).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

it.each([
  { random: 0, waits: [1000, 15_000, 15_000, 15_000, 15_000, 15_000] },
  { random: 1, waits: [2000, 30_000, 60_000, 120_000, 240_000, 300_000] },
])("gives a busy host more and more time, and says so, random $random", async ({ random, waits }) => {
  const { retry, waits: waited } = quick(2, random);
  const told: (number | "over")[] = [];
  const onBusy = (ms: number) => {
    told.push(ms);
    return () => void told.push("over");
  };
  const options = { retry: { ...retry, busyTries: 7 }, onBusy };
  await expect(withRetry(failing(9), busy, options)).rejects.toThrow("failure 7");
  expect(waited).toEqual(waits);
  expect(told).toEqual(waits.flatMap((ms) => [ms, "over"]));
});

it("does not speak of what fails in passing, and ends what it said when it is aborted", async () => {
  const told: string[] = [];
  const onBusy = () => {
    told.push("busy");
    return () => void told.push("over");
  };
  await withRetry(failing(1), soon, { retry: quick(2).retry, onBusy });
  expect(told).toEqual([]);
  const stop = new AbortController();
  const waiting = withRetry(failing(1), busy, { signal: stop.signal, onBusy });
  await Promise.resolve();
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  expect(told).toEqual(["busy", "over"]);
});

it("can be hurried: what waits is tried at once", async () => {
  const waits = [DEFAULT_RETRY.wait(300_000), DEFAULT_RETRY.wait(600_000)];
  hurry();
  await Promise.all(waits);
});
