import { expect, it } from "vitest";
import { DEFAULT_RETRY, withRetry } from "./with-retry.ts";

/** A policy whose waits are noted down and over at once. */
function quick(tries: number, random = 0.5) {
  const waits: number[] = [];
  const wait = async (ms: number) => {
    waits.push(ms);
  };
  return { waits, retry: { tries, wait, random: () => random } };
}

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
  expect(await withRetry(failing(failures), () => true, { retry })).toBe(result);
  expect(waited).toEqual(waits);
});

it.each([0, 0.999])("waits between half and all of the time, random %d", async (random) => {
  const { retry, waits } = quick(2, random);
  await withRetry(failing(1), () => true, { retry });
  expect(waits[0]).toBeCloseTo(500 + 500 * random);
});

it("gives up with the last error, and at once on one that will not pass", async () => {
  const { retry, waits } = quick(3);
  await expect(withRetry(failing(9), () => true, { retry })).rejects.toThrow("failure 3");
  await expect(withRetry(failing(9), () => false, { retry })).rejects.toThrow("failure 1");
  expect(waits).toHaveLength(2);
});

it("ends a wait with the signal's reason", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  const attempt = async () => {
    queueMicrotask(() => stop.abort(reason));
    throw new Error("busy");
  };
  await expect(withRetry(attempt, () => true, { signal: stop.signal, retry: DEFAULT_RETRY })).rejects.toBe(reason);
  await expect(DEFAULT_RETRY.wait(60_000, stop.signal)).rejects.toBe(reason);
});

it("really waits", async () => {
  const begin = performance.now();
  await DEFAULT_RETRY.wait(5);
  expect(performance.now() - begin).toBeGreaterThan(3);
});
